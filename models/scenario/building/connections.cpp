// [[connections]]: TCP at both ends, who opens and who listens.
#include <fmt/format.h>

#include "nicteam/sim/within.h"
#include "nicteam/tcp/endpoint.h"
#include "scenario/building/software.h"
#include "scenario/relations/parts.h"

namespace nicteam::scenario {

void system::start_connections() {
    std::map<std::string, std::set<std::int64_t>> listening;      // ports of peers
    const auto run_tcp = [&](const component& end) {
        const auto config = end.configure<tcp::endpoint_config>(tcp::endpoint_info);
        if (const auto p = peers_.find(end.path); p != peers_.end()) {
            if (!p->second->connections()) p->second->run_tcp(config);
            return;
        }
        host_software& software = *software_.at(end.path);
        if (software.streams) return;
        const sim::within parent(*hosts_.at(end.path));
        software.streams = &software.stack->open_streams(config, end.configure<stack::chimney_config>(stack::chimney_info, "chimney"));
    };
    std::uint16_t group = 0;
    for (const component* c : r_.of_kind("connections")) {
        auto config = c->configure<tcp::connections_config>(tcp::connections_info);
        const component& from = *c->parent;
        const component* target = r_.find(config.to);
        const component& listener = host_of(target) ? *host_of(target) : *target;
        run_tcp(from);
        run_tcp(listener);
        packet::mac_address mac;
        packet::ipv4_address four;
        address_of(config.to, mac, four);
        const bool six = config.ip_version == tcp::ip_versions::six;
        if (six) introduce(config.from, config.to), introduce(config.to, config.from);
        const packet::ip_address to = six ? packet::ip_address(packet::documentation_address(four)) : packet::ip_address(four);
        ++group;
        if (const auto p = peers_.find(from.path); p != peers_.end()) {
            p->second->open_connections(c->name, config, group, to, mac);
        } else {
            host_software& software = *software_.at(from.path);
            const sim::within parent(*hosts_.at(from.path));
            software.applications.push_back(
                std::make_unique<stack::opening_application>(c->name.c_str(), config, group, hosts_.at(from.path)->cpu(), *software.streams, to));
        }
        const auto port = static_cast<std::uint16_t>(config.port);
        if (const auto p = peers_.find(listener.path); p != peers_.end()) {
            if (listening[listener.path].insert(port).second) p->second->listen(port);
            continue;
        }
        host_software& software = *software_.at(listener.path);
        if (!software.listening.insert(port).second) continue;
        const sim::within parent(*hosts_.at(listener.path));
        software.applications.push_back(
            std::make_unique<stack::listening_application>(fmt::format("listener_{}", port).c_str(), port, *software.streams));
    }
}

void system::watch_streams(tcp::stream_observer& o) {
    for (const auto& [path, p] : peers_) p->watch_streams(o);
    for (const auto& [path, software] : software_)
        for (const auto& application : software->applications) {
            if (auto* opens = dynamic_cast<stack::opening_application*>(application.get())) opens->watch(o);
            if (auto* listens = dynamic_cast<stack::listening_application*>(application.get())) listens->watch(o);
        }
}

}  // namespace nicteam::scenario
