// A MAC that is dead or hangs while its link is up and the bus side works (docs/decisions/0155).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000, status_ok = 0xA000;
constexpr ps octet = 80'000;

struct mac_rig : rig {
    mac_rig() {
        configure(usual());
        ring(at, 16);
        scb(0, 1, at);
        run_until_idle();
    }
    void fault(const std::string& what, bool begin) {
        for (sim::fault_port& f : sim::session::current().faults())
            if (f.path == card.name() && what == f.info->name) return f.act(begin, 0, sim::now());
        FAIL("no fault " + what);
    }
    // Two frames, one behind the other.
    void send() {
        transmit_block(0x1000, payload(200), 0x0004, 0x2000);
        transmit_block(0x2000, payload(300, {2, 0, 0, 0, 0, 2}));
        scb(1, 0, 0x1000);
    }
    void until(ps t) { run(t - sim::now()); }
    bool complete(std::uint32_t block) { return memory.read16(block) == status_ok; }
    std::uint64_t sent_dead() { return metric("tx_mac_dead"); }
    std::uint64_t heard_dead() { return metric("rx_mac_dead"); }
};

// When the first frame of send() begins, and the second.
std::pair<ps, ps> begins() {
    fresh_kernel k;
    mac_rig r;
    r.send();
    r.run_until_idle();
    return {r.cable.sent.at(0).octets.first(), r.cable.sent.at(1).octets.first()};
}

}  // namespace

TEST_CASE("of a dead MAC nothing comes out and nothing goes in, and nobody is told") {
    for (const char* what : {"mac_dead", "transmit_dead", "receive_dead"}) {
        fresh_kernel k;
        mac_rig r;
        const bool sends = std::string(what) == "receive_dead", hears = std::string(what) == "transmit_dead";
        INFO(what);
        r.fault(what, true);
        r.run(octet);
        r.send();
        r.arrive(rig::payload(100));
        r.run_until_idle();
        CHECK(r.cable.sent.size() == (sends ? 2 : 0));
        CHECK((r.complete(0x1000) && r.complete(0x2000)));
        CHECK(r.sent_dead() == (sends ? 0 : 2));
        CHECK(r.heard_dead() == (hears ? 0 : 1));
        CHECK(r.metric("rx_frames") == (hears ? 1 : 0));
        CHECK((r.read(0x1C, 4) >> 8 & 1) == 1);              // the link is up
        r.fault(what, false);
        r.run(octet);
        r.send();
        r.arrive(rig::payload(100));
        r.run_until_idle();
        CHECK(r.cable.sent.size() == (sends ? 4 : 2));
        CHECK(r.metric("rx_frames") == (hears ? 2 : 1));
        CHECK(r.heard_dead() == (hears ? 0 : 1));
    }
}

TEST_CASE("what a frame meets is decided by what was strictly before its beginning") {
    const auto [first, second] = begins();
    struct row { ps from; std::size_t sent; };
    for (const row& x : {row{first - 1, 0}, row{first, 1}, row{first + 1, 1}, row{second - 1, 1}, row{second, 2}}) {
        fresh_kernel k;
        mac_rig r;
        r.send();
        r.until(x.from);
        r.fault("mac_dead", true);
        r.run_until_idle();
        INFO(x.from - first);
        CHECK(r.cable.sent.size() == x.sent);
        for (const auto& f : r.cable.sent) CHECK(f.how == wire::wire_end::good);
        CHECK(r.sent_dead() == 2 - x.sent);
    }
    for (const row& x : {row{first - 1, 2}, row{first, 1}, row{second - 1, 1}, row{second, 0}}) {        // and of the end
        fresh_kernel k;
        mac_rig r;
        r.fault("transmit_dead", true);
        r.send();
        r.until(x.from);
        r.fault("transmit_dead", false);
        r.run_until_idle();
        INFO(x.from - first);
        CHECK(r.cable.sent.size() == x.sent);
        CHECK(r.sent_dead() == 2 - x.sent);
    }
}

TEST_CASE("a frame that is coming in when its MAC dies comes in whole") {
    for (const bool before : {false, true}) {
        fresh_kernel k;
        mac_rig r;
        const ps start = (sim::now() / octet + 100) * octet;
        r.arrive(rig::payload(100), wire::wire_end::good, start);
        r.until(before ? start - 1 : start);
        r.fault("receive_dead", true);
        r.run_until_idle();
        CHECK(r.metric("rx_frames") == (before ? 0 : 1));
        CHECK(r.heard_dead() == (before ? 1 : 0));
    }
}

TEST_CASE("faults of a MAC may overlap: it is dead until the last of them ends") {
    fresh_kernel k;
    mac_rig r;
    const auto heard = [&] {
        r.run(octet);
        const std::uint64_t n = r.metric("rx_frames");
        r.arrive(rig::payload(100));
        r.run_until_idle();
        return r.metric("rx_frames") != n;
    };
    r.fault("mac_dead", true);
    r.fault("receive_dead", true);
    r.fault("mac_dead", true);
    CHECK_FALSE(heard());
    r.fault("mac_dead", false);
    CHECK_FALSE(heard());
    r.fault("mac_dead", false);
    CHECK_FALSE(heard());
    r.fault("receive_dead", false);
    CHECK(heard());
}

TEST_CASE("a MAC that hangs begins nothing, and goes on at the first octet edge behind") {
    const auto [first, second] = begins();
    for (const ps from : {first - 1, first, first + 1, second - 1, second}) {
        fresh_kernel k;
        mac_rig r;
        r.send();
        r.until(from);
        r.fault("transmit_hung", true);
        r.run_until_idle();
        const std::size_t sent = from >= second ? 2 : from >= first ? 1 : 0;
        INFO(from - first);
        CHECK(r.cable.sent.size() == sent);
        r.arrive(rig::payload(100));                          // it hears
        r.run_until_idle();
        CHECK(r.metric("rx_frames") == 1);
        for (const ps into : {octet, 3 * octet / 2}) {
            r.until((sim::now() / octet + 2) * octet + into);
            if (into == octet) r.fault("transmit_hung", true);        // twice: both must end
            r.fault("transmit_hung", false);
        }
        const ps end = sim::now();
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 2);
        CHECK(r.cable.sent[0].how == wire::wire_end::good);
        const ps next = (end / octet + 1) * octet;
        if (sent < 2) CHECK(r.cable.sent[sent].octets.first() == next);
        if (sent == 0) CHECK(r.cable.sent[1].octets.first() == r.cable.sent[0].octets.last() + (1 + 12) * octet);
        CHECK(r.cable.sent[1].octets.first() - r.cable.sent[0].octets.last() >= (1 + 12) * octet);
    }
}

TEST_CASE("behind a MAC that hangs two frames lie in the FIFO, and no other command completes") {
    fresh_kernel k;
    mac_rig r;
    r.fault("transmit_hung", true);
    for (std::uint32_t n = 1; n <= 4; ++n) r.transmit_block(n * 0x1000, rig::payload(200 + n), n < 4 ? 0x0004 : 0x8004, (n + 1) * 0x1000);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK((r.complete(0x1000) && r.complete(0x2000)));
    CHECK_FALSE((r.complete(0x3000) || r.complete(0x4000)));
    r.fault("transmit_hung", false);
    r.run_until_idle();
    CHECK((r.complete(0x3000) && r.complete(0x4000)));
    CHECK(r.cable.sent.size() == 4);
}

TEST_CASE("a reset throws away what a MAC that hangs has, and does not heal it") {
    fresh_kernel k;
    mac_rig r;
    r.fault("transmit_hung", true);
    r.send();
    r.run_until_idle();
    r.write(0x08, 4, 2);
    r.run_until_idle();
    r.send();
    r.run_until_idle();
    CHECK(r.cable.sent.empty());
    r.fault("transmit_hung", false);
    r.run_until_idle();
    CHECK(r.cable.sent.size() == 2);
}
