// The clock that a bus gets: PCI 2.2, chapter 7.
#pragma once

#include <string>

#include "nicteam/pci/bus.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// Path of the first device of this bus that pulls M66EN low although a faster clock than 33 MHz is asked for; empty: none does,
// or M66EN does not count.
std::string m66en_pulled_low_by(const component& bus, const resolved&);

// Faster than any PCI bus: for devices of the identity `extended` only.
bool beyond_66_mhz(const component& bus, const resolved&);

// As configured, but 33 MHz when M66EN is low.
pci::bus_config clocked(const component& bus, const resolved&);

}  // namespace nicteam::scenario
