// Switches: who may be at their ports, which ports may be a group, which addresses may stand in their tables.
#include <map>
#include <set>

#include <fmt/format.h>

#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/link_duplex.h"
#include "scenario/relations/place_of.h"
#include "scenario/relations/switch_ports.h"

namespace nicteam::scenario {
namespace {

void check_ports(const component& s, const resolved& r, problems& found) {
    std::int64_t used = 0;
    for (const component* link : links_at(s, r)) {
        const char* key = link->text("a") == s.path ? "a" : "b";
        if (++used == s.integer("ports") + 1)
            found.add(place_of(*link, key), fmt::format("link.{} = \"{}\": all {} ports of it are taken (switch.ports)", key, s.path, s.integer("ports")));
        const component* other = other_end(s, *link, r);
        if (!other) continue;
        if (const std::string why = half_duplex_because(*link, *other); !why.empty())
            found.add(place_of(*link, key), fmt::format("link.{} = \"{}\": a switch is full duplex, and {}", key, s.path, why));
    }
}

void check_group(const component& g, const resolved& r, std::map<const component*, const component*>& grouped, problems& found) {
    const setting& ports = *g.find("ports");
    if (!g.parent || !ports.given() || ports.refused) return;
    const component& s = *g.parent;
    const auto refuse = [&](const std::string& why) { found.add(ports.at, fmt::format("port_group.ports of {}: {}", g.path, why)); };
    const auto links = links_at(s, r);
    const component* first = nullptr;
    if (ports.value.list.empty()) refuse("a group without ports; allowed: at least one");
    for (const std::string& name : ports.value.list) {
        if (!r.find(name)) continue;                // told
        std::string why;
        const auto port = port_called(name, s, r, why);
        if (!port) {
            refuse(why);
            continue;
        }
        const component* link = links[*port];
        const auto [it, fresh] = grouped.emplace(link, &g);
        if (!fresh) refuse(it->second == &g ? fmt::format("{} stands twice", link->path) : fmt::format("{} is in {} already", link->path, it->second->path));
        if (!first) first = link;
        if (link->integer("rate") != first->integer("rate"))
            refuse(fmt::format("{} has {}, and {} has {}; allowed: links of one rate (IEEE 802.1AX)", link->path, link->find("rate")->value.text, first->path,
                               first->find("rate")->value.text));
    }
}

void check_addresses(const component& s, const resolved& r, problems& found) {
    const setting& all = *s.find("static_addresses");
    std::set<std::uint64_t> stations;
    for (const std::string& text : all.value.list) {
        std::string why;
        const auto one = static_address_of(text, s, r, why);
        if (one && !stations.insert(one->address).second) why = fmt::format("the address of {} stands twice", quoted(text));
        if (!why.empty()) found.add(all.at, fmt::format("switch.static_addresses of {}: {}", s.path, why));
    }
    if (const setting& size = *s.find("table_size"); static_cast<std::int64_t>(stations.size()) > size.value.integer)
        found.add(place_of(s, "table_size"), fmt::format("switch.table_size = {}: switch.static_addresses are {}", size.value.integer, stations.size()));
}

}  // namespace

void check_switches(const resolved& r, problems& found) {
    for (const component* s : r.of_kind("switch")) {
        if (s->path.empty()) continue;
        check_ports(*s, r, found);
        check_addresses(*s, r, found);
        std::map<const component*, const component*> grouped;       // by link
        for (const component* g : groups_of(*s, r)) check_group(*g, r, grouped, found);
    }
}

}  // namespace nicteam::scenario
