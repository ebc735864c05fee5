// The registers of an offload unit, in one memory window: what it can, its three rings, doorbells, status. Our own design, shaped like the one face
// (rings/registers.h). All have 32 bits and take accesses of 32 bits.
#pragma once

#include "nicteam/rings/fields.h"

namespace nicteam::rings::offload_registers {

constexpr std::uint32_t window_octets = 256;
constexpr std::uint32_t version = 1;

enum ability : std::uint32_t { ipv6 = 1, sack = 2, window_scaling = 4, timestamps = 8, keep_alive = 16, urgent = 32 };
enum control_bit : std::uint32_t { control_run = 1, control_reset = 2 };
enum status_bit : std::uint32_t {
    status_running = 1, status_answer = 2, status_refused = 4, status_dead = 8,
    status_interrupts = status_answer | status_refused | status_dead,
};

constexpr auto ro = register_access::read_only, rw = register_access::read_write, bell = register_access::doorbell;
constexpr register_row
    format{"format", 0x00, ro, "version of registers and messages: 1"},
    neighbours{"neighbours", 0x04, ro, "next hops that it holds at most"},
    paths{"paths", 0x08, ro, "paths"},
    connections{"connections", 0x0C, ro, "connections"},
    abilities{"abilities", 0x10, ro, "0 IPv6, 1 SACK, 2 window scaling, 3 timestamps, 4 keep-alive, 5 urgent data"},
    most_window{"most_window", 0x14, ro, "octets of the largest receive window"},
    send_capacity{"send_capacity", 0x18, ro, "octets of a connection's send queue"},
    ring_depth{"ring_depth", 0x1C, ro, "entries of the largest ring"},
    question_base_low{"question_base_low", 0x20, rw, "address of the ring of questions, bits 31:0; a multiple of 32"},
    question_base_high{"question_base_high", 0x24, rw, "bits 63:32"},
    question_size{"question_size", 0x28, rw, "its entries of 32 octets: a power of two, 2 to ring_depth"},
    question_head{"question_head", 0x2C, ro, "questions taken since it was started: their entries and octets have been read"},
    question_tail{"question_tail", 0x30, bell, "questions posted since it was started, modulo 2^32: the doorbell"},
    answer_base_low{"answer_base_low", 0x34, rw, "address of the ring of answers, bits 31:0; a multiple of 32"},
    answer_base_high{"answer_base_high", 0x38, rw, "bits 63:32"},
    answer_size{"answer_size", 0x3C, rw, "its entries of 32 octets, likewise"},
    answer_tail{"answer_tail", 0x40, ro, "entries written since it was started"},
    answer_head{"answer_head", 0x44, bell, "entries that the host has read since then, modulo 2^32: their room is free"},
    buffer_base_low{"buffer_base_low", 0x48, rw, "address of the ring of buffers, bits 31:0; a multiple of 8"},
    buffer_base_high{"buffer_base_high", 0x4C, rw, "bits 63:32"},
    buffer_size{"buffer_size", 0x50, rw, "its entries of 8 octets, each the address of a buffer, likewise"},
    buffer_octets{"buffer_octets", 0x54, rw, "octets of each buffer, 64 to 65,536"},
    buffer_tail{"buffer_tail", 0x58, bell, "buffers posted since it was started, modulo 2^32"},
    control{"control", 0x5C, register_access::command, "0 run: takes up the rings, counting from 0; 1 reset: all connections are gone"},
    status{"status", 0x60, register_access::clears, "0 runs; 1 an answer was written (1 clears); 2 refused: run with a bad ring, a doorbell beyond the ring (1 clears); "
           "3 dead: an entry could not be read or written, only a reset helps"},
    interrupt_enable{"interrupt_enable", 0x64, bell, "INTA# while one of these bits of status is set: 1, 2, 3"},
    longest_question{"longest_question", 0x68, ro, "octets that a question may point to; a longer one is refused, and nothing of it is read"};

extern const table<register_row> all;            // in order of their offsets

}  // namespace nicteam::rings::offload_registers
