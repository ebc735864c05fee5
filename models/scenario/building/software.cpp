#include "scenario/building/software.h"

#include "scenario/relations/place_of.h"

#include <fmt/format.h>

#include "nicteam/sim/within.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {

stack::socket& open(stack::protocol_stack_100& s, const component& who, std::uint16_t port, unsigned adapter) {
    try {
        return s.open_udp(port, adapter);
    } catch (const std::exception& e) {
        throw build_error(who.at, fmt::format("{}: {}: {}", who.kind->name, who.path, e.what()));
    }
}

void system::load_software() {
    for (const component* c : r_.of_kind("host")) {
        host::host& h = *hosts_.at(c->path);
        auto& software = software_[c->path] = std::make_unique<host_software>();
        const sim::within parent(h);
        software->intermediary = std::make_unique<driver::intermediary_102>("intermediary");
        std::vector<const component*> nics;
        for (const component* n : r_.of_kind("nic"))
            if (host_of(n) == c) nics.push_back(n);
        for (const component* n : nics) {
            const sim::within nic(*nics_.at(n->path));
            const unsigned number = buses_.at(n->parent->path).second;
            auto config = n->configure<driver::base_driver_config>(driver::base_driver_info);
            config.chimney = n->integer("chimney.enable") != 0;
            software->drivers.push_back(std::make_unique<driver::base_driver>("driver", config, h.place_of(number, static_cast<unsigned>(n->integer("slot")))));
            software->driver_of[n->path] = software->drivers.back().get();
            driver::adapter* top = software->drivers.back().get();
            for (const component* p : r_.of_kind("pass_through")) {
                if (p->parent != n) continue;
                software->pass_throughs.push_back(std::make_unique<driver::pass_through>(
                    p->name.c_str(), p->configure<driver::pass_through_config>(driver::pass_through_info), *top));
                top = software->pass_throughs.back().get();
            }
            software->tops[n->path] = top;
            const component* team = team_of(*n, r_);
            if (!team || team->text("layer") != "monolithic") software->adapters[n->path] = software->intermediary->attach(*top);
        }
        load_cards(*c);
        load_teams(*c);
        if (nics.empty()) continue;
        auto config = c->configure<stack::stack_config>(stack::stack_info);
        const auto interfaces = interfaces_of(*c, r_);
        const std::string own = config.address;
        config.address.clear();
        software->stack = std::make_unique<stack::protocol_stack_100>("stack", config, *software->intermediary, h.ram());
        for (const component* one : interfaces)
            software->stack->add_interface(software->adapters.at(one->path), one == interfaces.front() && !own.empty() ? own : one->text("address"));
        software->raw = std::make_unique<raw_sockets>(*software->stack);
    }
}

// Behind the nics: their numbers are those of interfaces.
void system::load_cards(const component& host) {
    host_software& software = *software_.at(host.path);
    for (const component* card : r_.of_kind("crypto_card")) {
        if (host_of(card) != &host) continue;
        const sim::within parent(*devices_.at(card->path));
        software.card_drivers.push_back(std::make_unique<driver::crypto_card_driver>(
            "driver", card->configure<driver::crypto_card_driver_config>(driver::crypto_card_driver_info, "driver"),
            hosts_.at(host.path)->place_of(buses_.at(card->parent->path).second, static_cast<unsigned>(card->integer("slot")))));
        software.card_driver_of[card->path] = software.card_drivers.back().get();
        software.cards[card->path] = software.intermediary->attach(*software.card_drivers.back());
    }
}

const driver::unit_associations* system::associations_in(const std::string& device) const {
    for (const auto& [host, software] : software_) {
        if (const auto nic = software->driver_of.find(device); nic != software->driver_of.end()) return nic->second->associations();
        if (const auto card = software->card_driver_of.find(device); card != software->card_driver_of.end()) return &card->second->associations();
    }
    return nullptr;
}

void system::load_echoes() {
    for (const component* c : r_.of_kind("echo")) {
        host_software& software = *software_.at(c->parent->path);
        if (!software.stack) throw build_error(c->at, fmt::format("echo: {}: the host has no nic to be reached at", c->path));
        stack::socket& socket = open(*software.stack, *c, static_cast<std::uint16_t>(c->integer("port")), driver::any_adapter);
        const sim::within parent(*hosts_.at(c->parent->path));
        software.applications.push_back(std::make_unique<stack::echo_application>(c->name.c_str(), socket));
    }
}

// Each has an ICMP identifier of its own, from 1 in scenario order.
void system::load_pings() {
    std::uint16_t identifier = 0;
    for (const component* c : r_.of_kind("ping")) {
        host_software& software = *software_.at(c->parent->path);
        if (!software.stack) throw build_error(c->at, fmt::format("ping: {}: the host has no nic to send from", c->path));
        const auto config = c->configure<stack::ping_application_config>(stack::ping_application_info);
        packet::mac_address mac;
        packet::ipv4_address ip;
        address_of(config.to, mac, ip);
        stack::socket& socket = software.stack->open_echo_client(++identifier);
        host::host& h = *hosts_.at(c->parent->path);
        const sim::within parent(h);
        software.applications.push_back(std::make_unique<stack::ping_application>(c->name.c_str(), config, h.cpu(), socket, ip));
    }
}

// The addresses of a peer or port, of a nic, or of a host's first nic.
void system::address_of(const std::string& path, packet::mac_address& mac, packet::ipv4_address& ip) const {
    const component* c = r_.find(path);
    if (std::string_view(c->kind->name) == "host") {
        const component* first = first_interface(*c, r_);
        if (!first) throw build_error(c->at, fmt::format("host: {} has no nic to be reached at", path));
        c = first;
    }
    const bool team = is_team(*c), nic = team || std::string_view(c->kind->name) == "nic";
    const std::string text = c->text(nic ? "address" : "ip");
    const auto m = packet::parse_mac(team ? members_of(*c, r_).front()->text("driver.mac") : c->text(nic ? "driver.mac" : "mac"));
    const auto a = packet::parse_ipv4(text.substr(0, text.find('/')));
    if (!m)
        throw build_error(c->at,
                          fmt::format("{}.mac = \"{}\": is no MAC address; allowed: six octets in hexadecimal, as in 02:00:00:00:00:01",
                                      c->kind->name, c->text("mac")));
    if (!a) throw build_error(c->at, fmt::format("{}.{} = \"{}\": is no IPv4 address", c->kind->name, nic ? "address" : "ip", text));
    mac = *m;
    ip = *a;
}

void system::start_traffic() {
    std::int64_t stream = 0;
    for (const component* c : r_.of_kind("traffic")) {
        ++stream;
        auto config = c->configure<packet::traffic_config>(packet::traffic_info);
        config.stream = stream;
        if (const auto wrong = packet::problems_of(config); !wrong.empty())
            throw build_error(c->at, fmt::format("traffic: {}: {}", c->path, wrong.front()));
        const component& from = *c->parent;
        if (const auto p = peers_.find(from.path); p != peers_.end()) {
            packet::mac_address mac;
            packet::ipv4_address ip;
            address_of(config.to, mac, ip);
            p->second->add_traffic(c->name, config, p->second->addresses_to(mac, ip, config));
        } else {
            start_host_traffic(*c, from, stream);
        }
        if (host_of(r_.find(config.to)) && !echo_for(*c, r_)) open_sink(*c);
        if (config.protocol == packet::traffic_protocol::udp_ipv6) introduce(config.from, config.to), introduce(config.to, config.from);
    }
    for (const component* c : r_.of_kind("replay")) {
        auto config = c->configure<peer::replay_config>(peer::replay_info);
        const setting& file = *c->find("file");
        try {
            replays_[c->path] = &peers_.at(c->parent->path)->add_replay(c->name, config);
        } catch (const std::exception& e) {
            throw build_error(file.at, fmt::format("replay.file = \"{}\": {}", file.written, e.what()));
        }
    }
}

// Over IPv6 nobody asks for neighbours: a host knows whom its traffic names, with all nics that a host may answer from.
void system::introduce(const std::string& host, const std::string& other) {
    const component* knows = host_of(r_.find(host));
    if (!knows) return;
    std::vector<std::string> ends;
    if (const component* end = r_.find(other); end && std::string_view(end->kind->name) == "host")
        for (const component* n : interfaces_of(*end, r_)) ends.push_back(n->path);
    if (ends.empty()) ends.push_back(other);
    for (const std::string& end : ends) {
        packet::mac_address mac;
        packet::ipv4_address ip;
        address_of(end, mac, ip);
        software_.at(knows->path)->stack->add_neighbour_ipv6(ip, mac);
    }
}

// An application on the host's first CPU, behind a socket of its own; from a nic: through that one.
void system::start_host_traffic(const component& traffic, const component& from, std::int64_t stream) {
    const component* machine = host_of(&from);
    host_software& software = *software_.at(machine->path);
    host::host& h = *hosts_.at(machine->path);
    const position at = traffic.find("from")->at;
    if (!software.stack) throw build_error(at, fmt::format("traffic.from = \"{}\": the host has no nic to send from", from.path));
    auto config = traffic.configure<packet::traffic_config>(packet::traffic_info);
    config.stream = stream;
    packet::traffic_addresses addresses;
    address_of(from.path, addresses.source_mac, addresses.source_ip);
    address_of(config.to, addresses.destination_mac, addresses.destination_ip);
    addresses.source_port = static_cast<std::uint16_t>(config.source_port);
    addresses.destination_port = static_cast<std::uint16_t>(config.destination_port);
    addresses.raw = config.protocol == packet::traffic_protocol::raw;
    addresses.six = config.protocol == packet::traffic_protocol::udp_ipv6;
    addresses.snap = config.framing == packet::traffic_framing::llc_snap;
    const auto it = software.adapters.find(from.path);
    const bool any = it == software.adapters.end();
    stack::socket& socket = addresses.raw ? software.raw->sender(any ? 0 : it->second)
                                          : open(*software.stack, traffic, addresses.source_port, any ? driver::any_adapter : it->second);
    const auto application = traffic.configure<stack::traffic_application_config>(stack::traffic_application_info);
    if (it == software.adapters.end()) {
        const sim::within parent(h);
        software.applications.push_back(
            std::make_unique<stack::traffic_application>(traffic.name.c_str(), application, h.cpu(), socket, config, addresses));
    } else {
        const sim::within parent(is_team(from) ? static_cast<sc_core::sc_module&>(*software.teams.at(from.path)) : *nics_.at(from.path));
        software.applications.push_back(
            std::make_unique<stack::traffic_application>(traffic.name.c_str(), application, h.cpu(), socket, config, addresses));
    }
}

// Whoever sends to a host finds somebody who takes it: one sink per port.
void system::open_sink(const component& traffic) {
    const component* target = host_of(r_.find(traffic.text("to")));
    host_software& software = *software_.at(target->path);
    if (!software.stack)
        throw build_error(traffic.find("to")->at, fmt::format("traffic.to = \"{}\": the host has no nic to be reached at", target->path));
    const bool raw = traffic.text("protocol") == "raw";
    const std::string name = raw ? "sink_raw" : fmt::format("sink_{}", traffic.integer("destination_port"));
    if (!software.sinks.insert(name).second) return;
    std::vector<unsigned> adapters;
    for (const component* one : interfaces_of(*target, r_)) adapters.push_back(software.adapters.at(one->path));
    stack::socket& socket =
        raw ? software.raw->receiver(adapters)
            : open(*software.stack, traffic, static_cast<std::uint16_t>(traffic.integer("destination_port")), driver::any_adapter);
    const sim::within parent(*hosts_.at(target->path));
    software.applications.push_back(std::make_unique<stack::sink_application>(name.c_str(), stack::sink_application_config{}, socket));
}

}  // namespace nicteam::scenario
