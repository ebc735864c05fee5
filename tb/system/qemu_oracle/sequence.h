// What is done to both controllers, what is noted of each, and what a comparison must overlook.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "differences.h"
#include "features.h"
#include "side.h"

namespace qemu_oracle {

struct step {
    enum kind_type : std::uint8_t { poke, write, read, arrive, observe };
    kind_type kind;
    std::uint32_t at = 0;       // address, or offset in `where`
    unsigned size = 0;          // of a write or read
    std::uint32_t value = 0;
    octets data;
    space where = space::memory;
};

constexpr std::uint32_t for_ever = 0xFFFF'FFFF;

// Bits that a rule hides: of a dword of the window (at: its address), of every noted SCB word from an observation on until before another (at, until),
// of a noted read (at: its number), of the noted INTA# (bit 0) as for SCB words.
struct mark {
    rule why;
    std::uint32_t at;
    std::uint32_t bits;
    std::uint32_t until = for_ever;
};

struct sequence {
    std::uint64_t seed = 0;
    std::vector<step> steps;
    std::vector<mark> memory, scb, reads;
    std::vector<std::uint8_t> masks;    // byte 3 of the SCB at each observation: bits 7:2 gate, bit 0 gates all
    std::vector<std::string> story;     // one line per step, for a person who has to find out
    std::array<unsigned, feature_count> used{};
};

struct outcome {
    octets window;
    std::deque<std::uint32_t> scb;      // status and STAT/ACK after each observed step
    std::deque<bool> interrupt;         // INTA# at the same instants
    std::deque<std::uint32_t> reads;
    std::vector<octets> sent;
};

sequence make_sequence(std::uint64_t seed);
outcome play(side&, const sequence&);

// Empty when equal but for the rules. `hid[rule]` counts the marks that hid a difference.
std::string compare(const sequence&, outcome qemu, outcome model, std::vector<unsigned>& hid);

}  // namespace qemu_oracle
