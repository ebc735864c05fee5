// The parts of the crypto block's transmit side, joined as the block joins them, around a case that says what octets would decide.
#pragma once

#include <string>
#include <utility>

#include "reference/offload/transmit_case.h"

namespace compare {

// The reference's lines, in any order within an instant: with what falls on one instant driven one way, and the other.
std::pair<std::string, std::string> run_transmit(const nicteam::test::transmit_case&);

}  // namespace compare
