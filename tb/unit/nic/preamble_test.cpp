// Configure 10 bits 5:4: the preamble that the MAC sends, and what it takes (SDM 6.4.2.3, IEEE 802.3 4.2.5, 4.2.9).
#include <catch2/catch.hpp>

#include "nicteam/bounds/ethernet.h"
#include "nicteam/wire/medium_access.h"
#include "unit/nic/pause_frames.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000;
constexpr struct { unsigned value, octets; } preambles[] = {{0, 1}, {1, 3}, {2, 7}, {3, 15}};      // the delimiter comes besides

std::vector<std::uint8_t> with(unsigned value, std::vector<std::uint8_t> c = rig::usual()) {
    c[10] = static_cast<std::uint8_t>((c[10] & 0xCF) | value << 4);
    return c;
}

}  // namespace

TEST_CASE("preambles: frames of each length leave at the rate of the closed form and with their octets in their places") {
    for (const auto& p : preambles)
        for (const unsigned length : {64u, 1518u}) {
            fresh_kernel k;
            rig r;
            r.configure(with(p.value));
            CHECK(r.memory.read16(0x100) == 0xA000);
            for (unsigned n = 0; n < 4; ++n) r.transmit_block(0x1000 + n * 0x1000, rig::payload(length - 4), n == 3 ? 0x8004 : 4, 0x2000 + n * 0x1000);
            r.scb(1, 0, 0x1000);
            r.run_until_idle();
            INFO(p.octets << " octets, frames of " << length);
            REQUIRE(r.cable.sent.size() == 4);
            for (const auto& s : r.cable.sent) {
                CHECK(s.frame->preamble_octets == p.octets + 1);
                CHECK(s.octets.units() == p.octets + 1 + length);
                CHECK(s.octets.last() + octet - s.octets.first() == bounds::frame_time(100'000'000, length, p.octets + 1));
            }
            CHECK(r.cable.sent[3].octets.first() - r.cable.sent[2].octets.first() == bounds::frame_spacing(100'000'000, length, 12, p.octets + 1));
        }
}

TEST_CASE("preambles: what is under way when the length is changed goes on as it began") {
    fresh_kernel k;
    rig r;
    r.configure(with(3));
    r.transmit_block(0x1000, rig::payload(1000), 0x0004, 0x3000);
    r.block(0x3000, 2, 0x4000);                            // Configure, while the frame is on the wire
    const auto shorter = with(0);
    r.memory.poke(0x3008, shorter.data(), shorter.size());
    r.transmit_block(0x4000, rig::payload(1000));
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(r.cable.sent[0].octets.units() == 16 + 1004);
    CHECK(r.cable.sent[1].octets.units() == 2 + 1004);
    CHECK(r.cable.sent[1].octets.first() - r.cable.sent[0].octets.last() == 13 * octet);
    for (const auto& s : r.cable.sent) CHECK(packet::check_fcs(*s.frame));
    CHECK(r.metric("tx_underruns") == 0);
}

TEST_CASE("preambles: a frame is received behind any of them and each octet of it one octet time earlier or later") {
    ps usual = 0;
    for (const unsigned octets : {8u, 2u, 4u, 16u, 1u, 40u}) {
        fresh_kernel k;
        rig r;
        r.configure(rig::usual());
        r.ring(at, 2);
        r.scb(0, 1, at);
        r.run_until_idle();
        const ps begin = (sim::now() / (6 * octet) + 10) * 6 * octet;          // an edge of both clocks
        r.arrive(rig::payload(300), wire::wire_end::good, begin, 0, octets);
        r.run_until_idle();
        INFO(octets);
        CHECK(r.memory.read16(at) == 0xA020);
        CHECK(r.memory.read16(at + 12) == (0xC000 | 300));
        const bytes sent = rig::payload(300);
        CHECK(std::equal(sent.begin(), sent.end(), r.memory.at(at + 16)));
        const ps took = r.sender.ended[0] - r.sender.begun[0];
        CHECK(took == static_cast<ps>(octets + 303) * octet);
        const ps told = r.interrupt_at - begin - static_cast<ps>(octets) * octet;
        if (usual == 0) usual = told;
        CHECK(std::abs(told - usual) < 2 * r.period());    // an octet edge is not always an edge of the bus
    }
}

TEST_CASE("preambles: a collision lets each of them out whole and the jam follows") {
    for (const auto& p : preambles) {
        ps alone = 0;
        for (const bool meets : {false, true}) {
            fresh_kernel k;
            rig r;
            r.cable.full_duplex = false;
            r.configure(with(p.value));
            if (meets) r.arrive(rig::payload(60), wire::wire_end::good, alone);
            r.transmit_block(0x1000, rig::payload(600));
            r.scb(1, 0, 0x1000);
            r.run_until_idle();
            REQUIRE(r.cable.sent.size() == (meets ? 2 : 1));
            INFO(p.octets);
            const auto& first = r.cable.sent[0];
            if (!meets) alone = first.octets.first();
            // Seen at the edge behind the first octet of carrier: within the preamble, or where it is over.
            if (meets) CHECK(first.octets.units() == p.octets + 1 + wire::jam_octets);
            if (meets) CHECK(first.frame->data.size() == wire::jam_octets);
            CHECK(first.frame->preamble_octets == p.octets + 1);
            CHECK(r.cable.sent.back().octets.units() == p.octets + 1 + 604);
        }
    }
}

TEST_CASE("preambles: a frame that underruns keeps its own and so does the attempt behind it") {
    for (const auto& p : preambles) {
        fresh_kernel k;
        rig r;
        r.configure(with(p.value));
        r.transmit_block(0x1000, rig::payload(2800), 0x8004, 0, 1);
        r.memory.next_wait = 31;
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        INFO(p.octets);
        REQUIRE(r.cable.sent.size() == 2);
        for (const auto& s : r.cable.sent) CHECK(s.octets.units() == p.octets + 1 + s.frame->data.size());
        CHECK(r.cable.sent[0].how == wire::wire_end::cut);
        CHECK(packet::check_fcs(*r.cable.sent[1].frame));
    }
}

TEST_CASE("preambles: PAUSE frames and frames in the loop have them too") {
    for (const auto& p : preambles) {
        fresh_kernel k;
        rig r;
        r.configure(with(p.value, setup()));
        r.write(0x1A, 1, 2);                               // XOFF
        r.run(20 * microsecond);
        INFO(p.octets);
        REQUIRE_FALSE(r.cable.sent.empty());
        CHECK(r.cable.sent[0].octets.units() == p.octets + 1 + 64);
        auto c = with(p.value);
        c[10] |= 0x40;                                     // loopback inside the MAC
        r.configure(c);
        r.ring(at, 2);
        r.scb(0, 1, at);
        r.transmit_block(0x2000, rig::payload(200));
        r.scb(1, 0, 0x2000);
        r.run(100 * microsecond);
        CHECK(r.memory.read16(at) == 0xA020);
        CHECK(r.memory.read16(at + 12) == (0xC000 | 200));
    }
}
