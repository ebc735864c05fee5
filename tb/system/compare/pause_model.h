// The full-duplex links of the comparison, out of the model's own cable, peer, and a NIC's MAC: transmitter, receiver and flow control.
#pragma once

#include <cstdint>
#include <string>

#include "reference/nic/pause_case.h"

namespace compare {

std::string run_pause(const nicteam::test::pause_case&);

nicteam::test::pause_case random_pause(std::uint64_t seed, unsigned index);
std::string text_of(const nicteam::test::pause_case&);

}  // namespace compare
