// An association that the device of an adapter puts on what the stack sends.
#pragma once

#include "nicteam/ipsec/association.h"
#include "nicteam/state/handle.h"

namespace nicteam::stack {

struct outbound_association {
    ipsec::association_parameters parameters;
    state::handle handle;             // the name that the driver gave it
    unsigned adapter = 0;
};

}  // namespace nicteam::stack
