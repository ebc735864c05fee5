// What tests of PAUSE frames do again and again: docs/pause.md.
#pragma once

#include <algorithm>

#include <catch2/catch.hpp>

#include "nic/registers/statistics.h"
#include "nicteam/wire/pause.h"
#include "unit/nic/rig.h"

namespace nicteam::test {

constexpr ps octet = 80'000, slot = 64 * octet;
inline const clock_domain mac(octet);

inline bytes control(unsigned opcode, unsigned quanta) {
    const std::uint8_t source[6] = {2, 0, 0, 0, 0, 9};
    bytes b;
    wire::build_pause(b, source, static_cast<std::uint16_t>(quanta));
    b[14] = static_cast<std::uint8_t>(opcode >> 8);
    b[15] = static_cast<std::uint8_t>(opcode);
    return b;
}

// 19 counters in a dump, flow control bits of byte 19, delay in bytes 16 and 17.
inline std::vector<std::uint8_t> setup(unsigned bits = 0x80, unsigned delay = 0x4000) {
    auto c = rig::usual();
    c[6] = 0x12;
    c[16] = static_cast<std::uint8_t>(delay);
    c[17] = static_cast<std::uint8_t>(delay >> 8);
    c[19] = static_cast<std::uint8_t>(bits);
    return c;
}

inline std::uint32_t dumped(rig& r, nic::statistic what) {
    r.scb(4, 0, 0x8000);
    r.scb(5, 0);
    r.run(100'000'000);
    return r.memory.read32(0x8000 + 4 * static_cast<unsigned>(what));
}

inline void send_two(rig& r) {
    r.transmit_block(0x1000, rig::payload(600), 0x0004, 0x2000);
    r.transmit_block(0x2000, rig::payload(600));
    r.scb(1, 0, 0x1000);
    while (!r.cable.busy) r.run(octet);
}

// Nobody takes frames from the FIFO: after `frames` of 600 bytes each.
inline void fill(rig& r, unsigned frames) {
    for (unsigned i = 0; i < frames; ++i) r.arrive(rig::payload(600));
    while (r.sender.busy()) r.run(octet);
}

// A PAUSE for this address instead of all who take one.
inline bytes pause_to(std::array<std::uint8_t, 6> address, unsigned quanta) {
    bytes b = control(1, quanta);
    std::copy(address.begin(), address.end(), b.begin());
    return b;
}

// The link is lost and comes back as it is in `r.cable` by then.
inline void bounce(rig& r) {
    r.card.receiver().link(false, sim::now());
    r.card.receiver().link(true, sim::now());
}

inline unsigned quanta_of(const rig& r, std::size_t n) {
    const auto q = wire::pause_of(r.cable.sent.at(n).frame->data);
    REQUIRE(q);
    return *q;
}

}  // namespace nicteam::test
