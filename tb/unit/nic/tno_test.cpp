// The TNO interrupt (82557, Configure 6.2): CX for a frame that was not transmitted, whether or not its I bit is set (SDM 6.3.2).
#include <functional>

#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;
using nic::nic_identity;

namespace {

constexpr ps octet = 80'000;
constexpr unsigned cx = 0x80, tno = 0x04, ci = 0x08, suspend = 0x4000, interrupt = 0x2000, transmit = 4;

nic::nic_config as(nic_identity i) {
    nic::nic_config c;
    c.identity = i;
    return c;
}

// CI mode: nothing but CX comes at a suspended list. No retries behind an underrun.
std::vector<std::uint8_t> setup(unsigned bits) {
    auto c = rig::usual();
    c[3] = 0;                                            // as an 82557 knows it
    c[6] = static_cast<std::uint8_t>(c[6] | ci | bits);
    c[7] = 0x01;
    return c;
}

void send(rig& r, unsigned octets, unsigned command, unsigned threshold = 0xE0) {
    r.transmit_block(0x1000, rig::payload(octets), suspend | transmit | command, 0, threshold);
    r.scb(1, 0, 0x1000);
}

// What a test does between the completion of the block and the failure of its frame, whichever comes first.
using interlude = std::function<void(rig&)>;
void nothing(rig&) {}

struct failure {
    const char* name;
    std::function<void(rig&, unsigned bits, unsigned command, const interlude& between)> happens;
    bool two_events;                                     // else both come at one instant
    const char* metric;
};

const std::vector<failure>& failures() {
    static const std::vector<failure> list{
        {"underrun", [](rig& r, unsigned bits, unsigned command, const interlude& between) {
            r.configure(setup(bits));
            r.memory.next_wait = 31;
            send(r, 2800, command, 1);
            between(r);
            r.run_until_idle();
        }, true, "tx_given_up"},
        {"late collision", [](rig& r, unsigned bits, unsigned command, const interlude& between) {
            r.cable.full_duplex = false;
            r.configure(setup(bits));
            send(r, 600, command);
            while (!r.cable.busy) r.run(octet / 2);
            between(r);
            r.run(70 * octet);
            r.arrive(rig::payload(60));
            r.run_until_idle();
        }, true, "tx_late_collisions"},
        {"16 collisions", [](rig& r, unsigned bits, unsigned command, const interlude& between) {
            r.cable.full_duplex = false;
            r.configure(setup(bits));
            send(r, 600, command);
            for (unsigned n = 1; n <= 16; ++n) {
                while (!r.cable.busy) r.run(octet / 2);
                if (n == 1) between(r);
                CHECK(r.stat() == 0);
                r.arrive(rig::payload(60));
                while (r.cable.busy || r.sender.busy()) r.run(octet / 2);
            }
            r.run_until_idle();
        }, true, "tx_max_collisions"},
        {"a block that cannot be sent", [](rig& r, unsigned bits, unsigned command, const interlude&) {
            auto c = setup(bits);
            c[8] = 0;                                    // the MAC is off
            r.configure(c);
            send(r, 600, command);
            r.run_until_idle();
        }, false, "tx_unsendable"},
    };
    return list;
}

}  // namespace

TEST_CASE("TNO: each way to fail is told by CX if it is asked for and none without") {
    for (const failure& f : failures())
        for (const unsigned bits : {0u, tno}) {
            fresh_kernel k;
            rig r(as(nic_identity::i82557));
            f.happens(r, bits, 0, nothing);
            INFO(f.name << ", bits " << bits);
            CHECK(r.memory.read16(0x100) == 0xA000);
            CHECK(r.metric("refused_configuration") == 0);
            CHECK(r.metric(f.metric) == 1);
            CHECK(r.stat() == (bits ? cx : 0));
            CHECK(r.interrupt == (bits != 0));
            r.ack(cx);
            CHECK_FALSE(r.interrupt);
        }
}

TEST_CASE("TNO: with the I bit there is one interrupt for the block and another for the failure behind it") {
    for (const failure& f : failures())
        for (const unsigned bits : {0u, tno}) {
            fresh_kernel k;
            rig r(as(nic_identity::i82557));
            INFO(f.name << ", bits " << bits);
            unsigned acknowledged = 0;
            f.happens(r, bits, interrupt, [&](rig& r) {
                while (!r.interrupt) r.run(octet / 2);
                CHECK(r.stat() == cx);
                r.ack(cx);
                CHECK_FALSE(r.interrupt);
                ++acknowledged;
            });
            CHECK(acknowledged == (f.two_events ? 1 : 0));
            const bool anew = bits || !f.two_events;
            CHECK(r.stat() == (anew ? cx : 0));
            CHECK(r.interrupt == anew);
            CHECK(r.metric("interrupts") == 1 + acknowledged + anew);      // Configure's own, and these
        }
}

TEST_CASE("TNO: a frame that is sent tells nothing nor does one that is sent in the end") {
    fresh_kernel k;
    rig r(as(nic_identity::i82557));
    r.configure(setup(tno));
    send(r, 600, 0);
    r.run_until_idle();
    CHECK(r.cable.sent.size() == 1);
    CHECK(r.stat() == 0);
    auto c = setup(tno);
    c[7] = 0x03;                                         // one retry
    r.configure(c);
    r.memory.next_wait = 31;
    send(r, 2800, 0, 1);
    r.run_until_idle();
    CHECK(r.metric("tx_underruns") == 1);
    CHECK(r.metric("tx_frames") == 2);
    CHECK(r.stat() == 0);
}

TEST_CASE("TNO: the bit is another one from the 82559 on and none in an 82558") {
    for (const nic_identity i : {nic_identity::i82558, nic_identity::i82559, nic_identity::i82550})
        for (const failure& f : failures()) {
            fresh_kernel k;
            rig r(as(i));
            f.happens(r, tno, 0, nothing);
            INFO(f.name);
            CHECK(r.metric("refused_configuration") == (i == nic_identity::i82558 ? 1 : 0));
            CHECK(r.metric(f.metric) == 1);
            CHECK(r.stat() == 0);
        }
}

TEST_CASE("TNO: an 82557 that is asked for it dumps as many counters as ever") {
    for (const unsigned bits : {0u, tno}) {
        fresh_kernel k;
        rig r(as(nic_identity::i82557));
        r.configure(setup(bits));
        r.scb(4, 0, 0x8000);
        r.scb(5, 0);
        r.run_until_idle();
        CHECK(r.memory.read32(0x8000 + 4 * 16) == 0xA005);
    }
}
