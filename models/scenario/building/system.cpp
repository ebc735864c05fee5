#include "scenario/building/system.h"

#include "scenario/relations/place_of.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/offload/receive_block.h"
#include "nicteam/offload/transmit_block.h"
#include "nicteam/rings/offload_unit.h"
#include "nicteam/sim/within.h"
#include "scenario/building/software.h"
#include "scenario/relations/bus_clock.h"
#include "scenario/relations/loads.h"
#include "scenario/relations/security.h"
#include "scenario/relations/switch_ports.h"

namespace nicteam::scenario {
namespace {

}  // namespace

template <class Build>
void system::each(std::string_view kind, Build build) {
    auto all = r_.of_kind(kind);
    if (reverse_) std::reverse(all.begin(), all.end());
    for (const component* c : all) {
        try {
            build(*c);
        } catch (const std::invalid_argument& e) {  // what only the room itself can tell
            throw build_error(c->at, fmt::format("{} {}: {}", kind, c->path, e.what()));
        }
    }
}

system::system(const resolved& r, bool reverse) : r_(r), reverse_(reverse) {
    build_hosts();
    build_stations();
    build_devices();
    build_links();
    install_security();
    load_software();
    load_security();
    load_services();
    load_echoes();
    load_pings();
    start_traffic();
    start_connections();
}

system::~system() = default;

void system::build_hosts() {
    each("host", [&](const component& c) {
        host::host_config h;
        h.cpus.clear();
        h.buses.clear();
        std::map<std::string, const component*> behind;          // bus: the bridge that it is behind
        for (const component& part : r_.components) {
            if (part.parent != &c) continue;
            if (std::string_view(part.kind->name) == "cpu") h.cpus.push_back({part.name, part.configure<host::cpu_config>(host::cpu_info)});
            if (std::string_view(part.kind->name) != "bus") continue;
            buses_[part.path].second = static_cast<unsigned>(h.buses.size());
            if (part.given("behind")) behind[part.path] = r_.find(part.text("behind"));
            h.buses.push_back(
                {part.name, clocked(part, r_), part.configure<host::bridge_config>(host::bridge_info)});
        }
        for (const auto& [path, bridge] : behind)
            h.buses[buses_[path].second].behind =
                host::host_config::pci_bridge_part{bridge->name, buses_.at(bridge->parent->path).second, static_cast<unsigned>(bridge->integer("slot")),
                                                   bridge->configure<pci::pci_bridge_config>(pci::pci_bridge_info)};
        h.memory = c.configure<host::memory_config>(host::memory_info);
        h.interrupts = c.configure<host::interrupt_config>(host::interrupt_info);
        h.firmware = c.configure<host::firmware_config>(host::firmware_info);
        h.firmware.cold = r_.top.text("start") == "cold";
        h.hot_plug = c.configure<host::hot_plug_config>(host::hot_plug_info);
        hosts_[c.path] = std::make_unique<host::host>(c.name.c_str(), h);
        for (const component& part : r_.components)
            if (part.parent == &c && std::string_view(part.kind->name) == "bus") {
                host::host& h = *hosts_[c.path];
                buses_[part.path].first = &h;
                const unsigned number = buses_[part.path].second;
                interrupts_[part.path] = std::make_unique<interrupt_tee>(h.interrupt_sink(number), h.interrupts(), h.bus_number(number));
            }
    });
}

void system::build_stations() {
    each("repeater", [&](const component& c) {
        repeaters_[c.path] = std::make_unique<wire::repeater>(c.name.c_str(), c.configure<wire::repeater_config>(wire::repeater_info));
    });
    each("switch", [&](const component& c) { switches_[c.path] = std::make_unique<wire::ethernet_switch>(c.name.c_str(), switch_config_of(c, r_)); });
    each("peer", [&](const component& c) {
        peers_[c.path] = std::make_unique<peer::peer>(c.name.c_str(), c.configure<peer::peer_config>(peer::peer_info));
    });
    each("port", [&](const component& c) {
        externals_[c.path] =
            std::make_unique<wire::external_port>(c.name.c_str(), c.configure<wire::external_port_config>(wire::external_port_info));
    });
}

void system::build_devices() {
    // Memory that background masters use is set aside in scenario order, before any of them is made.
    std::map<std::string, pci::background_master_config> loads;
    for (const component* c : r_.of_kind("background")) {
        auto config = c->configure<pci::background_master_config>(pci::background_master_info);
        host::host& h = *buses_.at(c->parent->path).first;
        if (!c->given("window_address")) config.window_address = h.ram().allocate(config.window_size, 4096);
        loads[c->path] = config;
    }
    const auto install = [&](const component& c, pci::device& d) {
        const auto [h, number] = buses_.at(c.parent->path);
        h->install(d, number, static_cast<unsigned>(c.integer("slot")));
        if (!c.integer("present")) d.leave_out();
    };
    each("nic", [&](const component& c) {
        auto config = c.configure<nic::nic_config>(nic::nic_info);
        config.slot = static_cast<int>(c.integer("slot"));
        config.cold = r_.top.text("start") == "cold";
        config.crypto = c.configure<offload::crypto_config>(offload::crypto_info, "crypto");
        config.chimney = c.configure<rings::offload_unit_config>(rings::offload_unit_info, "chimney");
        config.crypto.payload = payload_of(r_);
        const auto [h, number] = buses_.at(c.parent->path);
        const sim::within parent(h->bus(number));
        auto& made = nics_[c.path] =
            std::make_unique<nic::nic>(c.name.c_str(), config, h->bus(number), interrupts_.at(c.parent->path).get());
        install(c, made->pci_device());
    });
    each("background", [&](const component& c) {
        const auto [h, number] = buses_.at(c.parent->path);
        const sim::within parent(h->bus(number));
        auto& made = devices_[c.path] = std::make_unique<pci::background_master>(
            c.name.c_str(), loads.at(c.path), h->bus(number), static_cast<int>(c.integer("slot")), interrupts_.at(c.parent->path).get());
        install(c, *made);
    });
    each("crypto_card", [&](const component& c) {
        const auto [h, number] = buses_.at(c.parent->path);
        const sim::within parent(h->bus(number));
        auto& made = devices_[c.path] =
            std::make_unique<rings::crypto_card>(c.name.c_str(), c.configure<rings::crypto_card_config>(rings::crypto_card_info), h->bus(number),
                                                 static_cast<int>(c.integer("slot")), interrupts_.at(c.parent->path).get(), payload_of(r_));
        install(c, *made);
    });
    each("data_device", [&](const component& c) {
        const auto [h, number] = buses_.at(c.parent->path);
        const sim::within parent(h->bus(number));
        const auto config = device_load_of(c, r_);
        auto& made = devices_[c.path] =
            std::make_unique<secondary::data_device>(c.name.c_str(), secondary::places_of(config), secondary::room_of(config), h->bus(number),
                                                     static_cast<int>(c.integer("slot")), interrupts_.at(c.parent->path).get());
        install(c, *made);
    });
    each("copy_engine", [&](const component& c) {
        const auto [h, number] = buses_.at(c.parent->path);
        const sim::within parent(h->bus(number));
        auto& made = devices_[c.path] =
            std::make_unique<pci::copy_engine>(c.name.c_str(), c.configure<pci::copy_engine_config>(pci::copy_engine_info), h->bus(number),
                                               static_cast<int>(c.integer("slot")), interrupts_.at(c.parent->path).get());
        install(c, *made);
    });
}

wire::wire_end_point& system::end_point(const component& link, const char* key) {
    const std::string& path = link.text(key);
    if (const auto n = nics_.find(path); n != nics_.end()) return *n->second;
    if (const auto p = peers_.find(path); p != peers_.end()) return *p->second;
    if (const auto p = externals_.find(path); p != externals_.end()) return *p->second;
    const unsigned number = ports_.at(link.path + "." + key);
    if (const auto s = switches_.find(path); s != switches_.end()) return s->second->port(number);
    return repeaters_.at(path)->port(number);
}

void system::build_links() {
    std::map<std::string, unsigned> used;  // ports of repeaters and switches, in scenario order
    for (const component* c : r_.of_kind("link"))
        for (const char* key : {"a", "b"}) {
            const std::string& at = c->text(key);
            if (!repeaters_.count(at) && !switches_.count(at)) continue;
            const unsigned port = ports_[c->path + "." + key] = used[at]++;
            const auto ports = static_cast<unsigned>(r_.find(at)->integer("ports"));
            if (port >= ports)
                throw build_error(place_of(*c, key), fmt::format("link.{} = \"{}\": all {} ports of it are taken", key, at, ports));
        }
    each("link", [&](const component& c) {
        auto config = c.configure<wire::cable_config>(wire::cable_info);
        config.cold = r_.top.text("start") == "cold";
        cables_[c.path] = std::make_unique<wire::cable>(c.name.c_str(), config, end_point(c, "a"), end_point(c, "b"));
    });
}

pci::bus* system::bus(const std::string& path) const {
    const auto it = buses_.find(path);
    return it == buses_.end() ? nullptr : &it->second.first->bus(it->second.second);
}

std::vector<std::pair<std::string, pci::bus*>> system::buses() const {
    std::vector<std::pair<std::string, pci::bus*>> all;
    for (const component* c : r_.of_kind("bus")) all.emplace_back(c->path, bus(c->path));
    return all;
}

void system::draw_interrupts(const std::string& bus, check::pci_pins* pins) { interrupts_.at(bus)->draw(pins); }

wire::cable* system::cable(const std::string& path) const {
    const auto it = cables_.find(path);
    return it == cables_.end() ? nullptr : it->second.get();
}

const nic::nic* system::controller(const std::string& path) const {
    const auto it = nics_.find(path);
    return it == nics_.end() ? nullptr : it->second.get();
}

peer::peer* system::peer_at(const std::string& path) const {
    const auto it = peers_.find(path);
    return it == peers_.end() ? nullptr : it->second.get();
}

stack::protocol_stack_100* system::stack_of(const std::string& host) const {
    const auto it = software_.find(host);
    return it == software_.end() ? nullptr : it->second->stack.get();
}

offload::receive_block* system::crypto_of(const std::string& nic) const { return nics_.at(nic)->crypto(); }

void system::watch_work(const std::string& device, offload::work_observer& o) {
    if (const auto n = nics_.find(device); n != nics_.end()) {
        n->second->crypto()->watch(o);
        n->second->crypto_out()->watch(o);
        if (rings::ring_unit* unit = n->second->crypto_unit()) unit->watch(o);
        return;
    }
    dynamic_cast<rings::crypto_card&>(*devices_.at(device)).watch(o);
}

const offload::engine_health& system::engines_in(const std::string& device, offload::way w) const {
    if (const auto n = nics_.find(device); n != nics_.end()) return w == offload::way::in ? n->second->crypto()->health() : n->second->crypto_out()->health();
    return dynamic_cast<const rings::crypto_card&>(*devices_.at(device)).unit().own_health();
}

wire::external_port* system::port(const std::string& path) const { return externals_.at(path).get(); }

}  // namespace nicteam::scenario
