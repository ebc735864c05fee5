// Octets somewhere in memory, and numbers in network byte order. Readers check lengths before they look.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nicteam/base/frame.h"

namespace nicteam::packet {

// A view: whoever owns the octets outlives it.
struct octets {
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;

    octets() = default;
    octets(const std::uint8_t* d, std::size_t n) : data(d), size(n) {}
    octets(const bytes& b) : data(b.data()), size(b.size()) {}
    std::uint8_t operator[](std::size_t i) const { return data[i]; }
    // From `at` on; empty when `at` lies behind the end.
    octets from(std::size_t at) const { return at < size ? octets(data + at, size - at) : octets(data + size, 0); }
    // At most the first n.
    octets first(std::size_t n) const { return octets(data, n < size ? n : size); }
};

constexpr std::uint16_t get16(const std::uint8_t* p) { return static_cast<std::uint16_t>(p[0] << 8 | p[1]); }
constexpr std::uint32_t get32(const std::uint8_t* p) { return static_cast<std::uint32_t>(get16(p)) << 16 | get16(p + 2); }
constexpr std::uint64_t get64(const std::uint8_t* p) { return static_cast<std::uint64_t>(get32(p)) << 32 | get32(p + 4); }
constexpr void put16(std::uint8_t* p, std::uint16_t v) {
    p[0] = static_cast<std::uint8_t>(v >> 8);
    p[1] = static_cast<std::uint8_t>(v);
}
constexpr void put32(std::uint8_t* p, std::uint32_t v) {
    put16(p, static_cast<std::uint16_t>(v >> 16));
    put16(p + 2, static_cast<std::uint16_t>(v));
}
constexpr void put64(std::uint8_t* p, std::uint64_t v) {
    put32(p, static_cast<std::uint32_t>(v >> 32));
    put32(p + 4, static_cast<std::uint32_t>(v));
}

}  // namespace nicteam::packet
