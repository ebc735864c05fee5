// The 16-bit CRC that Configure byte 15 bit 5 puts in the place of the FCS: CRC-CCITT as HDLC uses it (ISO/IEC 13239: x^16 + x^12 + x^5
// + 1, least significant bit first, begun with ones, complemented). Plain C++.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nicteam/base/frame.h"

namespace nicteam::nic {

constexpr unsigned crc16_octets = 2;

std::uint16_t crc16_of(const std::uint8_t*, std::size_t octets);
void put_crc16(frame&);              // into its last two octets
bool crc16_good(const frame&);

}  // namespace nicteam::nic
