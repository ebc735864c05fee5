// Random configurations of the NIC's FIFOs for the comparison of model and clocked reference.
#pragma once

#include <cstdint>
#include <string>

#include "reference/nic/fifo_case.h"

namespace compare {

nicteam::test::transmit_case random_transmit(std::uint64_t seed, unsigned index);
nicteam::test::receive_case random_receive(std::uint64_t seed, unsigned index);

// As initialisers, for a failing case.
std::string text_of(const nicteam::test::transmit_case&);
std::string text_of(const nicteam::test::receive_case&);

}  // namespace compare
