// What the Configure command sets: up to 32 bytes, each field declared on one line in configure_bytes.cpp (SDM 6.4.2.3).
#pragma once

#include <array>
#include <cstdint>

#include "nicteam/base/tables.h"

namespace nicteam::nic {

enum class field : std::uint8_t {
    byte_count, rx_fifo_limit, tx_fifo_limit, adaptive_ifs, mwi_enable, type_enable, read_align, terminate_on_line, rx_dma_limit,
    tx_dma_limit, dma_limits_on,
    late_scb, direct_dma_disable, tno_interrupt, tco_statistics, ci_interrupt, standard_tcb, standard_statistics, pass_overruns, save_bad_frames,
    discard_short, underrun_retry, extended_rfd, two_frames, dynamic_tbd, mac_enable, csma_disable,
    checksum_word, vlan_filter, link_wake, packet_wake, source_from_memory, preamble_length, loopback, external_loopback,
    linear_priority, linear_priority_mode, gap,
    promiscuous, broadcast_disable, wait_after_win, ignore_universal_local, crc16, crs_or_cdt, flow_delay_low, flow_delay_high,
    stripping, padding, crc_to_memory, long_receive, priority_flow_control,
    address_wake, magic_disable, flow_ignore, flow_restop, flow_restart, flow_reject, force_full_duplex, full_duplex_pin,
    priority_location, multiple_addresses, multicast_all, receive_parser, vlan_stripping,
    count_,
};

// A set of controllers, by generation (identities.h).
struct controllers {
    std::uint8_t set;
    constexpr bool has(unsigned generation) const { return set >> generation & 1; }
};

struct field_info {
    const char* name;
    std::uint8_t byte, low, bits;
    controllers on;             // that have it; the others only know what a reset leaves
    std::int16_t only;          // the one value that is honoured; -1: all values are
    const char* meaning;
};
const field_info& info_of(field);

class configuration {
public:
    static constexpr unsigned bytes = 32;         // the longest map, of the 82550; drivers send it to an 82559 too
    static constexpr unsigned dumped = 22;        // 82557 to 82559 map

    explicit configuration(std::uint8_t generation) : generation_(generation) { reset(); }
    void reset();
    // The first n bytes of a Configure command. Returns how many fields ask for what is not there: they stay as they are there.
    unsigned load(const std::uint8_t* from, unsigned n);
    unsigned get(field) const;                    // what a reset leaves, if this controller does not have it
    std::uint8_t byte(unsigned i) const { return bytes_[i]; }

private:
    std::uint8_t generation_;
    std::array<std::uint8_t, bytes> bytes_{};
};

}  // namespace nicteam::nic
