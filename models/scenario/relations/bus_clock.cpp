#include "scenario/relations/bus_clock.h"

#include "nicteam/nic/nic.h"

namespace nicteam::scenario {

std::string m66en_pulled_low_by(const component& bus, const resolved& r) {
    const auto config = bus.configure<pci::bus_config>(pci::bus_info);
    if (config.period >= pci::least_period_33_mhz || config.m66en != 0) return {};
    for (const component* c : r.of_kind("nic"))
        if (c->parent && c->parent->path == bus.path && !nic::runs_at_66_mhz(c->configure<nic::nic_config>(nic::nic_info))) return c->path;
    // The PCI-to-PCI bridge is a 33 MHz part as well, on both its sides.
    for (const component* c : r.of_kind("pci_bridge"))
        if ((c->parent && c->parent->path == bus.path) || bus.text("behind") == c->path) return c->path;
    return {};
}

pci::bus_config clocked(const component& bus, const resolved& r) {
    auto config = bus.configure<pci::bus_config>(pci::bus_info);
    if (!m66en_pulled_low_by(bus, r).empty()) config.period = pci::least_period_33_mhz;
    return config;
}

bool beyond_66_mhz(const component& bus, const resolved& r) { return clocked(bus, r).period < pci::least_period_66_mhz; }

}  // namespace nicteam::scenario
