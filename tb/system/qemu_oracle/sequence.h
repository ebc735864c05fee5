// What is done to both controllers, what is noted of each, and what a comparison must overlook.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "differences.h"
#include "side.h"

namespace qemu_oracle {

struct step {
    enum kind_type : std::uint8_t { poke, write, arrive, observe };
    kind_type kind;
    std::uint32_t at = 0;       // address, or CSR offset
    unsigned size = 0;          // of a CSR write
    std::uint32_t value = 0;
    octets data;
};

// Bits of a dword of the window (at) or of every noted SCB word from an observation on (observation) that a rule hides.
struct mark {
    rule why;
    std::uint32_t at;
    std::uint32_t bits;
};

struct sequence {
    std::uint64_t seed = 0;
    std::vector<step> steps;
    std::vector<mark> memory, scb;      // scb: `at` counts observations
    std::vector<std::uint8_t> masks;    // byte 3 of the SCB at each observation: bits 7:2 gate, bit 0 gates all
    std::vector<std::string> story;     // one line per step, for a person who has to find out
};

struct outcome {
    octets window;
    std::vector<std::uint16_t> scb;     // status and STAT/ACK after each observed step
    std::vector<bool> interrupt;        // INTA# at the same instants
    std::vector<octets> sent;
};

sequence make_sequence(std::uint64_t seed);
outcome play(side&, const sequence&);

// Empty when equal but for the rules. `hid[rule]` counts the marks that hid a difference.
std::string compare(const sequence&, outcome qemu, outcome model, std::vector<unsigned>& hid);

}  // namespace qemu_oracle
