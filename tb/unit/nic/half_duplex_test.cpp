// A NIC on a half-duplex link: deferral, collisions, jam, back-off, their counters, and the Configure bits that change them.
#include <catch2/catch.hpp>

#include "nic/registers/statistics.h"
#include "nicteam/wire/medium_access.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr ps octet = 80'000, slot = 64 * octet, gap = 12 * octet;

struct half_duplex_rig : rig {
    explicit half_duplex_rig(std::vector<std::uint8_t> bytes = rig::usual()) {
        cable.full_duplex = false;
        configure(bytes);
    }
    void send(unsigned octets = 600) {
        transmit_block(0x1000, payload(octets));
        scb(1, 0, 0x1000);
    }
    // The dword of the dump that counts `what`.
    std::uint32_t dumped(nic::statistic what) {
        scb(4, 0, 0x8000);
        scb(5, 0);
        run_until_idle();
        return memory.read32(0x8000 + 4 * static_cast<unsigned>(what));
    }
    // Runs until the MAC sends.
    void wait_for_begin() {
        while (!cable.busy) run(octet / 2);
    }
};

// The first preamble octet of a frame that meets nothing: the same in every run.
ps undisturbed(unsigned octets = 600, const std::vector<std::uint8_t>& bytes = rig::usual()) {
    fresh_kernel k;
    half_duplex_rig r(bytes);
    r.send(octets);
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 1);
    return r.cable.sent[0].octets.first();
}

}  // namespace

TEST_CASE("a half-duplex NIC defers to carrier and begins one gap behind it") {
    const ps alone = undisturbed();
    fresh_kernel k;
    half_duplex_rig r;
    r.arrive(rig::payload(200), wire::wire_end::good, alone - 40 * octet);
    r.send();
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 1);
    CHECK(r.cable.sent[0].octets.first() == r.sender.ended[0] + octet + gap);
    CHECK(r.cable.sent[0].how == wire::wire_end::good);
    CHECK(r.dumped(nic::statistic::tx_deferred) == 1);
    CHECK(r.metric("tx_deferred") == 1);
    CHECK(r.dumped(nic::statistic::tx_total_collisions) == 0);
}

TEST_CASE("carrier in the second part of the gap does not hold a frame back any more") {
    for (const unsigned late : {8u, 9u, 12u}) {               // the edge behind the silence that sees it; the first part is 8 octets
        const ps alone = undisturbed();
        fresh_kernel k;
        half_duplex_rig r;
        r.arrive(rig::payload(60), wire::wire_end::good, alone - 100 * octet);
        r.send();
        while (r.sender.ended.empty()) r.run(octet / 2);
        const ps silent = r.sender.ended[0] + octet;          // edges behind this one are silent
        r.run(silent + late * octet - octet / 2 - sim::now());
        span s;
        s.append({silent + late * octet - octet / 4, octet, 100});
        r.run(s.first() - sim::now());
        r.card.receiver().begin(frame_ref(frame::make()), s);
        r.run(s.last() - sim::now());
        r.card.receiver().end(frame_ref(frame::make()), wire::wire_end::cut);
        r.run_until_idle();
        const ps begin = r.cable.sent[0].octets.first();
        INFO(late);
        if (late <= 8) CHECK(begin > s.last());
        else CHECK(begin == silent + gap);
    }
}

TEST_CASE("a collision in the preamble lets the preamble out and jams 32 bits behind it") {
    const ps alone = undisturbed();
    fresh_kernel k;
    half_duplex_rig r;
    r.arrive(rig::payload(60), wire::wire_end::good, alone + 2 * octet);
    r.send();
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(r.cable.sent[0].octets.first() == alone);
    CHECK(r.cable.sent[0].octets.units() == 8 + 4);
    CHECK(r.cable.sent[0].how == wire::wire_end::collided);
    CHECK(r.cable.sent[1].how == wire::wire_end::good);
    CHECK(r.dumped(nic::statistic::tx_total_collisions) == 1);
    CHECK(r.dumped(nic::statistic::tx_single_collision) == 1);
    CHECK(r.dumped(nic::statistic::tx_good) == 1);
    CHECK(r.metric("tx_after_collisions") == 1);
    CHECK(r.memory.read16(0x1000) == 0xA000);                 // C and OK were written when the FIFO had it all; U means underruns only
}

TEST_CASE("a collision is seen at the edge behind the first octet of carrier") {
    const ps alone = undisturbed();
    for (const unsigned k_octets : {9u, 30u, 63u}) {
        fresh_kernel k;
        half_duplex_rig r;
        r.arrive(rig::payload(60), wire::wire_end::good, alone + k_octets * octet);
        r.send();
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 2);
        CHECK(r.cable.sent[0].octets.units() == k_octets + 1 + 4);
        CHECK(r.metric("tx_late_collisions") == 0);
    }
}

TEST_CASE("a collision behind the first slot is late and the frame is lost") {
    const ps alone = undisturbed();
    fresh_kernel k;
    half_duplex_rig r;
    r.arrive(rig::payload(60), wire::wire_end::good, alone + 64 * octet);
    r.send();
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 1);
    CHECK(r.cable.sent[0].octets.units() == 65 + 4);
    CHECK(r.dumped(nic::statistic::tx_late_collisions) == 1);
    CHECK(r.dumped(nic::statistic::tx_total_collisions) == 1);
    CHECK(r.dumped(nic::statistic::tx_good) == 0);
    CHECK(r.metric("tx_late_collisions") == 1);
    r.cable.sent.clear();
    r.send();                                                 // the next one goes
    r.run_until_idle();
    CHECK(r.cable.sent.size() == 1);
}

TEST_CASE("after 16 collisions a frame is given up - each back-off is a whole number of slots within its limit") {
    fresh_kernel k;
    half_duplex_rig r;
    r.send();
    std::vector<ps> begun, jammed;
    for (unsigned n = 1; n <= 16; ++n) {
        r.wait_for_begin();
        r.arrive(rig::payload(60));                           // its 64 octets are over before the first slot is
        while (r.cable.busy) r.run(octet / 2);
        begun.push_back(r.cable.sent.back().octets.first());
        jammed.push_back(r.cable.sent.back().octets.last());
        while (r.sender.busy()) r.run(octet / 2);
    }
    r.run_until_idle();
    CHECK(r.cable.sent.size() == 16);
    bool far = false;
    for (std::size_t n = 1; n < begun.size(); ++n) {
        const ps wait = begun[n] - jammed[n - 1] - octet, most = ((ps{1} << std::min<std::size_t>(n, 10)) - 1) * slot;
        const ps deferred = r.sender.ended[n - 1] + octet + gap - jammed[n - 1] - octet;
        INFO(n);
        CHECK((wait % slot == 0 || wait == deferred));
        CHECK(wait <= std::max(most, deferred));
        far |= wait > 64 * slot;
    }
    CHECK(far);
    CHECK(r.dumped(nic::statistic::tx_max_collisions) == 1);
    CHECK(r.dumped(nic::statistic::tx_total_collisions) == 16);
    CHECK(r.dumped(nic::statistic::tx_single_collision) == 0);
    CHECK(r.dumped(nic::statistic::tx_multiple_collisions) == 0);
    CHECK(r.metric("tx_collisions") == 16);
    CHECK(r.metric("tx_max_collisions") == 1);
}

TEST_CASE("two collisions count as multiple") {
    fresh_kernel k;
    half_duplex_rig r;
    r.send();
    for (unsigned n = 1; n <= 2; ++n) {
        r.wait_for_begin();
        r.arrive(rig::payload(60));
        while (r.cable.busy || r.sender.busy()) r.run(octet / 2);
    }
    r.run_until_idle();
    CHECK(r.dumped(nic::statistic::tx_multiple_collisions) == 1);
    CHECK(r.dumped(nic::statistic::tx_single_collision) == 0);
    CHECK(r.dumped(nic::statistic::tx_good) == 1);
}

TEST_CASE("forced full duplex and disabled CSMA neither defer nor collide") {
    struct row { unsigned byte, value; const char* what; };
    for (const row& w : {row{19, 0x40, "force full duplex"}, row{19, 0xC0, "force with the pin"}, row{8, 0x81, "CSMA disable"}}) {
        INFO(w.what);
        auto c = rig::usual();
        c[w.byte] = static_cast<std::uint8_t>(w.value);
        const ps alone = undisturbed(600, c);
        fresh_kernel k;
        half_duplex_rig r(c);
        r.arrive(rig::payload(200), wire::wire_end::good, alone - 40 * octet);
        r.arrive(rig::payload(200));
        r.send();
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 1);
        CHECK(r.cable.sent[0].octets.first() == alone);
        CHECK(r.cable.sent[0].how == wire::wire_end::good);
        CHECK(r.metric("tx_collisions") == 0);
        CHECK(r.metric("tx_deferred") == 0);
    }
}

TEST_CASE("without the duplex pin and without force the MAC is half duplex on any link") {
    auto c = rig::usual();
    c[19] = 0x00;
    const ps alone = undisturbed(600, c);
    fresh_kernel k;
    half_duplex_rig r(c);
    r.cable.full_duplex = true;
    r.configure(c);
    r.arrive(rig::payload(60), wire::wire_end::good, 0);
    while (r.sender.busy()) r.run(octet);
    const ps before = sim::now();
    CHECK(before > 0);
    CHECK(alone > 0);
    r.send();
    r.wait_for_begin();
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.metric("tx_collisions") == 1);
}

TEST_CASE("CRS or CDT makes no difference with a PHY that drives both") {
    std::vector<ps> stamps[2];
    for (const unsigned bit : {0u, 0x80u}) {
        auto c = rig::usual();
        c[15] = static_cast<std::uint8_t>(0x48 | bit);
        const ps alone = undisturbed(600, c);
        fresh_kernel k;
        half_duplex_rig r(c);
        r.arrive(rig::payload(60), wire::wire_end::good, alone + 20 * octet);
        r.send();
        r.run_until_idle();
        for (const auto& s : r.cable.sent) stamps[bit != 0].push_back(s.octets.first());
    }
    CHECK(stamps[0].size() == 2);
    CHECK(stamps[0] == stamps[1]);
}

TEST_CASE("wait after win leaves one more slot to the others behind a frame that had collided") {
    ps distance[2] = {0, 0};
    for (const unsigned wait : {0u, 1u}) {
        auto c = rig::usual();
        c[15] = static_cast<std::uint8_t>(0x48 | wait << 2);
        fresh_kernel k;
        half_duplex_rig r(c);
        r.transmit_block(0x1000, rig::payload(600), 0x0004, 0x2000);
        r.transmit_block(0x2000, rig::payload(600), 0x0004, 0x3000);
        r.transmit_block(0x3000, rig::payload(600));
        r.scb(1, 0, 0x1000);
        r.wait_for_begin();
        r.arrive(rig::payload(60));
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 4);
        distance[wait] = r.cable.sent[2].octets.first() - r.cable.sent[1].octets.last();
        CHECK(r.cable.sent[3].octets.first() - r.cable.sent[2].octets.last() == octet + gap);   // that one had won without a fight
    }
    CHECK(distance[0] == octet + gap);
    CHECK(distance[1] == octet + gap + slot);
}

TEST_CASE("a half-duplex frame that goes out while the link is down has lost its carrier") {
    fresh_kernel k;
    half_duplex_rig r;
    r.cable.up = false;
    r.send();
    r.run_until_idle();
    CHECK(r.dumped(nic::statistic::tx_lost_carrier) == 1);
    CHECK(r.dumped(nic::statistic::tx_good) == 1);
    CHECK(r.metric("tx_lost_carrier") == 1);
}

TEST_CASE("a half-duplex frame that goes out over a good link has kept its carrier") {
    fresh_kernel k;
    half_duplex_rig r;
    r.send();
    r.run_until_idle();
    CHECK(r.dumped(nic::statistic::tx_good) == 1);
    CHECK(r.dumped(nic::statistic::tx_lost_carrier) == 0);
    CHECK(r.metric("tx_lost_carrier") == 0);
}

TEST_CASE("an underrun and a collision on one frame each take their own way") {
    auto c = rig::usual();
    c[7] = 0x43;                                              // retry once the whole frame is there
    fresh_kernel k;
    half_duplex_rig r(c);
    r.memory.next_wait = 15;
    r.transmit_block(0x1000, rig::payload(600), 0x8004, 0xFFFFFFFF, 1);
    r.scb(1, 0, 0x1000);
    r.wait_for_begin();
    while (r.cable.busy) r.run(octet / 2);                    // the underrun
    r.wait_for_begin();
    r.arrive(rig::payload(60));                               // the retry collides
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 3);
    CHECK(r.metric("tx_underruns") == 1);
    CHECK(r.metric("tx_collisions") == 1);
    CHECK(r.cable.sent[2].how == wire::wire_end::good);
}

TEST_CASE("what a collision leaves of a frame is a short frame at its receiver") {
    fresh_kernel k;
    half_duplex_rig r;
    r.ring(0x10000, 2, 2000);
    r.scb(0, 1, 0x10000);
    r.arrive(rig::payload(300), wire::wire_end::good, 0, 20);
    r.run_until_idle();
    CHECK(r.dumped(nic::statistic::rx_short) == 1);
    CHECK(r.dumped(nic::statistic::rx_good) == 0);
}

TEST_CASE("a jam that outlasts the frame that it spoils comes to memory as a jam") {
    auto c = rig::usual();
    c[6] |= 0x80;                                             // bad frames are kept
    fresh_kernel k;
    half_duplex_rig r(c);
    r.ring(0x10000, 2, 2000);
    r.scb(0, 1, 0x10000);
    r.run_until_idle();
    const ps first = (sim::now() / octet + 2) * octet;
    ref<frame> f = frame::make();
    f->data = rig::payload(300);
    span s;
    s.append({first, octet, 8 + 300});
    r.run(first - sim::now());
    r.card.receiver().begin(frame_ref(f), s);
    r.run(200 * octet);
    span longer;
    longer.append({first, octet, 8 + 700});                   // others have joined
    r.card.receiver().replan(longer);
    r.run(longer.last() - sim::now());
    ref<frame> jammed = frame::make();
    jammed->data.assign(f->data.begin(), f->data.begin() + 190);
    jammed->data.resize(700, wire::jam_octet);
    r.card.receiver().end(frame_ref(jammed), wire::wire_end::collided);
    r.run_until_idle();
    CHECK(r.memory.at(0x10000 + 16 + 189)[0] == f->data[189]);
    for (const unsigned at : {300u, 500u, 695u}) CHECK(r.memory.at(0x10000 + 16 + at)[0] == wire::jam_octet);
    CHECK((r.memory.read16(0x10000 + 12) & 0x3FFF) == 696);
}

TEST_CASE("a MAC that was full duplex for a while has not heard what passed") {
    fresh_kernel k;
    half_duplex_rig r;
    span s;
    s.append({(sim::now() / octet + 2) * octet, octet, 400});
    r.run(s.first() - sim::now());
    r.card.receiver().begin(frame_ref(frame::make()), s);
    r.run(10 * octet);
    r.cable.full_duplex = true;                               // amid the frame: its end is not heard
    r.card.receiver().link(true, sim::now());
    r.run(s.last() - sim::now());
    r.card.receiver().end(frame_ref(frame::make()), wire::wire_end::cut);
    r.cable.full_duplex = false;
    r.card.receiver().link(true, sim::now());
    r.send();
    r.run_until_idle();
    CHECK(r.cable.sent.size() == 1);
}
