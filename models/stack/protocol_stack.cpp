#include "nicteam/stack/protocol_stack.h"

#include <stdexcept>

#include "stack/machinery.h"
#include "stack/reassembly.h"
#include "stack/receive_policy.h"
#include "stack/receive_security.h"
#include "stack/put_on_by_ring.h"
#include "stack/sent_back.h"
#include "stack/send_security.h"
#include "stack/sockets.h"
#include "stack/transport.h"

namespace nicteam::stack {
protocol_stack_100::machinery::machinery(protocol_stack_100& s, driver::protocol_user& u, const stack_config& c, driver::intermediary_102& i, host::memory& m)
    : stack(s), self(u), config(c), below(i), ram(m), pool(m, c.buffers, buffer_room), station(sim::bind_station(s)) {
    for (unsigned n = 0; n < stack_metric_count; ++n) counters[n] = &sim::bind_counter(s, stack_info.metrics.rows[n]);
    station.holding = [this](const sim::station::claim& c) { claim(c); };
    out.reserve(buffer_room);
    in.reserve(buffer_room);
    again = std::make_unique<reassembly>(*this);
    if (!config.address.empty()) add_interface(0, config.address);
    if (config.gateway.empty()) return;
    const auto g = packet::parse_ipv4(config.gateway);
    if (!g) throw std::invalid_argument(std::string(s.name()) + ": gateway \"" + config.gateway + "\" is no IPv4 address");
    gateway = *g;
}
protocol_stack_100::machinery::~machinery() = default;

service_user& protocol_stack_100::machinery::served(const void* what) {
    const auto it = services.find(what);
    service_user& user = *it->second;
    services.erase(it);
    return user;
}

send_security& protocol_stack_100::machinery::protecting() {
    if (!policies) policies = std::make_unique<send_security>(stack, *this);
    return *policies;
}

void protocol_stack_100::machinery::claim(const sim::station::claim& c) const {
    for (const auto& o : outlets) o.second->claim(c);
    for (const auto& s : raw) s->claim(c);
    again->claim(c);
    for (const buffer* b : leaving) c(b->packet.id);
    if (back) back->claim(c);
    if (rings) rings->claim(c);
    for (const buffer* b : unreachable) c(b->packet.id);
    for (const auto& n : neighbours)
        for (const buffer* b : n.second.waiting) c(b->packet.id);
}

protocol_stack_100::protocol_stack_100(sc_core::sc_module_name name, const stack_config& config, driver::intermediary_102& below, host::memory& ram)
    : sc_module(name), machinery_(new machinery(*this, *this, config, below, ram)) {}
protocol_stack_100::~protocol_stack_100() = default;

void protocol_stack_100::add_interface(unsigned adapter, const std::string& address) { machinery_->add_interface(adapter, address); }

socket& protocol_stack_100::open_udp(std::uint16_t port, unsigned adapter) {
    for (const auto& s : machinery_->udp)
        if (s->takes(port, adapter)) throw std::invalid_argument(std::string(name()) + ": UDP port " + std::to_string(port) + " is taken");
    machinery_->udp.push_back(std::make_unique<udp_socket>(*machinery_, port, adapter));
    return *machinery_->udp.back();
}

socket& protocol_stack_100::open_echo_client(std::uint16_t identifier) {
    machinery_->echo.push_back(std::make_unique<echo_socket>(*machinery_, identifier));
    return *machinery_->echo.back();
}

socket& protocol_stack_100::open_raw(driver::protocol p, unsigned adapter) {
    machinery_->raw.push_back(std::make_unique<raw_socket>(*machinery_, p, adapter));
    return *machinery_->raw.back();
}

streams& protocol_stack_100::open_streams(const tcp::endpoint_config& c, const chimney_config& chimney) {
    if (machinery_->tcp) throw std::logic_error(std::string(name()) + ": has streams already");
    machinery_->tcp = std::make_unique<transport>("tcp", c, chimney, *machinery_);
    return *machinery_->tcp;
}

void protocol_stack_100::take_off(const ipsec::association_parameters& p, ipsec::payload_kind payload) {
    machinery& m = *machinery_;
    if (!m.security) m.security = std::make_unique<receive_security>(*this, m);
    if (const std::string why = m.security->add(p, payload); !why.empty()) throw std::invalid_argument(why);
}

void protocol_stack_100::send_back(const ipsec::association_parameters& p, ipsec::payload_kind payload, unsigned adapter, state::handle name) {
    machinery& m = *machinery_;
    take_off(p, payload);
    if (!m.back) m.back = std::make_unique<sent_back>(*this, m);
    m.back->add(m.security->named(p.name), adapter, name);
}

void protocol_stack_100::protect(const ipsec::policy& p) {
    machinery_->protecting().add(p);
}

void protocol_stack_100::protect(const outbound_association& a) {
    if (a.ring && !machinery_->rings) machinery_->rings = std::make_unique<put_on_by_ring>(*this, *machinery_);
    if (const std::string why = machinery_->protecting().add(a); !why.empty()) throw std::invalid_argument(why);
}

void protocol_stack_100::protect(const ipsec::association_parameters& p, std::uint64_t iv_seed, ipsec::payload_kind payload) {
    if (const std::string why = machinery_->protecting().add(p, iv_seed, payload); !why.empty()) throw std::invalid_argument(why);
}

void protocol_stack_100::judge() {
    if (!machinery_->inbound) machinery_->inbound = std::make_unique<receive_policy>(*this, *machinery_);
}
void protocol_stack_100::judge(const ipsec::policy& p) {
    judge();
    machinery_->inbound->add(p);
}
void protocol_stack_100::judge(const inbound_association& a) {
    judge();
    machinery_->inbound->add(a);
}
const ipsec::audit_trail* protocol_stack_100::audited() const { return machinery_->inbound ? &machinery_->inbound->audited() : nullptr; }
void protocol_stack_100::watch(delivery_observer& o) { machinery_->watcher = &o; }

ipv4_address protocol_stack_100::address(unsigned interface) const { return machinery_->interfaces.at(interface).ip; }

void protocol_stack_100::add_neighbour(ipv4_address ip, const driver::mac_address& m, unsigned interface) {
    neighbour& n = machinery_->neighbours[{interface, ip}];
    n.mac = m;
    n.known = n.permanent = true;
}

void protocol_stack_100::add_neighbour_ipv6(ipv4_address ip, const driver::mac_address& m) { machinery_->known_ipv6[ip] = m; }

void protocol_stack_100::sent(host::cpu& c, unsigned adapter, const driver::packet_list& l, driver::status s) { machinery_->sent(c, adapter, l, s); }
void protocol_stack_100::received(host::cpu& c, unsigned adapter, const driver::packet_list& l) { machinery_->received(c, adapter, l); }
void protocol_stack_100::completed(host::cpu& c, unsigned, driver::control& r) { machinery_->served(&r).completed(c, r); }
void protocol_stack_100::finished(host::cpu& c, unsigned, driver::job& j) { machinery_->served(&j).finished(c, j); }

// Known before it is handed down: it may complete at once.
void protocol_stack_100::request(host::cpu& c, service_user& u, unsigned adapter, driver::control& r) {
    machinery_->services[&r] = &u;
    machinery_->below.request(c, *this, adapter, r);
}
void protocol_stack_100::submit(host::cpu& c, service_user& u, unsigned adapter, driver::job& j) {
    machinery_->services[&j] = &u;
    machinery_->below.submit(c, *this, adapter, j);
}
void protocol_stack_100::changed(host::cpu& c, unsigned adapter, const driver::link_state&) {
    if (const auto o = machinery_->outlets.find(adapter); o != machinery_->outlets.end()) o->second->flush(c);
}

}  // namespace nicteam::stack
