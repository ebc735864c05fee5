// Receive frame descriptors in host memory (SDM 6.4.3.1).
#pragma once

#include <cstdint>

#include "nic/octets.h"

namespace nicteam::nic {

struct receive_descriptor {
    static constexpr unsigned bytes = 16, data = 16;   // simplified mode: data behind the descriptor
    static constexpr unsigned extended_data = 32;      // the same of an extended one (82550), whose first 16 bytes are fetched
    static constexpr unsigned extension_offset = 16, extension_bytes = 8;      // of which so much is written
    static constexpr unsigned count_offset = 12;
    static constexpr std::uint16_t count_filled = 0x4000, count_eof = 0x8000;

    bool end_of_list, suspend, header, flexible;
    std::uint32_t link, buffer, size;

    static receive_descriptor of(const std::uint8_t* b) {
        const std::uint16_t c = get16(b + 2);
        return {(c & 0x8000) != 0, (c & 0x4000) != 0, (c & 0x0010) != 0, (c & 0x0008) != 0, get32(b + 4), get32(b + 8), get16(b + 14) & 0x3FFEu};
    }
};

// Status word.
enum receive_status : std::uint16_t {
    rfd_complete = 0x8000, rfd_ok = 0x2000, rfd_vlan = 0x1000, rfd_crc = 0x0800, rfd_no_room = 0x0200, rfd_overrun = 0x0100, rfd_short = 0x0080, rfd_type = 0x0020,
    rfd_parsed = 0x0008, rfd_no_match = 0x0004, rfd_not_individual = 0x0002, rfd_collision = 0x0001,
};

// Receive buffer descriptors of the flexible mode: not in SDM 1.3, but in driver headers
// (docs/decisions/0016-receive-buffer-descriptors.md).
struct receive_buffer {
    static constexpr unsigned bytes = 16;
    std::uint32_t link, buffer, size;
    bool last, filled;
    static receive_buffer of(const std::uint8_t* b) {
        return {get32(b + 4), get32(b + 8), get16(b + 12) & 0x3FFFu, (b[13] & 0x80) != 0, (get16(b) & receive_descriptor::count_filled) != 0};
    }
};

}  // namespace nicteam::nic
