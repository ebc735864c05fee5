// The registers of the face, in one memory window: what the unit can, its two rings, doorbells, status. Our own design.
#pragma once

#include "nicteam/rings/fields.h"

namespace nicteam::rings {

constexpr std::uint32_t window_octets = 256;
constexpr std::uint32_t format_version = 1;

enum use : std::uint32_t { inline_out = 1, inline_in = 2, secondary_out = 4, secondary_in = 8, transmits = 16, fetches = 32, digests = 64 };
enum control_bit : std::uint32_t { control_run = 1, control_abort = 2, control_reset = 4 };
enum status_bit : std::uint32_t {
    status_running = 1, status_aborting = 2, status_completion = 4, status_refused = 8, status_dead = 16,
    status_interrupts = status_completion | status_refused | status_dead,
};

namespace reg {
constexpr auto ro = register_access::read_only, rw = register_access::read_write, bell = register_access::doorbell;
constexpr register_row
    format{"format", 0x00, ro, "version of registers and entries: 1"},
    ciphers{"ciphers", 0x04, ro, "bit n: cipher n of a CONST part"},
    authentications{"authentications", 0x08, ro, "bit n: authentication n of a CONST part"},
    associations{"associations", 0x0C, ro, "security associations that it holds at most"},
    uses{"uses", 0x10, ro, "0 inline out, 1 inline in, 2 secondary out, 3 secondary in, 4 process-and-transmit, 5 fetches: reads CONST and CACHED parts again where install found them, 6 digests"},
    command_depth{"command_depth", 0x14, ro, "entries of the largest command ring"},
    completion_depth{"completion_depth", 0x18, ro, "entries of the largest completion ring"},
    longest_job{"longest_job", 0x1C, ro, "octets of the longest packet, before and after"},
    command_base_low{"command_base_low", 0x20, rw, "address of the command ring, bits 31:0; a multiple of 32"},
    command_base_high{"command_base_high", 0x24, rw, "bits 63:32"},
    command_size{"command_size", 0x28, rw, "its entries: a power of two, 2 to command_depth"},
    command_head{"command_head", 0x2C, ro, "entries taken since it was started"},
    command_tail{"command_tail", 0x30, bell, "entries posted since it was started, modulo 2^32: the doorbell"},
    completion_base_low{"completion_base_low", 0x34, rw, "address of the completion ring, bits 31:0; a multiple of 32"},
    completion_base_high{"completion_base_high", 0x38, rw, "bits 63:32"},
    completion_size{"completion_size", 0x3C, rw, "its entries: a power of two, 2 to completion_depth"},
    completion_tail{"completion_tail", 0x40, ro, "completions written since it was started"},
    completion_head{"completion_head", 0x44, bell, "completions that the host has read since then, modulo 2^32: their room is free"},
    control{"control", 0x48, register_access::command,
            "0 run: takes up the rings, counting from 0; 1 abort all that is posted and not done; 2 reset: everything is as after power-up"},
    status{"status", 0x4C, register_access::clears,
           "0 runs; 1 aborts; 2 a completion was written, with early: its result is on its way (1 clears); 3 refused: run with a bad ring, a doorbell beyond the ring (1 clears); "
           "4 dead: an entry could not be read or written, only a reset helps; 31:16 with early: how many completions bit 2 has told of since it was started, modulo 65,536. "
           "0, 1, 4 and 31:16 are read only"},
    interrupt_enable{"interrupt_enable", 0x50, bell, "INTA# while one of these bits of status is set: 2, 3, 4"},
    identifications{"identifications", 0x54, rw, "slice of the identifications of outer IPv4 headers: first 15:0, how many 31:16; 0: 65,536"},
    early{"early", 0x58, rw, "1: an entry with a result is told of as soon as the result is to be written, before its completion lies in memory"};
}  // namespace reg

extern const table<register_row> registers;      // in order of their offsets
const register_row* register_at(std::uint32_t offset);

}  // namespace nicteam::rings
