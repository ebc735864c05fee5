// 66 MHz and no more.
#include <fmt/format.h>

#include "nicteam/nic/nic.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/bus_clock.h"

namespace nicteam::scenario {

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

}  // namespace nicteam::scenario
