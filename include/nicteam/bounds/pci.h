// PCI 2.2, 32 bit: clocks of a tenure from FRAME# low to the earliest next FRAME# low; docs/bus.md, section 2.
#pragma once

#include <cstdint>

#include "nicteam/base/time.h"
#include "nicteam/bounds/fraction.h"

namespace nicteam::bounds {

struct target_timing {
    unsigned devsel = 2;          // clocks to DEVSEL#: 1 fast, 2 medium, 3 slow, 4 subtractive (PCI 2.2, 3.6.1)
    unsigned first_wait = 0;      // wait states before the first data phase
    unsigned next_wait = 0;       // and before each later one
};

// T = D + Wi + N + (N-1) Ws + 1 for N words, D the DEVSEL# clocks: one for the address phase less one that DEVSEL# hides, the
// idle clock last. Reads: D is at least 2, for the turnaround of AD (PCI 2.2, 3.3.1).
std::int64_t write_clocks(std::uint32_t words, const target_timing& = {});
std::int64_t read_clocks(std::uint32_t words, const target_timing& = {});

// A retry, FRAME# still low when STOP# comes (two words or more), or already high.
std::int64_t retry_clocks(const target_timing& = {}, bool single_word = false);
// Nobody claims the address: DEVSEL# is awaited for 5 clocks (PCI 2.2, 3.3.3.1).
std::int64_t master_abort_clocks(bool single_word);

// Data phases of `bytes` bytes from a byte address.
std::uint32_t words_of(std::uint64_t address, std::uint32_t bytes);

// The share of clocks that carry a word, and bytes per second, in tenures of N words back to back.
fraction efficiency(std::uint32_t words, const target_timing& = {}, bool write = true);
fraction throughput(ps period, std::uint32_t words, const target_timing& = {}, bool write = true);

// Bytes per second of tenures of any lengths, so many words and bytes together: T is linear in N, so the mean decides.
fraction mean_throughput(ps period, std::uint64_t words, std::uint64_t tenures, std::uint64_t bytes, const target_timing& = {});

// Clocks for which a master with GNT# gone keeps the bus at most: latency timer, the word under way, the idle clock.
std::int64_t longest_tenure(unsigned latency_timer, const target_timing& = {});

}  // namespace nicteam::bounds
