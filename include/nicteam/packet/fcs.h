// The frame check sequence: CRC-32 of IEEE 802.3 3.2.9, and the 82559's multicast hash made from it.
#pragma once

#include <cstdint>

#include "nicteam/base/frame.h"
#include "nicteam/packet/addresses.h"
#include "nicteam/packet/octets.h"

namespace nicteam::packet {

constexpr std::size_t fcs_octets = 4;
constexpr std::uint32_t crc_start = 0xFFFFFFFF;

// The register after `data`, least significant bit first, not complemented. Start with crc_start; feed in any pieces.
std::uint32_t crc_update(std::uint32_t crc, octets data);

// The FCS of whole data; it goes on the wire least significant octet first.
inline std::uint32_t fcs_of(octets data) { return ~crc_update(crc_start, data); }
void put_fcs(std::uint8_t* to, std::uint32_t fcs);

// frame::fcs_known == false stands for a good FCS that nobody has looked at yet. ensure_fcs writes it. The frame's value is
// the same before and after, hence the const.
void ensure_fcs(const frame&);

// True when the last four octets are the FCS of those before them (or stand for it). Frames below 4 octets: false.
bool check_fcs(const frame&);

// Makes room for an FCS behind the data, not computed: the frame is whole and good.
void append_lazy_fcs(frame&);

// Index 0 … 63 into the 82559's multicast hash table: bits 7:2 of the CRC register, most significant bit first
// (8255x software developer manual, multicast setup; vectors in tb/unit/packet).
unsigned multicast_hash(const mac_address&);

}  // namespace nicteam::packet
