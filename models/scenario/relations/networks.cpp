#include "scenario/relations/networks.h"

#include <set>

#include <fmt/format.h>

#include "scenario/relations/parts.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

std::string network(unsigned n) {
    static constexpr const char* documentation[] = {"192.0.2.{}", "198.51.100.{}", "203.0.113.{}"};
    return n < 3 ? documentation[n] : fmt::format("198.{}.{}.{{}}", 18 + (n - 3) / 256 % 2, (n - 3) % 256);
}

}  // namespace

std::map<const component*, std::string> networks_of(const resolved& r) {
    // Each station begins as a segment of its own; a link joins two.
    std::map<std::string, const component*> segment;  // path: who stands for its segment
    std::vector<const component*> stations;           // in scenario order
    for (const component& c : r.components)
        for (const std::string_view kind : {"nic", "peer", "port", "repeater", "switch"})
            if (c.kind->name == kind) {
                segment[c.path] = &c;
                if (kind != "repeater" && kind != "switch") stations.push_back(&c);
            }
    for (const component* link : r.of_kind("link")) {
        const auto a = segment.find(link->text("a")), b = segment.find(link->text("b"));
        if (a == segment.end() || b == segment.end()) continue;
        const component *keep = a->second, *drop = b->second;
        for (auto& [path, who] : segment)
            if (who == drop) who = keep;
    }
    std::map<const component*, unsigned> number;          // of the network of a segment
    std::map<const component*, std::set<unsigned>> used;  // by host
    for (const component* c : stations) {
        const component *host = host_of(c), *s = segment[c->path];
        const auto [it, fresh] = number.emplace(s, 0);
        const component* team = host ? team_of(*c, r) : nullptr;
        if (fresh && host && !(team && members_of(*team, r).front() != c))
            while (used[host].count(it->second)) ++it->second;
        if (host) used[host].insert(it->second);
    }
    std::map<const component*, std::string> all;
    for (const component* c : stations) all[c] = network(number[segment[c->path]]);
    for (const component* team : r.of_kind("team")) {       // that of its first member
        const auto members = members_of(*team, r);
        all[team] = members.empty() ? network(0) : all[members.front()];
    }
    return all;
}

}  // namespace nicteam::scenario
