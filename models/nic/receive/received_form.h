// What of a received frame goes to memory if it is not just the data: padding taken off, a checksum word behind it, and the 16-bit CRC
// in the place of the FCS (SDM 6.4.2.3, docs/decisions/0030-what-of-a-received-frame-goes-to-memory.md). Plain C++.
#pragma once

#include <cstdint>

#include "nic/registers/configure_bytes.h"
#include "nicteam/base/frame.h"

namespace nicteam::nic {

struct received_form {
    bool checksum_word = false;      // Configure 9.0
    bool stripping = false;          // 18.0, without effect while the CRC goes to memory (IEEE 802.3 4.2.9)
    bool crc16 = false;              // 15.5
    bool crc_to_memory = false;      // 18.2

    static constexpr unsigned word_octets = 2;
    static received_form of(const configuration&);
    bool plain() const { return !checksum_word && !stripping && !crc16; }
    unsigned crc_octets() const;

    // Data octets up to the padding; UINT32_MAX: there is none.
    std::uint32_t data_octets(const frame&) const;
    // The frame with the checksum word where it goes to memory: behind `data` octets of data, or behind the CRC.
    frame_ref with_checksum_word(const frame_ref&, std::uint32_t data) const;
};

// One's complement sum of little-endian words, an odd last octet below a zero, not complemented.
std::uint16_t checksum_word(const std::uint8_t*, std::size_t octets);

}  // namespace nicteam::nic
