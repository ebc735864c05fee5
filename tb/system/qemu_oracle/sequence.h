// What is done to both controllers, what is noted of each, and where rules let the two differ.
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
    enum kind_type : std::uint8_t { poke, write, read, arrive, observe, cut, after_cut };
    kind_type kind;
    std::uint32_t at = 0;       // address, or offset in `where`
    unsigned size = 0;          // of a write or read
    std::uint32_t value = 0;    // of a cut: side::cut()
    octets data;
    space where = space::memory;
};

// What one side must show of the bits in which a rule lets the two differ. Bits that are not known may be anything.
struct shown {
    std::uint32_t known = 0, value = 0;
    static shown all(std::uint32_t v) { return {0xFFFF'FFFF, v}; }
};

// Bits in which a rule lets the two differ: of a dword of the window (at: its address), of a noted SCB word (at: its observation), of a noted read (at: its number).
struct mark {
    rule why;
    std::uint32_t at;
    std::uint32_t bits;
    shown qemu{}, model{};
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
    std::vector<std::size_t> cut;       // how many were sent when work was cut off: the model sent no more of it than QEMU, which does all at once
};

sequence make_sequence(std::uint64_t seed);
outcome play(side&, const sequence&);

// Empty when equal but for the rules, and each side shows what they state. `hid[rule]` counts the marks that let a difference pass.
std::string compare(const sequence&, outcome qemu, outcome model, std::vector<unsigned>& hid);

}  // namespace qemu_oracle
