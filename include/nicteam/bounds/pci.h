// PCI 2.2: clocks of a tenure from FRAME# low to the earliest next FRAME# low; docs/bus.md, section 2.
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

// What is more than the closed forms above: an address above 4 GiB takes a second address phase (PCI 2.2, 3.9), a tenure right
// behind another saves its idle clock (3.4.2).
struct tenure_form {
    bool dual_address = false;
    bool followed = false;        // the next one begins without an idle clock
};
std::int64_t write_clocks(std::uint32_t words, const target_timing&, tenure_form);
std::int64_t read_clocks(std::uint32_t words, const target_timing&, tenure_form);

// Data phases of `bytes` bytes from a byte address, on 4 bytes of AD or on 8 when REQ64# is answered by ACK64# (PCI 2.2, 3.8).
std::uint32_t words_of(std::uint64_t address, std::uint32_t bytes, unsigned width = 4);
// A master asks for 64 bit when that takes two data phases or more.
bool asks_for_64_bit(std::uint64_t address, std::uint32_t bytes);
// Of the bytes of a write at the master's disposal, those that go by memory write and invalidate: whole lines from a line
// boundary on (PCI 2.2, 3.1.1), else none.
std::uint32_t invalidated(std::uint64_t address, std::uint32_t bytes, std::uint32_t line);

// The share of clocks that carry a word, and bytes per second, in tenures of N words back to back.
fraction efficiency(std::uint32_t words, const target_timing& = {}, bool write = true);
fraction throughput(ps period, std::uint32_t words, const target_timing& = {}, bool write = true, unsigned width = 4);

// Bytes per second of tenures of any lengths, so many words and bytes together, `followed` of them without an idle
// clock behind: T is linear in N, so the mean decides.
fraction mean_throughput(ps period, std::uint64_t words, std::uint64_t tenures, std::uint64_t bytes, const target_timing& = {},
                         std::uint64_t followed = 0);

// Clocks for which a master with GNT# gone keeps the bus at most: latency timer, the word under way, the idle clock.
std::int64_t longest_tenure(unsigned latency_timer, const target_timing& = {});

}  // namespace nicteam::bounds
