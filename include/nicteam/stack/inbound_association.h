// An association that the device of an adapter takes off what the stack receives.
#pragma once

#include <string>

#include "nicteam/state/handle.h"

namespace nicteam::stack {

struct inbound_association {
    std::string name;                 // as policies call it
    state::handle handle;             // the name that the driver gave it
    unsigned adapter = 0;
};

}  // namespace nicteam::stack
