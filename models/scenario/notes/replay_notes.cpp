#include "scenario/notes/replay_notes.h"

#include <fmt/format.h>

namespace nicteam::scenario {
namespace {

// Whatever the window: who replays a file wants to know what of it was never sent.
std::string refused(const component& c, sim::session& s) {
    std::string all;
    for (const sim::bound_metric& m : s.metrics())
        if (m.as_counter && m.as_counter->value() && m.path.compare(0, c.path.size() + 9, c.path + ".refused_") == 0)
            all += fmt::format("{}{} {}", all.empty() ? "" : ", ", m.as_counter->value(), m.info->name);
    return all;
}

}  // namespace

std::vector<std::string> replay_notes(const resolved& r, sim::session& s, const std::map<std::string, const peer::replay*>& replays) {
    std::vector<std::string> notes;
    for (const component* c : r.of_kind("replay")) {
        if (const std::string all = refused(*c, s); !all.empty())
            notes.push_back(fmt::format("{}: not all of {} was sent; since power-on: {}", c->path, c->text("file"), all));
        if (const std::string& times = replays.at(c->path)->note_on_times(); !times.empty())
            notes.push_back(fmt::format("{}: {}: {}", c->path, c->text("file"), times));
    }
    return notes;
}

}  // namespace nicteam::scenario
