// What can be said of a link's duplex mode before the run: who is at its ends and what they negotiate.
#pragma once

#include <string>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// The link that a NIC is plugged into; nullptr: none.
const component* link_of(const component& nic, const resolved&);
// What is at its other end.
const component* other_end(const component& nic, const component& link, const resolved&);
// Why the link will be half duplex: "client is half duplex"; empty: it will not.
std::string half_duplex_because(const component& link, const component& other);

}  // namespace nicteam::scenario
