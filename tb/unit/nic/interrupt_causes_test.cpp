// Each interrupt cause as the device comes by it, with its mask, with M and with acknowledgements in every order (SDM 6.3.1, 8.1).
#include <functional>

#include <catch2/catch.hpp>

#include "unit/nic/pause_frames.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000, block = 0x1000;
constexpr unsigned all_masks = 0xFC, m = 0x01, si = 0x02;

struct cause {
    const char* name;
    unsigned bit, mask;                          // mask 0: it has none
    std::function<void(rig&)> setup, provoke;
    nic::nic_identity who = nic::nic_identity::i82559;
    unsigned masks = all_masks;                  // that its controller has
};

void usual_setup(rig& r) { r.configure(rig::usual()); }
void ci_setup(rig& r) {
    auto c = rig::usual();
    c[6] |= 0x08;
    r.configure(c);
}
void tno_setup(rig& r) {                       // and CI mode, no retries behind an underrun
    auto c = rig::usual();
    c[3] = 0;
    c[6] |= 0x0C;
    c[7] = 0x01;
    r.configure(c);
}
void underrun(rig& r) {                          // without its I bit
    r.memory.next_wait = 31;
    r.transmit_block(block, rig::payload(2800), 0x4004, 0, 1);
    r.scb(1, 0, block);
    r.run_until_idle();
}
void nop(rig& r, unsigned command) {
    r.block(block, command, 0);
    r.scb(1, 0, block);
    r.run_until_idle();
}
void receive(rig& r) {
    r.memory.write32(at, 0);
    r.arrive(rig::payload(100));
    r.run_until_idle();
}
void start_and_abort(rig& r) {
    r.descriptor(at, 0, at);
    r.scb(0, 1, at);
    r.run_until_idle();
    r.scb(0, 4);
    r.run_until_idle();
}
void ready(rig& r) {
    usual_setup(r);
    r.descriptor(at, 0, at);                     // one that links to itself
    r.scb(0, 1, at);
    r.run_until_idle();
}

void early(rig& r) {
    ready(r);
    r.write(0x18, 1, 64);                        // 512 bytes before the frame's end
}
void damaged(rig& r) {                           // told early, and then there is nothing: its descriptor is used again
    bytes b = rig::payload(986);
    b[12] = 1000 >> 8, b[13] = 1000 & 0xFF;      // its length
    r.arrive(b, wire::wire_end::bad_fcs);
    r.run_until_idle();
}

const std::vector<cause>& causes() {
    static const std::vector<cause> list{
        {"CX", 0x80, 0x80, ci_setup, [](rig& r) { nop(r, 0x6000); }},                       // S and I: quiet about suspending in CI mode
        {"TNO", 0x80, 0, tno_setup, underrun, nic::nic_identity::i82557, 0},
        {"FR", 0x40, 0x40, ready, receive},
        {"CNA", 0x20, 0x20, usual_setup, [](rig& r) { nop(r, 0x4000); }},
        {"CI", 0x20, 0x20, ci_setup, [](rig& r) { nop(r, 0x8000); }},
        {"RNR", 0x10, 0x10, usual_setup, start_and_abort},
        {"ER", 0x02, 0x08, early, damaged},
        {"FCP", 0x01, 0x04, [](rig& r) { r.configure(setup()); }, [](rig& r) { r.arrive(control(1, 1)), r.run_until_idle(); }},
        {"MDI", 0x08, 0, usual_setup, [](rig& r) { r.write(0x10, 4, 0x28210000), r.run(60 * microsecond), r.run_until_idle(); }},
        {"SWI", 0x04, 0, usual_setup, [](rig& r) { r.write(0x03, 1, r.read(0x03, 1) | si); }},
    };
    return list;
}

void each(const std::function<void(rig&, const cause&)>& story) {
    for (const cause& c : causes()) {
        fresh_kernel k;
        nic::nic_config config;
        config.identity = c.who;
        rig r(config);
        c.setup(r);
        INFO(c.name);
        REQUIRE(r.stat() == 0);
        story(r, c);
    }
}

}  // namespace

TEST_CASE("interrupt causes: one that is not masked drives the pin until it is acknowledged and nothing else does") {
    each([](rig& r, const cause& c) {
        r.ack(0xFF);                                     // nothing is pending: no effect
        CHECK(r.stat() == 0);
        const std::uint64_t before = r.metric("interrupts");
        c.provoke(r);
        CHECK(r.stat() == c.bit);
        CHECK(r.interrupt);
        CHECK(r.metric("interrupts") == before + 1);
        r.ack(0xFF & ~c.bit);
        r.ack(0);
        CHECK(r.stat() == c.bit);
        CHECK(r.interrupt);
        r.ack(c.bit);
        CHECK(r.stat() == 0);
        CHECK_FALSE(r.interrupt);
        r.ack(c.bit);
        CHECK_FALSE(r.interrupt);
        CHECK(r.metric("interrupts") == before + 1);
    });
}

TEST_CASE("interrupt causes: its mask holds the pin back and no other does") {
    each([](rig& r, const cause& c) {
        r.write(0x03, 1, all_masks & ~c.mask);
        CHECK(r.read(0x03, 1) == (c.masks & ~c.mask));
        c.provoke(r);
        CHECK(r.interrupt);                              // all others are masked
        r.write(0x03, 1, all_masks);
        CHECK(r.interrupt == (c.mask == 0));
        CHECK(r.stat() == c.bit);
        r.write(0x03, 1, 0);
        CHECK(r.interrupt);
        r.write(0x03, 1, c.mask | m);
        CHECK_FALSE(r.interrupt);
        r.ack(c.bit);
        r.write(0x03, 1, 0);
        CHECK_FALSE(r.interrupt);
        CHECK(r.stat() == 0);
    });
}

TEST_CASE("interrupt causes: one that comes masked is there and drives the pin when the mask goes") {
    each([](rig& r, const cause& c) {
        r.write(0x03, 1, c.mask ? c.mask : m);
        c.provoke(r);
        CHECK(r.stat() == c.bit);
        CHECK_FALSE(r.interrupt);
        r.write(0x03, 1, 0);
        CHECK(r.interrupt);
        r.ack(c.bit);
        CHECK_FALSE(r.interrupt);
    });
}

TEST_CASE("interrupt causes: one acknowledged while masked never drives the pin") {
    each([](rig& r, const cause& c) {
        const std::uint64_t before = r.metric("interrupts");
        r.write(0x03, 1, c.mask ? c.mask : m);
        c.provoke(r);
        r.ack(c.bit);
        r.write(0x03, 1, 0);
        CHECK(r.stat() == 0);
        CHECK_FALSE(r.interrupt);
        CHECK(r.metric("interrupts") == before);
    });
}

TEST_CASE("interrupt causes: M holds all of them back and its clearing lets them through") {
    each([](rig& r, const cause& c) {
        r.write(0x03, 1, m);
        c.provoke(r);
        CHECK(r.stat() == c.bit);
        CHECK_FALSE(r.interrupt);
        r.write(0x03, 1, 0);
        CHECK(r.interrupt);
        r.write(0x03, 1, m);
        CHECK_FALSE(r.interrupt);
        r.write(0x03, 1, 0);
        CHECK(r.interrupt);
        r.ack(c.bit);
        CHECK_FALSE(r.interrupt);
    });
}

TEST_CASE("interrupt causes: a second event of it while the pin is driven adds no edge and one acknowledgement takes both") {
    each([](rig& r, const cause& c) {
        const std::uint64_t before = r.metric("interrupts");
        c.provoke(r);
        c.provoke(r);
        CHECK(r.metric("interrupts") == before + 1);
        r.ack(c.bit);
        CHECK_FALSE(r.interrupt);
        c.provoke(r);
        CHECK(r.interrupt);
        CHECK(r.metric("interrupts") == before + 2);
    });
}

TEST_CASE("interrupt causes: of two the pin goes with the last in either order") {
    each([](rig& r, const cause& c) {
        const unsigned other = c.bit == 0x04 ? 0x08 : 0x04;
        const auto another = [&] {
            if (other == 0x04) r.write(0x03, 1, si);
            else r.write(0x10, 4, 0x28210000), r.run(60 * microsecond), r.run_until_idle();
        };
        for (const bool own_first : {true, false}) {
            c.provoke(r);
            another();
            CHECK(r.stat() == (c.bit | other));
            r.ack(own_first ? c.bit : other);
            CHECK(r.interrupt);
            CHECK(r.stat() == (own_first ? other : c.bit));
            r.ack(own_first ? other : c.bit);
            CHECK_FALSE(r.interrupt);
            c.provoke(r);
            another();
            r.ack(c.bit | other);
            CHECK_FALSE(r.interrupt);
        }
    });
}

TEST_CASE("interrupt causes: each reset takes them back and clears the masks and M") {
    for (const unsigned function : {0u, 2u})
        each([&](rig& r, const cause& c) {
            r.write(0x03, 1, 0xF1 & ~c.mask);
            c.provoke(r);
            r.write(0x08, 4, function);
            r.run(microsecond);
            CHECK(r.stat() == 0);
            CHECK(r.read(0x03, 1) == 0);
            CHECK_FALSE(r.interrupt);
        });
}

TEST_CASE("interrupt control: SI reads 0 and its cause has no mask and waits for M") {
    fresh_kernel k;
    rig r;
    r.write(0x03, 1, 0xFF);
    CHECK(r.read(0x03, 1) == 0xFD);
    CHECK(r.stat() == 0x04);
    CHECK_FALSE(r.interrupt);
    r.write(0x03, 1, 0xFC);
    CHECK(r.interrupt);
    r.ack(0x04);
    CHECK_FALSE(r.interrupt);
}
