// The transmit side of the crypto block, clocked: every register steps at every edge. Standard library only.
#pragma once

#include <string>

#include "reference/offload/transmit_case.h"

namespace reference::offload {

// The events in order of time, one a line: "ps what packet".
std::string run(const nicteam::test::transmit_case&);

}  // namespace reference::offload
