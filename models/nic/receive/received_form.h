// What of a received frame goes to memory if it is not just the data: padding taken off, a checksum word behind it, the 16-bit CRC
// in the place of the FCS, and without its VLAN tag (SDM 6.4.2.3, docs/decisions/0030-what-of-a-received-frame-goes-to-memory.md). Plain C++.
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
    // 82550 (docs/nic-82550.md)
    bool extended = false;           // 7.5: descriptors of 32 bytes
    bool parser = false;             // 22.0
    bool vlan_stripping = false;     // 22.1

    static constexpr unsigned word_octets = 2;
    static received_form of(const configuration&);
    bool plain() const { return !checksum_word && !stripping && !crc16 && !vlan_stripping; }
    bool described() const { return extended || parser || vlan_stripping; }      // more is said of a frame than an 82559 says
    unsigned crc_octets() const;

    // Data octets up to the padding; UINT32_MAX: there is none.
    std::uint32_t data_octets(const frame&) const;
    unsigned tag_octets(const frame&) const;     // that do not go to memory
    frame_ref without_tag(const frame_ref&) const;
    // `kept`, which is all or part of what arrived, with the checksum word where it goes to memory: behind `data` octets of data, or behind the CRC.
    frame_ref with_checksum_word(const frame_ref& arrived, const frame_ref& kept, std::uint32_t data) const;
};

// One's complement sum of little-endian words, an odd last octet below a zero, not complemented.
std::uint16_t checksum_word(const std::uint8_t*, std::size_t octets);

}  // namespace nicteam::nic
