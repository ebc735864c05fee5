// The 82557's linear priority: Configure byte 11 bits 2:0 and byte 12 bit 0. docs/half-duplex.md, A station, 9.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::int64_t rates[] = {10'000'000, 100'000'000};
enum mode : unsigned { after_own, after_both };

nic::nic_config an_82557() {
    nic::nic_config c;
    c.identity = nic::nic_identity::i82557;
    return c;
}

struct station : rig {
    ps octet, slot, gap;
    station(std::int64_t rate, unsigned n, mode m, bool full_duplex = false) : rig(an_82557()), octet(8 * second / rate), slot(64 * octet), gap(12 * octet) {
        cable.rate = rate;
        cable.full_duplex = full_duplex;
        sender.octet = octet;
        card.plug(cable);
        auto b = usual();
        b[3] = 0;                                             // what an 82557 has not
        b[7] &= 0xBF;
        b[11] = static_cast<std::uint8_t>(n);
        b[12] = static_cast<std::uint8_t>(b[12] | m);
        configure(b);
        CHECK(metric("refused_configuration") == 0);
    }
    void send(unsigned frames) {
        for (unsigned i = 0; i < frames; ++i) transmit_block(0x1000 * (i + 1), payload(60), i + 1 < frames ? 0x0004 : 0x8004, 0x1000 * (i + 2));
        scb(1, 0, 0x1000);
    }
    ps first(std::size_t i) const { return cable.sent.at(i).octets.first(); }
    ps last(std::size_t i) const { return cable.sent.at(i).octets.last(); }
    void wait_for_begin() {
        while (!cable.busy) run(octet / 2);
    }
};

}  // namespace

TEST_CASE("linear priority: behind its own frame a station leaves N slots besides the gap in both modes") {
    for (const std::int64_t rate : rates)
        for (const mode m : {after_own, after_both})
            for (unsigned n = 0; n <= 7; ++n) {
                fresh_kernel k;
                station r(rate, n, m);
                r.send(2);
                r.run_until_idle();
                REQUIRE(r.cable.sent.size() == 2);
                INFO(rate << ' ' << m << ' ' << n);
                const ps distance = r.first(1) - r.last(0) - r.octet;
                if (n == 0) CHECK(distance < r.gap + r.slot);     // an 82557 fetches the second frame when the first has gone
                else CHECK(distance == r.gap + n * r.slot);
                CHECK(r.metric("tx_deferred") == 0);              // it did not wait for anybody
                if (n > 2) {                                      // the second frame is there by then
                    CHECK(r.metric("tx_priority_waits") == 1);
                    CHECK(r.metric("tx_priority_waited") > (n - 2) * r.slot);
                    CHECK(r.metric("tx_priority_waited") <= n * r.slot);
                    CHECK(r.metric("tx_waited") == r.metric("tx_priority_waited"));
                }
                if (n == 0) CHECK(r.metric("tx_priority_waits") == 0);
            }
}

TEST_CASE("linear priority: behind the frame of another N slots pass in the second mode only") {
    for (const std::int64_t rate : rates)
        for (const mode m : {after_own, after_both})
            for (unsigned n = 0; n <= 7; ++n) {
                fresh_kernel k;
                station r(rate, n, m);
                r.arrive(rig::payload(600));
                r.run(100 * r.octet);
                r.send(1);
                r.run_until_idle();
                REQUIRE(r.cable.sent.size() == 1);
                INFO(rate << ' ' << m << ' ' << n);
                CHECK(r.first(0) == r.sender.ended[0] + r.octet + r.gap + (m == after_both ? n : 0) * r.slot);
                CHECK(r.metric("tx_deferred") == 1);
                CHECK(r.metric("tx_priority_waits") == (m == after_both && n ? 1 : 0));
                CHECK(r.metric("tx_priority_waited") == (m == after_both ? n : 0) * r.slot);
                CHECK(r.metric("tx_waited") > 400 * r.octet);             // most of that frame
            }
}

TEST_CASE("linear priority: behind a back-off N slots pass besides") {
    for (const std::int64_t rate : rates)
        for (const mode m : {after_own, after_both}) {
            std::array<bool, 2> drawn{};
            for (std::uint64_t seed = 1; seed <= 6; ++seed) {
                ps without = 0;
                for (const unsigned n : {0u, 1u, 2u, 7u}) {
                    fresh_kernel k(seed);
                    station r(rate, n, m);
                    r.send(1);
                    r.wait_for_begin();
                    r.arrive(rig::payload(60), wire::wire_end::good, 0, 1);   // over before the jam is
                    r.run_until_idle();
                    REQUIRE(r.cable.sent.size() == 2);
                    INFO(rate << ' ' << m << ' ' << seed << ' ' << n);
                    const ps wait = r.first(1) - r.last(0) - r.octet;
                    if (n == 0) without = wait;
                    CHECK((without == r.gap || without == r.slot));           // no slot or one, drawn alike each time
                    CHECK(wait == without + n * r.slot);
                    CHECK(r.metric("tx_priority_waits") == (n ? 1 : 0));
                    CHECK(r.metric("tx_priority_waited") == n * r.slot);
                    CHECK(r.metric("tx_waited") == wait - r.gap);
                    drawn[without == r.slot] = true;
                }
            }
            CHECK((drawn[0] && drawn[1]));
        }
}

TEST_CASE("linear priority: who begins within the N slots goes first") {
    for (const mode m : {after_own, after_both})
        for (const unsigned within : {9u, 20u, 100u, 150u}) {                 // octets behind the silence: in the gap's second part, in the slots
            fresh_kernel k;
            station r(100'000'000, 3, m);
            const std::size_t behind = m == after_own ? 1 : 0;
            if (m == after_own) {
                r.send(2);
                while (r.cable.sent.empty()) r.run(r.octet / 2);
            } else {
                r.arrive(rig::payload(100));
                r.run(4 * r.octet);
                r.send(1);
                while (r.sender.ended.empty()) r.run(r.octet / 2);
            }
            const ps silent = (m == after_own ? r.last(0) : r.sender.ended[0]) + r.octet;
            const ps begins = silent + within * r.octet - r.octet / 4;        // no gap of its own: it comes from far away
            r.run(begins - sim::now());
            span s;
            s.append({begins, r.octet, 300});
            r.card.receiver().begin(frame_ref(frame::make()), s);
            r.run(s.last() - sim::now());
            r.card.receiver().end(frame_ref(frame::make()), wire::wire_end::cut);
            r.run_until_idle();
            INFO(m << ' ' << within);
            REQUIRE(r.cable.sent.size() == behind + 1);
            const ps heard = s.last() + r.octet / 4;                          // the first edge behind the last octet
            CHECK(r.first(behind) == heard + r.gap + (m == after_both ? 3 : 0) * r.slot);
            CHECK(r.metric("tx_collisions") == 0);
        }
}

TEST_CASE("linear priority: a full duplex station and one without CSMA wait for the gap alone") {
    ps alone = 0;
    for (const unsigned n : {0u, 1u, 7u}) {
        fresh_kernel k;
        station r(100'000'000, n, after_both, true);
        r.arrive(rig::payload(600));
        r.send(2);
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 2);
        if (n == 0) alone = r.first(1) - r.last(0);
        CHECK(r.first(1) - r.last(0) == alone);
        CHECK(alone < 64 * r.octet);
    }
}
