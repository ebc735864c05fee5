#include "nicteam/nic/nic.h"

#include <stdexcept>

#include "nic/controller.h"
#include "nic/own_memory.h"
#include "nic/registers/configuration_header.h"
#include "nic/registers/identification.h"
#include "nicteam/rings/offload_registers.h"

namespace nicteam::nic {

struct nic::machinery {
    nic_config config;
    pci::device device;
    metrics count;
    // The agenda needs its user and the controller needs the agenda.
    struct relay : sim::agenda_user {
        controller* to = nullptr;
        void due(unsigned slot, ps at) override { to->due(slot, at); }
    } relay_;
    sim::agenda timers;
    std::unique_ptr<own_memory> memory;              // null: it has none
    controller core;

    machinery(nic& n, const nic_config& c, pci::bus& bus, pci::interrupt_sink* sink)
        : config(checked(c)), device("pci", bus, c.slot, header(c), sink), count(n), timers("timers", relay_, timers_),
          memory(c.memory ? std::make_unique<own_memory>(device, c.memory) : nullptr), core(chip{config, bus_side(), timers, count, sim::bind_station(n), capture(n, host_capture), capture(n, wire_capture),
                    probe(n, cu_state_probe), probe(n, ru_state_probe), probe(n, tx_fifo_level_probe), probe(n, rx_fifo_level_probe),
                    probe(n, tx_active_probe), probe(n, rx_active_probe), probe(n, link_probe), sim::session::current().shadow_of(device.bus_path()),
                    sim::session::current().doubt_of(device.bus_path()), sim::stream_of(n, "backoff")},
               eeprom_of(c)) {
        relay_.to = &core;
        if (memory) memory->attach(core);
        device.attach(memory ? static_cast<pci::function&>(*memory) : core);
        core.on_loaded([this](const eeprom_image& words) {
            device.registers().set(0x2C, 4, subsystem(words));
            device.registers().declare_rom(boots(words) ? rom_bytes : 0);
            device.registers().set(0x08, 1, revision_of(words, config));
        });
        device.set_wide(c.bus_width == 1);
        if (c.crypto.enable) core.carry(c.crypto);
        if (c.chimney.enable) core.carry_chimney();
        bind_mac_faults(n, core);
    }

    pci::services& bus_side() { return memory ? static_cast<pci::services&>(*memory) : device; }

    static pci::configuration_space header(const nic_config& c) {
        pci::configuration_space h = configuration_header(info_of(c.identity), identification_of(c), subsystem(eeprom_of(c)));
        h.declare_rom(boots(eeprom_of(c)) ? rom_bytes : 0);
        if (c.crypto.enable) h.declare_bar(crypto_rings::window, rings::window_octets, false);
        if (c.chimney.enable) h.declare_bar(chimney_unit::window, rings::offload_registers::window_octets, false);
        if (c.memory) h.declare_bar(own_memory::window, c.memory, false, true);
        if (runs_at_66_mhz(c)) h.declare(0x06, 2, h.read(0x06, 2) | 0x0020, 0, 0xF100);
        return h;
    }
    static const nic_config& checked(const nic_config& c) {
        const auto problems = check(c);
        if (!problems.empty()) throw std::invalid_argument(problems[0].message);
        return c;
    }
    static const sim::capture_point& capture(nic& n, capture_row r) { return sim::bind_capture(n, nic_info.captures.rows[r]); }
    static sim::probe& probe(nic& n, probe_row r) { return sim::bind_probe(n, nic_info.probes.rows[r]); }
};

nic::nic(sc_core::sc_module_name name, const nic_config& c, pci::bus& bus, pci::interrupt_sink* sink) : sc_module(name), machinery_(std::make_unique<machinery>(*this, c, bus, sink)) {}
nic::~nic() = default;

wire::wire_sink& nic::receiver() { return machinery_->core.link_in(); }
void nic::plug(wire::wire_source& s) {
    const auto problems = check(machinery_->config, s.bits_per_second());
    if (!problems.empty()) throw std::invalid_argument(std::string(name()) + ": " + problems[0].message);
    machinery_->core.plug(s);
}
const char* nic::end_point_name() const { return name(); }
// Nobody in the slot: nobody on the line.
wire::phy_setting nic::phy() const {
    wire::phy_setting s = machinery_->core.phy_setting();
    if (!machinery_->device.present()) s.how = wire::phy_setting::role::silent;
    return s;
}

// Nobody has read the EEPROM yet; a slot that is empty has no power either.
void nic::start_of_simulation() {
    machinery_->core.begin(machinery_->config.cold && machinery_->device.present());
}

const nic_config& nic::config() const { return machinery_->config; }
const std::optional<descriptor_stop>& nic::first_descriptor_stop() const { return machinery_->core.loops().first(); }
offload::receive_block* nic::crypto() { return machinery_->core.crypto(); }
rings::offload_unit* nic::chimney() { return machinery_->core.chimney(); }
rings::ring_unit* nic::crypto_unit() { return machinery_->core.crypto_unit(); }
offload::transmit_block* nic::crypto_out() { return machinery_->core.crypto_out(); }
pci::device& nic::pci_device() { return machinery_->device; }

std::uint64_t memory_of(const pci::device& d) {
    constexpr unsigned first_bar = 0x10;     // in configuration space: PCI 2.2, 6.1
    return d.configuration().read(first_bar + 4 * own_memory::window, 4) & ~0xFu;
}

}  // namespace nicteam::nic
