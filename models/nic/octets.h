// Little-endian numbers in byte arrays, as all structures in host memory have them.
#pragma once

#include <cstdint>

namespace nicteam::nic {

inline std::uint16_t get16(const std::uint8_t* p) { return static_cast<std::uint16_t>(p[0] | p[1] << 8); }
inline std::uint32_t get32(const std::uint8_t* p) { return p[0] | p[1] << 8 | p[2] << 16 | static_cast<std::uint32_t>(p[3]) << 24; }
inline void put16(std::uint8_t* p, std::uint32_t v) { p[0] = static_cast<std::uint8_t>(v), p[1] = static_cast<std::uint8_t>(v >> 8); }
inline void put32(std::uint8_t* p, std::uint32_t v) { put16(p, v), put16(p + 2, v >> 16); }

}  // namespace nicteam::nic
