// CRC-32c, of iSCSI's digests and others (RFC 3720, 12.1 and appendix B.4): polynomial 11EDC6F41h, least significant bit first, inverted at both ends.
#pragma once

#include <cstdint>

#include "nicteam/packet/octets.h"

namespace nicteam::packet {

std::uint32_t crc32c(octets data);

}  // namespace nicteam::packet
