// What repeaters and switches send on must not come back to them.
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "scenario/reading/steps.h"
#include "scenario/relations/switch_ports.h"

namespace nicteam::scenario {
namespace {

bool is(const component* c, std::string_view kind) { return c && c->kind->name == kind; }

// Both static, or both with LACP, which one of them begins.
bool agree(const component& a, const component& b) {
    const std::string &one = a.text("lacp"), &other = b.text("lacp");
    if (one == "off" || other == "off") return one == other;
    return one == "active" || other == "active";
}

}  // namespace

// Links between two switches that are one group at both of them are one way.
void check_loops(const resolved& r, problems& found) {
    std::map<const component*, const component*> joined;         // each to one that it is connected with; the last to itself
    std::set<std::pair<const component*, const component*>> teams;
    const auto last = [&](const component* c) {
        while (joined.count(c)) c = joined[c];
        return c;
    };
    for (const component* link : r.of_kind("link")) {
        const component *a = r.find(link->text("a")), *b = r.find(link->text("b"));
        const auto passes_on = [](const component* c) { return is(c, "repeater") || is(c, "switch"); };
        if (!passes_on(a) || !passes_on(b) || a == b) continue;
        const component *one = last(a), *other = last(b);
        const component *group_a = is(a, "switch") ? group_at(*a, *link, r) : nullptr, *group_b = is(b, "switch") ? group_at(*b, *link, r) : nullptr;
        const bool team = group_a && group_b && agree(*group_a, *group_b) && !teams.insert(std::minmax(group_a, group_b)).second;
        if (one != other) {
            joined[one] = other;
            continue;
        }
        if (team) continue;
        const bool repeats = is(a, "repeater") || is(b, "repeater");
        found.add(link->at, fmt::format("link: {} closes a loop, {} and {} are connected already: what a {} receives it sends on, and a frame would go "
                                        "round for ever{}",
                                        link->path, a->path, b->path, repeats ? "repeater" : "switch",
                                        repeats ? "" : "; allowed: links that are one [[port_group]] at both switches, static or by LACP, one of them active"));
    }
}

}  // namespace nicteam::scenario
