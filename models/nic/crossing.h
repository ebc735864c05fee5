// From one clock domain of the chip into another.
#pragma once

namespace nicteam::nic {

// What happens in one domain is seen in the other from that domain's so-manieth edge behind it on: a two-stage synchroniser (choice,
// docs/nic-fifos.md). Fixed, no key: docs/decisions/0027.
constexpr unsigned edges_to_cross = 2;

}  // namespace nicteam::nic
