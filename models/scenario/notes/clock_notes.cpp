#include "scenario/notes/clock_notes.h"

#include <fmt/format.h>

#include "scenario/relations/bus_clock.h"

namespace nicteam::scenario {

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
