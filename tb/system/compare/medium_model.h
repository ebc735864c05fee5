// The half-duplex networks of the comparison, out of the model's own cables, repeater, peers and transmit paths.
#pragma once

#include <cstdint>
#include <string>

#include "reference/nic/medium_case.h"

namespace compare {

// no_backoff: every draw of a transmit path is 0, else as a peer draws. Stations are named end0, end1 ...
std::string run_medium(const nicteam::test::medium_case&, std::uint64_t seed, bool no_backoff);
// The same draws for the reference.
nicteam::test::backoff_draw draws(std::size_t stations, std::uint64_t seed, bool no_backoff);

nicteam::test::medium_case random_medium(std::uint64_t seed, unsigned index, bool& no_backoff);
std::string text_of(const nicteam::test::medium_case&);

}  // namespace compare
