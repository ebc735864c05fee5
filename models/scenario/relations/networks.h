// Which IPv4 network each station is in that was given no address.
#pragma once

#include <map>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// For each nic, peer and port a pattern with {} for the number of the station: "192.0.2.{}". Those on one link, or joined by
// repeaters and switches, are in one network; the nics of one host that are not are in different ones, so that what goes out to a network goes
// out by the nic that is in it. Networks for documentation (RFC 5737), then for benchmarks (RFC 2544).
std::map<const component*, std::string> networks_of(const resolved&);

}  // namespace nicteam::scenario
