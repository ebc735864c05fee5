// An association that a device puts on what the stack sends: the adapter that it leaves through, in line, or a ring.
#pragma once

#include <functional>
#include <optional>

#include "nicteam/ipsec/association.h"
#include "nicteam/state/handle.h"

namespace nicteam::stack {

// A ring that puts an association on: of the nic that sends it then, or of a crypto card, which gives it back.
struct by_ring {
    unsigned adapter = 0;             // whose ring
    state::handle handle;             // the name that its driver gave the association
    bool transmits = false;           // process-and-transmit; else process-and-return
};

struct outbound_association {
    ipsec::association_parameters parameters;
    state::handle handle;             // the name that the driver gave it
    unsigned adapter = 0;
    std::optional<by_ring> ring;      // none: in line
    // Whose numbers the CPU draws while the adapter says that it does not protect. None: its packets are dropped then.
    ipsec::association* numbers = nullptr;
    std::function<bool()> lives = {};      // whether its user has it: the CPU puts on no other. None: throughout
    const bool* put_on_now = nullptr;      // of an adapter that says that it protects: whether it can put this one on. None: then it can
};

}  // namespace nicteam::stack
