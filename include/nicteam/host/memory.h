// Host memory: bytes and nothing else. Whoever reads or writes a range first settles every open burst over it.
#pragma once

#include <cstdint>
#include <cstddef>
#include <memory>
#include <stdexcept>

#include "nicteam/base/time.h"

namespace nicteam::host {

class memory {
public:
    virtual ~memory() = default;
    virtual std::uint64_t size() const = 0;
    // As seen at `at`: words of open bursts that passed strictly before `at` are there, later ones are not.
    virtual void read(std::uint64_t address, void* to, std::size_t n, ps at) = 0;
    virtual void write(std::uint64_t address, const void* from, std::size_t n, ps at) = 0;
    // For observers: as it will be when all that has passed on the bus by now is in memory.
    virtual void read_posted(std::uint64_t address, void* to, std::size_t n) { read(address, to, n, never); }
    // A range for somebody's own use, for ever; align is a power of two. Throws std::runtime_error when memory is used up.
    virtual std::uint64_t allocate(std::size_t n, std::size_t align = 16) { throw std::logic_error("this memory gives out no ranges"); }
    std::uint8_t read8(std::uint64_t a, ps at) { std::uint8_t v; read(a, &v, 1, at); return v; }
    std::uint16_t read16(std::uint64_t a, ps at) { std::uint8_t b[2]; read(a, b, 2, at); return static_cast<std::uint16_t>(b[0] | b[1] << 8); }
    std::uint32_t read32(std::uint64_t a, ps at) {
        std::uint8_t b[4];
        read(a, b, 4, at);
        return b[0] | b[1] << 8 | b[2] << 16 | static_cast<std::uint32_t>(b[3]) << 24;
    }
    void write16(std::uint64_t a, std::uint16_t v, ps at) {
        const std::uint8_t b[2] = {static_cast<std::uint8_t>(v), static_cast<std::uint8_t>(v >> 8)};
        write(a, b, 2, at);
    }
    void write32(std::uint64_t a, std::uint32_t v, ps at) {
        const std::uint8_t b[4] = {static_cast<std::uint8_t>(v), static_cast<std::uint8_t>(v >> 8), static_cast<std::uint8_t>(v >> 16),
                                   static_cast<std::uint8_t>(v >> 24)};
        write(a, b, 4, at);
    }
};

}  // namespace nicteam::host
