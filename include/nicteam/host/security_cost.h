// What IPsec costs a CPU.
#pragma once

#include "nicteam/host/cpu.h"
#include "nicteam/ipsec/protect.h"

namespace nicteam::host {

// The work of one association on one packet, put on or taken off, by its algorithms.
void charge(cpu&, const ipsec::association_parameters&, const ipsec::work&);

}  // namespace nicteam::host
