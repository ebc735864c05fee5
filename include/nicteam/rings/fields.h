// What is laid down in octets, as declarations: an entry's field or a register is one line, read and written by it, and told by it in
// docs/crypto-face.md. All numbers are little endian.
#pragma once

#include <cstdint>

#include "nicteam/base/tables.h"

namespace nicteam::rings {

struct field {
    const char* name;
    std::uint8_t offset, octets;     // 1, 2, 4 or 8
    const char* meaning;
};

inline std::uint64_t get(const field& f, const std::uint8_t* from) {
    std::uint64_t v = 0;
    for (unsigned i = 0; i < f.octets; ++i) v |= std::uint64_t{from[f.offset + i]} << 8 * i;
    return v;
}
inline void put(const field& f, std::uint8_t* to, std::uint64_t v) {
    for (unsigned i = 0; i < f.octets; ++i) to[f.offset + i] = static_cast<std::uint8_t>(v >> 8 * i);
}

enum class register_access : std::uint8_t {
    read_only,
    read_write,        // while the unit does not run: written then, and ignored while it does
    doorbell,          // read and written at any time
    command,           // bits that are written 1 and read 0
    clears,            // bits that a 1 clears
};
const char* name(register_access);

// All registers have 32 bits and take accesses of 32 bits.
struct register_row {
    const char* name;
    std::uint8_t offset;
    register_access access;
    const char* meaning;
};

}  // namespace nicteam::rings
