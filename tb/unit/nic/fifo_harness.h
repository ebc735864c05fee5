// Runs one configuration of the FIFO comparison through models/nic's own transmit and receive paths, without PCI, without
// SystemC, without the rest of the chip. The text is described in fifo_case.h.
#pragma once

#include <string>

#include "reference/nic/fifo_case.h"

namespace nicteam::test {

std::string run_transmit(const transmit_case&);      // tb/unit/nic/fifo_harness.cpp
std::string run_receive(const receive_case&);

}  // namespace nicteam::test
