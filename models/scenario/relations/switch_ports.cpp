#include "scenario/relations/switch_ports.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/packet/addresses.h"
#include "scenario/language/values.h"

namespace nicteam::scenario {

std::vector<const component*> links_at(const component& s, const resolved& r) {
    std::vector<const component*> all;
    for (const component* link : r.of_kind("link"))
        if (!s.path.empty() && (link->text("a") == s.path || link->text("b") == s.path)) all.push_back(link);
    return all;
}

std::optional<unsigned> port_called(const std::string& name, const component& s, const resolved& r, std::string& why) {
    const auto links = links_at(s, r);
    std::optional<unsigned> found;
    std::string those;
    for (unsigned p = 0; p < links.size(); ++p) {
        const component& link = *links[p];
        if (link.path == name) return p;
        if (link.text(link.text("a") == s.path ? "b" : "a") != name) continue;
        those += (those.empty() ? "" : ", ") + link.path;
        if (found) why = fmt::format("{} has several links to {}; allowed: one of {}", name, s.path, those);
        found = p;
    }
    if (!why.empty()) return std::nullopt;
    if (found) return found;
    std::string there;
    for (const component* link : links) there += (there.empty() ? "" : ", ") + link->path;
    why = fmt::format("{} is no link that ends at {}, and not at the other end of one; allowed: {}", quoted(name), s.path,
                      there.empty() ? "none, no link ends there" : there + ", or what is at their other ends");
    return std::nullopt;
}

std::optional<static_address> static_address_of(const std::string& text, const component& s, const resolved& r, std::string& why) {
    const std::size_t space = text.find(' ');
    const auto mac = packet::parse_mac(text.substr(0, space));
    if (space == std::string::npos || !mac || packet::is_group(*mac)) {
        why = fmt::format("{} is no address of a station and its port; allowed: as in \"02:00:00:00:00:05 lan0\"", quoted(text));
        return std::nullopt;
    }
    const auto port = port_called(text.substr(space + 1), s, r, why);
    if (!port) return std::nullopt;
    return static_address{wire::address_of(mac->data()), *port};
}

std::vector<const component*> groups_of(const component& s, const resolved& r) {
    std::vector<const component*> all;
    for (const component* g : r.of_kind("port_group"))
        if (g->parent == &s) all.push_back(g);
    return all;
}

const component* group_at(const component& s, const component& link, const resolved& r) {
    const auto links = links_at(s, r);
    for (const component* g : groups_of(s, r))
        for (const std::string& name : g->list("ports")) {
            std::string why;
            if (const auto p = port_called(name, s, r, why); p && links[*p] == &link) return g;
        }
    return nullptr;
}

wire::switch_config switch_config_of(const component& s, const resolved& r) {
    auto c = s.configure<wire::switch_config>(wire::switch_info);
    std::string why;
    for (const component* link : links_at(s, r)) c.names.push_back(link->name);
    c.ports = static_cast<std::int64_t>(c.names.size());            // those without a link do nothing
    for (const component* g : groups_of(s, r)) {
        auto group = g->configure<wire::port_group_config>(wire::port_group_info);
        group.name = g->name;
        for (const std::string& name : g->list("ports")) group.ports.push_back(*port_called(name, s, r, why));
        std::sort(group.ports.begin(), group.ports.end());
        c.groups.push_back(std::move(group));
    }
    for (const std::string& text : s.list("static_addresses")) {
        const static_address a = *static_address_of(text, s, r, why);
        c.fixed.emplace_back(a.address, a.port);
    }
    return c;
}

}  // namespace nicteam::scenario
