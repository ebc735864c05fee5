#include "scenario/notes/end_notes.h"

#include <fmt/format.h>

#include "nicteam/sim/session.h"

namespace nicteam::scenario {

std::vector<std::string> end_notes(const resolved& r) {
    std::vector<std::string> notes;
    if (!r.top.given("until")) return notes;
    const std::string& until = r.top.text("until");
    if (r.end() < r.top.integer("duration") && sim::now() == r.end() && r.of_kind("expect").empty())
        notes.push_back(fmt::format("the run ended by `until`, at {} of {}", until, r.top.text("duration")));
    const auto note = [&](const std::string& what, std::int64_t at) {
        if (at >= r.end()) notes.push_back(fmt::format("{} at {}: the run ends before, at {}", what, format_quantity(quantity::time, at), until));
    };
    note("warm_up ends, all is measured,", r.top.integer("warm_up"));
    for (const component& c : r.components)
        for (const char* key : {"start", "from"})
            if (const setting* s = c.find(key); s && (s->given() || s->from == origin::made))
                note(fmt::format("{} {} begins", c.kind->name, c.path), s->value.integer);
    return notes;
}

}  // namespace nicteam::scenario
