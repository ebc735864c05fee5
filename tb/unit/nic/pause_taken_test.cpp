// Which frames are PAUSE frames for this NIC and how long they hold it: address, opcode, length, FCS, rate, identity, state (IEEE 802.3 31.4, 31B.3).
#include <catch2/catch.hpp>

#include "unit/nic/pause_frames.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::array<std::uint8_t, 6> own = {2, 0, 0, 0, 0, 1}, other = {2, 0, 0, 0, 0, 7}, everybody = {255, 255, 255, 255, 255, 255};
constexpr std::array<std::uint8_t, 6> bridges = {1, 0x80, 0xC2, 0, 0, 0};

bool paused(rig& r) { return r.read(0x1A, 1) & 8; }

std::vector<std::uint8_t> hears_all(unsigned discard_short = 1) {
    auto c = setup();
    c[1] = 0x0F;                                  // data go to memory from 8 bytes on
    c[7] = static_cast<std::uint8_t>((c[7] & ~1u) | discard_short);
    c[15] |= 1;
    return c;
}

}  // namespace

TEST_CASE("PAUSE is taken at the address of all and at the own one and at no other") {
    struct row { std::array<std::uint8_t, 6> to; bool taken; };
    for (const row& w : {row{own, true}, row{other, false}, row{everybody, false}, row{bridges, false}}) {
        fresh_kernel k;
        rig r;
        r.configure(hears_all());
        r.arrive(pause_to(w.to, 1000));
        r.run(100 * octet);
        INFO(unsigned{w.to[0]} << ' ' << unsigned{w.to[5]});
        CHECK(paused(r) == w.taken);
        CHECK(r.metric("rx_pauses") == w.taken);
        CHECK(dumped(r, nic::statistic::rx_unsupported_control) == 0);
    }
}

TEST_CASE("PAUSE is taken even if its first bytes are on their way to memory") {
    for (const unsigned discard_short : {0u, 1u}) {
        fresh_kernel k;
        rig r;
        r.configure(hears_all(discard_short));
        r.ring(0x10000, 3);
        r.scb(0, 1, 0x10000);
        r.arrive(control(1, 1000));
        r.run(200 * octet);
        CHECK(paused(r));
        CHECK(r.metric("rx_pauses") == 1);
        CHECK(r.metric("rx_frames") == 1);
    }
}

TEST_CASE("a damaged PAUSE and one that was cut and one of another length do nothing") {
    const bytes good = control(1, 1000);
    bytes shorter = good, longer = good;
    shorter.pop_back();
    longer.push_back(0);
    struct row { const char* what; bytes data; wire::wire_end how; std::uint32_t cut; };
    for (const row& w : {row{"bad FCS", good, wire::wire_end::bad_fcs, 0}, row{"cut", good, wire::wire_end::good, 40}, row{"63 octets", shorter, wire::wire_end::good, 0},
                         row{"65 octets", longer, wire::wire_end::good, 0}}) {
        fresh_kernel k;
        rig r;
        r.configure(setup());
        r.arrive(w.data, w.how, 0, w.cut);
        r.run(100 * octet);
        INFO(w.what);
        CHECK_FALSE(paused(r));
        CHECK(r.metric("rx_pauses") == 0);
        CHECK((r.stat() & 1) == 0);
        CHECK(dumped(r, nic::statistic::rx_unsupported_control) == 0);
    }
}

TEST_CASE("reserved opcodes and priority flow control are counted as unsupported and stop nothing") {
    for (const unsigned opcode : {0x0000u, 0x0002u, 0x0006u, 0x0100u, 0x0101u, 0xFFFEu, 0xFFFFu}) {
        fresh_kernel k;
        rig r;
        r.configure(setup());
        r.arrive(control(opcode, 0xFFFF));
        r.run(100 * octet);
        INFO(opcode);
        CHECK_FALSE(paused(r));
        CHECK(dumped(r, nic::statistic::rx_unsupported_control) == 1);
        CHECK(r.metric("rx_unsupported_control") == 1);
        CHECK(dumped(r, nic::statistic::rx_pause) == 0);
        CHECK((r.stat() & 1) == 0);
    }
}

TEST_CASE("a quantum is 512 bit times at 10 and 100 and 1000 Mb per second from 1 to 65535") {
    struct row { std::int64_t rate; ps octet_time; };
    for (const row& w : {row{10'000'000, 800'000}, row{100'000'000, 80'000}, row{1'000'000'000, 8'000}})
        for (const unsigned quanta : {1u, 65535u}) {
            fresh_kernel k;
            nic::nic_config c;
            c.identity = nic::nic_identity::extended;
            c.link_rate = std::max<std::int64_t>(w.rate, 100'000'000);
            pci::bus_config b;
            if (w.octet_time < 80'000) b.period = 3'000;
            rig r(c, 1 << 20, b);
            r.cable.rate = w.rate;
            r.card.plug(r.cable);
            r.sender.octet = w.octet_time;
            r.configure(setup());
            r.transmit_block(0x1000, rig::payload(60));
            r.arrive(control(1, quanta));
            while (r.sender.busy()) r.run(w.octet_time);
            const ps from = clock_domain(w.octet_time).after(r.sender.ended[0], 2), until = from + quanta * 512 * (w.octet_time / 8);
            CHECK(r.metric("rx_pauses") == 1);
            r.scb(1, 0, 0x1000);
            r.run(std::max<ps>(until - 50 * w.octet_time - sim::now(), 1));
            const bool late = quanta == 1 && w.octet_time < 80'000;     // by then the pause of 512 ns is over
            if (!late) CHECK(r.cable.sent.empty());
            r.run_until_idle();
            REQUIRE(r.cable.sent.size() == 1);
            INFO(w.rate << ' ' << quanta);
            if (quanta == 1) CHECK(r.cable.sent[0].octets.first() >= until);
            else CHECK(r.cable.sent[0].octets.first() == until);
        }
}

TEST_CASE("a PAUSE of 0 for a NIC that is not paused changes nothing and is counted") {
    fresh_kernel k;
    rig r;
    r.configure(setup());
    r.arrive(control(1, 0));
    r.run_until_idle();
    CHECK_FALSE(paused(r));
    send_two(r);
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(r.cable.sent[1].octets.first() - r.cable.sent[0].octets.last() == 13 * octet);
    CHECK(dumped(r, nic::statistic::rx_pause) == 1);
}

TEST_CASE("an 82557 knows no PAUSE: it takes none and its Configure bits are refused") {
    fresh_kernel k;
    nic::nic_config c;
    c.identity = nic::nic_identity::i82557;
    rig r(c);
    auto b = rig::usual();
    b[3] = 0;                                     // nor does it know type enable and two frames
    b[7] &= 0xBF;
    b[19] = 0xBC;                                 // all of flow control
    r.configure(b);
    CHECK(r.metric("refused_configuration") == 4);
    CHECK((r.memory.read32(0x100) & 0xA000) == 0x8000);
    r.arrive(control(1, 1000));
    r.arrive(control(7, 1000));
    r.run_until_idle();
    send_two(r);
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(r.cable.sent[1].octets.first() - r.cable.sent[0].octets.last() < 64 * octet);      // the second is fetched in between
    CHECK(r.metric("rx_pauses") == 0);
    CHECK(r.metric("rx_control") == 0);
    CHECK((r.stat() & 1) == 0);
    r.write(0x1A, 1, 2);
    r.run_until_idle();
    CHECK(r.metric("refused_register") == 1);
    CHECK(r.cable.sent.size() == 2);
}

TEST_CASE("below D0 no PAUSE is taken and D3 ends one") {
    for (const unsigned state : {1u, 2u, 3u}) {
        fresh_kernel k;
        rig r;
        r.configure(setup());
        r.arrive(control(1, 0xFFFF));
        r.run(100 * octet);
        CHECK(paused(r));
        auto& header = r.card.pci_device().registers();
        r.access(pci::command::configuration_write, 0xE0, 2, state);
        r.arrive(control(1, 0));
        r.run(200 * octet);
        CHECK(r.metric("rx_pauses") == 1);
        CHECK(r.metric("rx_asleep") == 1);
        r.access(pci::command::configuration_write, 0xE0, 2, 0);
        header.write(0x10, 4, rig::csr);
        header.write(0x04, 2, 0x17);
        INFO(state);
        CHECK(paused(r) == (state != 3));
    }
}

TEST_CASE("a PAUSE that arrives in the last octets of another takes over without a break") {
    for (const unsigned before : {1u, 2u, 3u, 4u}) {      // octets before the first one's end
        fresh_kernel k;
        rig r;
        r.configure(setup());
        send_two(r);
        r.arrive(control(1, 20));
        while (r.sender.busy()) r.run(octet);
        const ps until = mac.after(r.sender.ended[0], 2) + 20 * slot;
        r.arrive(control(1, 5), wire::wire_end::good, until - (before + 71) * octet);
        r.run_until_idle();
        INFO(before);
        REQUIRE(r.sender.ended.at(1) == until - before * octet);
        REQUIRE(r.cable.sent.size() == 2);
        CHECK(r.cable.sent[1].octets.first() == mac.after(r.sender.ended[1], 2) + 5 * slot);
    }
}
