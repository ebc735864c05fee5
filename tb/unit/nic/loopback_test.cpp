// Loopback by Configure byte 10 bits 7:6 (docs/decisions/0032).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000;

struct loop_rig : rig {
    explicit loop_rig(unsigned bits, std::size_t descriptors = 8) {
        loop(bits);
        ring(at, static_cast<unsigned>(descriptors));
        scb(0, 1, at);
        run_until_idle();
    }
    void loop(unsigned bits) {
        auto c = usual();
        c[10] = static_cast<std::uint8_t>((c[10] & 0x3F) | bits << 6);
        configure(c);
    }
    void send(const bytes& d, std::uint32_t block = 0x1000) {
        transmit_block(block, d);
        scb(1, 0, block);
    }
};

bytes to_itself(std::size_t octets, unsigned seed = 1) { return rig::payload(octets, {2, 0, 0, 0, 0, 1}, seed); }

}  // namespace

TEST_CASE("Configure 10 bits 7:6 at 01: what is sent is received and nothing passes the wire") {
    for (const std::size_t octets : {20u, 60u, 61u, 600u, 1514u}) {
        fresh_kernel k;
        loop_rig r(1);
        const bytes d = to_itself(octets);
        r.send(d);
        r.run_until_idle();
        INFO(octets);
        CHECK(r.cable.sent.empty());
        CHECK(r.memory.read16(at) == 0xA020);
        CHECK(r.memory.read16(at + 12) == (0xC000 | std::max<std::size_t>(octets, 60)));
        CHECK(std::equal(d.begin(), d.end(), r.memory.at(at + 16)));
        CHECK(r.metric("tx_frames") == 1);
        CHECK(r.metric("rx_frames") == 1);
    }
}

TEST_CASE("Configure 10 bits 7:6 at 01: the address filter and the CRC count as for any frame") {
    fresh_kernel k;
    loop_rig r(1);
    r.send(rig::payload(60, {2, 0, 0, 0, 0, 9}));
    r.run_until_idle();
    CHECK(r.metric("rx_unmatched") == 1);
    r.transmit_block(0x1000, to_itself(100), 0x8014);        // no CRC inserted
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.metric("rx_crc_errors") == 1);
    CHECK(r.memory.read16(at) == 0);
}

TEST_CASE("Configure 10 bits 7:6 at 01: what the wire brings is lost") {
    fresh_kernel k;
    loop_rig r(1);
    r.arrive(rig::payload(100));
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0);
    CHECK(r.metric("rx_isolated") == 1);
    r.loop(0);
    r.arrive(rig::payload(100));
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0xA020);
}

TEST_CASE("Configure 10 bits 7:6 at 00 and 10 and 11: the MAC sends to the wire and receives from it") {
    for (const unsigned bits : {0u, 2u, 3u}) {
        fresh_kernel k;
        loop_rig r(bits);
        r.send(to_itself(100));
        r.arrive(rig::payload(200));
        r.run_until_idle();
        INFO(bits);
        CHECK(r.cable.sent.size() == 1);
        CHECK(r.memory.read16(at) == 0xA020);
        CHECK(r.memory.read16(at + 12) == (0xC000 | 200));
        CHECK(r.memory.read16(at + 2048) == 0);
    }
}

TEST_CASE("Configure 10 bits 7:6: a frame goes on where it began when the loop is closed or opened under way") {
    for (const bool close : {false, true})
        for (int n = 0; n < 24; ++n) {
            fresh_kernel k;
            loop_rig r(!close);
            r.send(to_itself(1000), 0x4000);
            r.arrive(to_itself(900, 2));
            r.run((n + 1) * 5 * microsecond);
            r.loop(close);
            r.send(to_itself(500, 3), 0x5000);
            r.arrive(to_itself(400, 4));
            r.run_until_idle();
            INFO(n << (close ? " closed" : " opened"));
            // Each of the two sent and the two that arrived has one end.
            const std::uint64_t looped = 2 - r.cable.sent.size();
            CHECK(r.metric("tx_frames") == 2);
            CHECK(r.metric("rx_frames") + r.metric("rx_isolated") <= 2 + looped);
            CHECK(r.metric("rx_frames") + r.metric("rx_isolated") >= 2);
            CHECK(r.metric("rx_crc_errors") == 0);
        }
}

TEST_CASE("Configure 10 bits 7:6: in either loop the MAC is full duplex whatever the link is") {
    for (const unsigned bits : {0u, 1u, 3u}) {
        fresh_kernel k;
        rig r;
        r.cable.full_duplex = false;
        auto c = rig::usual();
        c[10] = static_cast<std::uint8_t>((c[10] & 0x3F) | bits << 6);
        r.configure(c);
        r.ring(at, 4);
        r.scb(0, 1, at);
        r.run_until_idle();
        // With an outer loop the frame comes back while it is sent.
        r.transmit_block(0x1000, to_itself(600));
        r.scb(1, 0, 0x1000);
        if (bits != 1) {
            while (!r.cable.busy) r.run(80'000);
            r.arrive(to_itself(600));
        }
        r.run_until_idle();
        INFO(bits);
        CHECK((r.metric("tx_collisions") > 0) == (bits == 0));
        CHECK(r.memory.read16(at) == 0xA020);
    }
}

TEST_CASE("Configure 10 bits 7:6: closing or opening the loop under way at a half duplex link leaves no frame behind") {
    for (const bool close : {false, true})
        for (int n = 0; n < 24; ++n) {
            fresh_kernel k;
            rig r;
            r.cable.full_duplex = false;
            const auto loop = [&](bool on) {
                auto c = rig::usual();
                if (on) c[10] |= 0x40;
                r.configure(c);
            };
            loop(!close);
            r.ring(at, 8);
            r.scb(0, 1, at);
            r.run_until_idle();
            r.transmit_block(0x4000, to_itself(1000));
            r.scb(1, 0, 0x4000);
            r.arrive(to_itself(900, 2));
            r.run((n + 1) * 5 * microsecond);
            loop(close);
            r.run_until_idle();
            r.transmit_block(0x5000, to_itself(500, 3));
            r.scb(1, 0, 0x5000);
            r.run_until_idle();
            INFO(n << (close ? " closed" : " opened"));
            CHECK(r.metric("tx_frames") == 2);
            CHECK(r.memory.read16(0x5000) == 0xA000);
        }
}
