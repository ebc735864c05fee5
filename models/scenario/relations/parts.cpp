#include "scenario/relations/parts.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "nicteam/driver/chimney_driver.h"
#include "nicteam/driver/ring_driver.h"
#include "nicteam/host/bridge.h"
#include "nicteam/offload/crypto_config.h"
#include "nicteam/packet/traffic.h"
#include "nicteam/peer/protection.h"
#include "nicteam/rings/offload_unit.h"
#include "nicteam/rings/ring_unit.h"
#include "nicteam/secondary/crypto_load.h"
#include "nicteam/stack/chimney_config.h"
#include "nicteam/stack/applications.h"
#include "nicteam/stack/protocol_stack.h"
#include "nicteam/tcp/connections.h"
#include "nicteam/tcp/endpoint.h"
#include "nicteam/team/augmentation_layer_250.h"
#include "scenario/relations/security.h"
#include "scenario/relations/switch_ports.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

bool is(const component& c, std::string_view kind) { return c.kind->name == kind; }

bool has_nic(const component& host, const resolved& r) {
    for (const component* nic : r.of_kind("nic"))
        if (host_of(nic) == &host) return true;
    return false;
}

// "tcp.chimney_*": one for each interface of a host whose nic runs connections for it, by its number.
std::vector<std::string> chimneys_of(const component& host, const resolved& r) {
    std::vector<std::string> names;
    const auto interfaces = interfaces_of(host, r);
    for (std::size_t n = 0; n < interfaces.size(); ++n)
        if (is(*interfaces[n], "nic") && interfaces[n]->integer("chimney.enable")) names.push_back(fmt::format("tcp.chimney_{}", n));
    return names;
}

// The host or peer at which they end.
const component* listener_of(const component& connections, const resolved& r) {
    const component* to = r.find(connections.text("to"));
    const component* host = host_of(to);
    return host ? host : to;
}

// Opens some, or listens.
bool has_connections(const component& c, const resolved& r) {
    const std::vector<const component*>& all = r.of_kind("connections");
    return std::any_of(all.begin(), all.end(), [&](const component* t) { return t->parent == &c || listener_of(*t, r) == &c; });
}

// A host without a nic has no stack; a bus has one bridge; traffic is a peer's or an application's.
bool is_built(const component& c, const section& s, const resolved& r) {
    if (s.info == &stack::stack_info) return has_nic(c, r);
    if (s.info == &stack::stack_security_info) {
        for (const component* sa : r.of_kind("sa"))
            if (left_to_host(*sa, r) && host_of(receiver_of(*sa, r)) == &c) return true;
        return false;
    }
    if (s.info == &stack::stack_sent_back_info) {
        for (const component* sa : r.of_kind("sa"))
            if (const component* at = receiver_of(*sa, r);
                at && host_of(at) == &c && (sa->given("sent_back_to") || (is_team(*at) && left_to_host(*sa, r)))) return true;
        return false;
    }
    if (s.info == &stack::stack_rings_info) {
        for (const component* sa : r.of_kind("sa"))
            if (sa->given("put_on_by") && sa->text("from") == c.path) return has_policies(c, r);
        return false;
    }
    if ((s.info == &rings::ring_unit_info || s.info == &driver::ring_driver_info) && is(c, "nic")) return c.integer("crypto.enable");
    if (s.info == &rings::offload_unit_info || s.info == &driver::chimney_driver_info) return c.integer("chimney.enable");
    if (s.info == &stack::stack_protection_info) return has_policies(c, r);
    if (s.info == &stack::stack_judgement_info) return has_nic(c, r) && judges(c, r);
    if (s.info == &host::bridge_info) return !c.given("behind");          // a PCI-to-PCI bridge has it instead
    if (s.info == &offload::engine_use_info) return is(c, "crypto_card") || c.integer("crypto.enable");
    for (const block_info* of_block : {&offload::crypto_info, &offload::crypto_step_info, &offload::crypto_drop_info, &offload::crypto_transmit_info})
        if (s.info == of_block) return c.integer("crypto.enable");
    if (s.info == &peer::protection_info) return protects(c, r);
    if (s.info == &stack::chimney_info) return has_connections(c, r) && has_nic(c, r);
    if (s.info == &stack::chimney_over_info) return has_connections(c, r) && has_nic(c, r) && c.text("chimney.when") != "never";
    if (s.info == &tcp::endpoint_info) return has_connections(c, r) && (!is(c, "host") || has_nic(c, r));
    const bool from_peer = c.parent && is(*c.parent, "peer");
    if (s.info == &packet::traffic_info) return from_peer;
    if (s.info == &stack::traffic_application_info) return !from_peer;
    return true;
}

std::vector<std::string> numbered(const char* name, std::size_t count) {
    std::vector<std::string> names;
    for (std::size_t n = 0; n < count; ++n) names.push_back(fmt::format("{}{}", name, n));
    return names;
}

unsigned uses_software(const component& c, const std::string& section) { return c.text(section + "software") == "never" ? 0 : 1; }

// "engine_*": one for each engine, and at last software.
std::vector<std::string> engines_of(const component& service) {
    return numbered("engine_", service.list("devices").size() + uses_software(service, ""));
}

// "listener_*": one for each port that connections go to.
std::vector<std::string> listeners_of(const component& c, const resolved& r) {
    std::set<std::string> names;
    for (const component* t : r.of_kind("connections"))
        if (listener_of(*t, r) == &c) names.insert(fmt::format("listener_{}", t->integer("port")));
    return {names.begin(), names.end()};
}

// "sink_*": one for each port that traffic goes to; "port_*": one for each link of a switch.
std::vector<std::string> names_of(const component& c, const section& s, const resolved& r) {
    if (s.info == &secondary::service_engine_info)
        return is_team(c) ? numbered("sharing.engine_", units_of(c, r).size() + uses_software(c, "sharing.")) : engines_of(c);
    if (s.info == &wire::switch_port_info) {
        std::vector<std::string> ports;
        for (const component* link : links_at(c, r)) ports.push_back("port_" + link->name);
        return ports;
    }
    if (s.info == &team::team_member_info) {
        std::vector<std::string> all;
        for (std::size_t k = 0; k < members_of(c, r).size(); ++k) all.push_back(fmt::format("member{}", k));
        return all;
    }
    if (s.info == &tcp::listener_info) return listeners_of(c, r);
    if (s.info == &stack::chimney_over_info) return chimneys_of(c, r);
    if (s.info != &stack::sink_application_info) return {s.name};
    std::set<std::string> names;
    for (const component* t : r.of_kind("traffic")) {
        const component* to = r.find(t->text("to"));
        if (!to || host_of(to) != &c || echo_for(*t, r)) continue;
        names.insert(t->text("protocol") == "raw" ? "sink_raw" : fmt::format("sink_{}", t->integer("destination_port")));
    }
    return {names.begin(), names.end()};
}

}  // namespace

const component* host_of(const component* c) {
    while (c && !is(*c, "host")) c = c->parent;
    return c;
}

const component* echo_for(const component& traffic, const resolved& r) {
    if (traffic.text("protocol") == "raw") return nullptr;
    const component* host = host_of(r.find(traffic.text("to")));
    for (const component* e : r.of_kind("echo"))
        if (host && e->parent == host && e->integer("port") == traffic.integer("destination_port")) return e;
    return nullptr;
}

std::vector<part> parts_of(const resolved& r) {
    std::vector<part> all;
    for (const component& c : r.components) {
        if (c.path.empty()) continue;
        for (const section& s : c.kind->sections)
            if (is_built(c, s, r)) all.push_back({&c, *s.name ? c.path + "." + s.name : c.path, s.info});
        for (const section& s : c.kind->inside)
            for (const std::string& name : is_built(c, s, r) ? names_of(c, s, r) : std::vector<std::string>{}) all.push_back({&c, c.path + "." + name, s.info});
    }
    return all;
}

std::vector<std::string> places_among(const std::vector<part>& parts) {
    std::vector<std::string> all;
    for (const part& p : parts)
        if (p.on->kind->form == shape::named) all.push_back(p.path);
    return all;
}

// A team's table names as many members as there can be.
static bool can_be(const part& p, std::string_view state) {
    constexpr std::string_view member = "member";
    if (p.block != &team::team_info || state.substr(0, member.size()) != member) return true;
    return static_cast<std::size_t>(state[member.size()] - '0') < p.on->list("members").size();
}

std::vector<event_place> events_at(const std::vector<part>& parts) {
    std::vector<event_place> all;
    for (const part& p : parts) {
        for (const stage_info& s : p.block->stages) all.push_back({p.path + "." + s.name, s.meaning});
        for (const outcome_info& o : p.block->outcomes) all.push_back({p.path + "." + o.name, o.meaning});
        for (const probe_info& probe : p.block->probes) {
            if (probe.bits == 1) all.push_back({p.path + "." + probe.name, probe.meaning});
            if (probe.bits == 0)
                for (const char* const* s = probe.states; s && *s; ++s)
                    if (can_be(p, *s)) all.push_back({fmt::format("{}.{}.{}", p.path, probe.name, *s), probe.meaning});
        }
    }
    return all;
}

}  // namespace nicteam::scenario
