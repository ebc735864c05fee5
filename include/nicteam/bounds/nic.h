// The 82559-class controller on a PCI bus: clocks of bus time for a frame; what its FIFOs bridge.
// Intel 8255x Open Source Software Developer Manual 1.3, 4.2, 6.4; 82559ER datasheet 1.8, 4.2.1.
#pragma once

#include <cstdint>

#include "nicteam/base/time.h"
#include "nicteam/bounds/fraction.h"
#include "nicteam/bounds/pci.h"

namespace nicteam::bounds {

struct frame_cost_options {
    target_timing memory;              // the host bridge as target of the NIC's bursts
    unsigned burst_words = 0;          // longest data burst; 0: the whole frame in one
    unsigned first_words = 0;          // receive: words of the first burst when the threshold starts it early; 0: as burst_words
    unsigned command_words = 8;        // words of a transmit command block: extended 8, standard 4
    unsigned receive_words = 4;        // words of a receive frame descriptor
};

// Bus clocks for one frame of `bytes` bytes, FCS not counted.
// Transmit: CU resume (write to the NIC), re-reading the S bit, command block, data, status word.
// Receive: descriptor, data, count word, status word.
std::int64_t transmit_clocks(std::uint32_t bytes, const frame_cost_options& = {});
std::int64_t receive_clocks(std::uint32_t bytes, const frame_cost_options& = {});

// Frames per second that fit on the bus when each costs so many clocks.
fraction bus_frame_rate(ps period, std::int64_t clocks_per_frame);

// How long a FIFO of `bytes` bytes stands a silent other side at a link rate, e.g. 3072 B at 100 Mb/s: 245.76 us.
ps fifo_time(std::uint32_t bytes, std::int64_t bits_per_second);

// The longest bus gap that a transmit threshold of so many bytes in the FIFO bridges (0.64 us per unit of 8 bytes at 100 Mb/s).
inline ps tolerated_gap(std::uint32_t threshold_bytes, std::int64_t bits_per_second) { return fifo_time(threshold_bytes, bits_per_second); }

}  // namespace nicteam::bounds
