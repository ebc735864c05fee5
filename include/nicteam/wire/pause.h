// MAC control frames and their one operation, PAUSE (IEEE 802.3 clause 31 and annex 31B).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "nicteam/base/frame.h"
#include "nicteam/wire/link.h"

namespace nicteam::wire {

constexpr std::uint8_t pause_address[6] = {0x01, 0x80, 0xC2, 0x00, 0x00, 0x01};
constexpr unsigned control_type = 0x8808, pause_opcode = 1;
constexpr unsigned control_type_offset = 12, control_opcode_offset = 14, pause_quanta_offset = 16;
constexpr unsigned pause_quantum_octets = 64;      // 512 bits, annex 31B.2

inline unsigned word_at(const bytes& b, unsigned at) { return static_cast<unsigned>(b[at]) << 8 | b[at + 1]; }

// With or without its FCS known; such a frame has 64 octets (31.4.1).
inline bool is_mac_control(const bytes& f) { return f.size() == minimum_frame && word_at(f, control_type_offset) == control_type; }
inline unsigned control_opcode(const bytes& f) { return word_at(f, control_opcode_offset); }

// Quanta that a good MAC control frame asks for; nothing if it is none, or neither for all who take PAUSE nor for `own`, six octets (31B.3.3).
inline std::optional<std::uint16_t> pause_of(const bytes& f, const std::uint8_t* own = pause_address) {
    if (!is_mac_control(f) || control_opcode(f) != pause_opcode) return std::nullopt;
    if (!std::equal(std::begin(pause_address), std::end(pause_address), f.begin()) && !std::equal(own, own + 6, f.begin())) return std::nullopt;
    return static_cast<std::uint16_t>(word_at(f, pause_quanta_offset));
}

// Without FCS.
inline void build_pause(bytes& f, const std::uint8_t* source, std::uint16_t quanta) {
    f.assign(minimum_frame - 4, 0);
    auto at = std::copy(std::begin(pause_address), std::end(pause_address), f.begin());
    at = std::copy(source, source + 6, at);
    for (const unsigned w : {control_type, pause_opcode, unsigned{quanta}}) {
        *at++ = static_cast<std::uint8_t>(w >> 8);
        *at++ = static_cast<std::uint8_t>(w);
    }
}

}  // namespace nicteam::wire
