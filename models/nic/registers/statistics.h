// The hardware counters that Dump Counters writes to memory: 32 bits, wrapping (SDM 6.3.2.2 and the 82559 additions).
#pragma once

#include <array>
#include <cstdint>

namespace nicteam::nic {

enum class statistic : std::uint8_t {       // value = dword in the dump
    tx_good = 0, tx_max_collisions, tx_late_collisions, tx_underruns, tx_lost_carrier, tx_deferred, tx_single_collision,
    tx_multiple_collisions, tx_total_collisions, rx_good, rx_crc, rx_alignment, rx_resource, rx_overrun, rx_collision_detect, rx_short,
    tx_pause, rx_pause, rx_unsupported_control, tco,
};

class statistics {
public:
    static constexpr unsigned counters = 20;
    static constexpr std::uint32_t dumped = 0xA005, dumped_and_reset = 0xA007;   // completion words

    void add(statistic s) { ++values_[static_cast<unsigned>(s)]; }
    std::uint32_t get(statistic s) const { return values_[static_cast<unsigned>(s)]; }
    void reset() { values_.fill(0); }

    // How many counters a dump holds: 16 (82557 form), 19 (82558) or 20 (82559 with TCO), by Configure byte 6 bits 5 and 2.
    static unsigned size(bool standard, bool tco) { return tco ? 20 : standard ? 16 : 19; }
    // Little endian counters and the completion word; returns the bytes written, at most 4 * (counters + 1).
    unsigned dump(std::uint8_t* to, unsigned size, std::uint32_t completion) const;

private:
    std::array<std::uint32_t, counters> values_{};
};

}  // namespace nicteam::nic
