// Shared media: what the model has none of is refused, what real networks get wrong is noted.
#include "scenario/half_duplex.h"

#include <map>

#include <fmt/format.h>

#include "scenario/steps.h"
#include "scenario/values.h"

namespace nicteam::scenario {
namespace {

bool is_repeater(const component* c) { return c && std::string_view(c->kind->name) == "repeater"; }

}  // namespace

// A repeater passes everything on: on a way that leads back to it a frame would go round for ever.
void check_half_duplex(const resolved& r, problems& found) {
    std::map<const component*, const component*> joined;         // repeaters, each to one that it is connected with; the last to itself
    const auto last = [&](const component* c) {
        while (joined.count(c)) c = joined[c];
        return c;
    };
    for (const component* link : r.of_kind("link")) {
        const component *a = r.find(link->text("a")), *b = r.find(link->text("b"));
        if (!is_repeater(a) || !is_repeater(b) || a == b) continue;
        const component *one = last(a), *other = last(b);
        if (one == other)
            found.add(link->at, fmt::format("link: {} closes a loop, {} and {} are connected already: what a repeater receives it sends "
                                            "on, and a frame would go round for ever",
                                            link->path, a->path, b->path));
        else
            joined[one] = other;
    }
}

std::vector<std::string> half_duplex_notes(const resolved& r, const std::function<const wire::cable*(const std::string& link)>& cable) {
    std::vector<std::string> notes;
    for (const component* link : r.of_kind("link"))
        if (const wire::cable* c = cable(link->path); c && c->mismatched())
            notes.push_back(
                fmt::format("{}: one end is half duplex and the other full: late collisions at the one and damaged frames at the other are "
                            "what comes of it",
                            link->path));
    return notes;
}

}  // namespace nicteam::scenario
