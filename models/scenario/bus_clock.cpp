#include "scenario/bus_clock.h"

#include <fmt/format.h>

#include "nicteam/nic/nic.h"
#include "scenario/steps.h"
#include "scenario/values.h"

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

void check_bus_clock(const resolved& r, problems& found) {
    for (const component* bus : r.of_kind("bus")) {
        if (bus->path.empty() || !beyond_66_mhz(*bus, r)) continue;
        for (const component* c : r.of_kind("nic"))
            if (c->parent == bus && !nic::runs_at_66_mhz(c->configure<nic::nic_config>(nic::nic_info))) {
                const setting& period = *bus->find("period");
                found.add(
                    period.at,
                    fmt::format(
                        "bus.period = {}: PCI ends at 66 MHz, 15 ns, and {} is a device of its time; identity = \"extended\" is free to",
                        quoted(period.written), c->path));
                break;
            }
    }
}

std::vector<std::string> clock_notes(const resolved& r) {
    std::vector<std::string> notes;
    for (const component* b : r.of_kind("bus"))
        if (const std::string by = m66en_pulled_low_by(*b, r); !by.empty())
            notes.push_back(fmt::format("{}: runs at 33 MHz: {} is no 66 MHz device and pulls M66EN low", b->path, by));
        else if (beyond_66_mhz(*b, r))
            notes.push_back(fmt::format("{}: runs at {}, beyond the 66 MHz of PCI", b->path, b->find("period")->written));
    return notes;
}

}  // namespace nicteam::scenario
