// Command blocks in host memory (SDM 6.4.2).
#pragma once

#include <cstdint>

#include "nic/octets.h"

namespace nicteam::nic {

// SF (bit 3 of the command) is a mode of transmit and part of the code of the others.
enum class opcode : std::uint8_t { nop, ia_setup, configure, multicast_setup, transmit, load_microcode, dump, diagnose, ipcb = 9, through_block = 10, lend = 11 };
constexpr unsigned flexible_bit = 8;

struct command_block {
    static constexpr unsigned standard_bytes = 16, extended_bytes = 32;    // fetched: 4 dwords, or 8 with extended TCBs
    static constexpr unsigned body = 8;                                    // offset of the command's own fields
    static constexpr std::uint16_t complete = 0x8000, ok = 0x2000, underrun = 0x1000;
    static constexpr unsigned link_offset = 4;
    static constexpr std::uint32_t suspend_bit = 0x40000000;               // of dword 0

    bool end_of_list, suspend, interrupt, no_crc, flexible;
    unsigned delay;                                                        // CID, of transmit blocks
    opcode what;
    std::uint32_t link;

    static command_block of(const std::uint8_t* b) {
        const std::uint16_t c = get16(b + 2);
        return {(c & 0x8000) != 0, (c & 0x4000) != 0, (c & 0x2000) != 0, (c & 0x0010) != 0, (c & 0x0008) != 0, c >> 8 & 0x1Fu, static_cast<opcode>(c & ((c & 7) == static_cast<unsigned>(opcode::transmit) ? 7 : 7 | flexible_bit)),
                get32(b + link_offset)};
    }
};

// The transmit command's own fields.
struct transmit_block {
    static constexpr unsigned data = 16;               // simplified mode: data behind the block
    static constexpr unsigned embedded = 16;           // extended TCB: two TBDs inside, the array pointer is for the third on
    static constexpr unsigned embedded_count = 2;
    static constexpr unsigned threshold_unit = 8;      // bytes
    static constexpr unsigned dynamic = 0xFF;          // TBD count of a dynamic array

    std::uint32_t array, bytes;
    unsigned threshold, tbds;

    static transmit_block of(const std::uint8_t* b) { return {get32(b + 8), get16(b + 12) & 0x3FFFu, b[14], b[15]}; }
};

struct transmit_buffer {                               // TBD: address and size
    static constexpr unsigned bytes = 8;
    std::uint32_t address, size;
    bool last;
    static transmit_buffer of(const std::uint8_t* b) { return {get32(b), get32(b + 4) & 0x3FFFu, (b[6] & 1) != 0}; }
    // Of an IPCB, where EL is bit 15; behind the block, bit 16 as ever is taken too (docs/decisions/0062).
    static transmit_buffer of_ipcb(const std::uint8_t* b, bool inside) { return {get32(b), get32(b + 4) & 0x3FFFu, (b[5] & 0x80) != 0 || (!inside && (b[6] & 1) != 0)}; }
};

}  // namespace nicteam::nic
