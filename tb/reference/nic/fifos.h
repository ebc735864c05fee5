// The NIC's FIFOs and MAC, clocked: a process on every PCI edge and one on every octet edge. docs/nic-fifos.md.
// Configurations and the text that comes out are described in reference/nic/fifo_case.h (plain data, standard library only).
#pragma once

#include <string>

#include "reference/nic/fifo_case.h"

namespace reference::nic {

std::string run_transmit(const nicteam::test::transmit_case&);
std::string run_receive(const nicteam::test::receive_case&);

}  // namespace reference::nic
