// Ethernet, full duplex: IEEE 802.3 clauses 3.1 (frame), 4.2.5 (preamble), 4.4.2 (inter-frame gap).
#pragma once

#include <cstdint>

#include "nicteam/base/time.h"
#include "nicteam/bounds/fraction.h"

namespace nicteam::bounds {

constexpr unsigned preamble_octets = 8;        // with the start-of-frame delimiter
constexpr unsigned gap_octets = 12;            // 96 bit times

// Frames per second: R / (8 (L + 20)), L from destination address to FCS; with another gap or preamble, of so many octets.
fraction frame_rate(std::int64_t bits_per_second, std::uint32_t octets, unsigned gap = gap_octets, unsigned preamble = preamble_octets);

// The same for frames of any lengths, so many octets and frames together.
fraction mean_frame_rate(std::int64_t bits_per_second, std::uint64_t octets, std::uint64_t frames);

// From the first preamble octet of a frame to that of the next, and from the first preamble octet to the end of the FCS.
ps frame_spacing(std::int64_t bits_per_second, std::uint32_t octets, unsigned gap = gap_octets, unsigned preamble = preamble_octets);
ps frame_time(std::int64_t bits_per_second, std::uint32_t octets, unsigned preamble = preamble_octets);

// Bits of frames (destination address … FCS) per second on a full wire.
fraction frame_throughput(std::int64_t bits_per_second, std::uint32_t octets);

}  // namespace nicteam::bounds
