// [[job_server]] and [[remote_load]]: jobs for a pool from other hosts.
#include <map>

#include "nicteam/sim/within.h"
#include "nicteam/stack/remote_jobs.h"
#include "scenario/building/software.h"
#include "scenario/relations/loads.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/security.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {

// Servers first: a load opens its session there.
void system::load_job_servers(const std::map<std::string, secondary::crypto_service*>& services) {
    std::map<std::string, stack::job_server*> servers;
    for (const component* c : r_.of_kind("job_server")) {
        const component& host = *host_of(c);
        host_software& software = *software_.at(host.path);
        host::host& h = *hosts_.at(host.path);
        const auto config = c->configure<stack::job_server_config>(stack::job_server_info);
        secondary::crypto_service& service = *services.at(c->parent->path);
        stack::socket& socket = open(*software.stack, *c, static_cast<std::uint16_t>(config.port), driver::any_adapter);
        const sim::within parent(is_team(*c->parent) ? static_cast<sc_core::sc_module&>(*software.teams.at(c->parent->path)) : service);
        auto made = std::make_unique<stack::job_server>(c->name.c_str(), config, service, h.cpu(), h.ram(), socket);
        servers[c->path] = made.get();
        software.applications.push_back(std::move(made));
    }
    for (const load& l : loads_of(r_)) {
        if (std::string_view(l.of->kind->name) != "remote_load") continue;
        const component& server = *server_of(*l.of, r_);
        host_software& software = *software_.at(l.of->parent->path);
        host::host &h = *hosts_.at(l.of->parent->path), &there = *hosts_.at(host_of(&server)->path);
        const auto config = l.of->configure<stack::remote_requests_config>(stack::remote_requests_info);
        packet::mac_address mac;
        packet::ipv4_address ip;
        address_of(host_of(&server)->path, mac, ip);
        stack::socket& socket = open(*software.stack, *l.of, static_cast<std::uint16_t>(config.port), driver::any_adapter);
        const stack::destination to{ip, static_cast<std::uint16_t>(server.integer("port"))};
        const sim::within parent(h);
        const auto way = [&](const secondary::job_way::setup& s) {
            return stack::make_remote_way(s, config, h.cpu(), socket, to, servers.at(server.path)->add_session(s.work, s.session));
        };
        software.crypto_loads.push_back(std::make_unique<secondary::crypto_load>(l.of->name.c_str(), l.config, payload_of(r_), l.number,
                                                                                 *services.at(server.parent->path), h.cpu(), there.ram(), way));
    }
}

}  // namespace nicteam::scenario
