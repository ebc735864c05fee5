// Cycles on the management bus through the MDI control register (SDM 6.3.5; docs/decisions/0025): each operation, each rule of access.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t mdi = 0x10, ready = 0x10000000, interrupt_enable = 0x20000000, read_op = 2u << 26, write_op = 1u << 26;
constexpr std::uint32_t phy(unsigned address, unsigned number) { return address << 21 | number << 16; }

struct mdi_rig : rig {
    using rig::rig;
    std::uint32_t cycle(std::uint32_t w) {
        rig::write(mdi, 4, w);
        run_until_idle();
        return rig::read(mdi, 4);
    }
    unsigned get(unsigned number) { return cycle(read_op | phy(1, number)) & 0xFFFF; }
    void put(unsigned number, unsigned v) { cycle(write_op | phy(1, number) | v); }
};

using role = wire::phy_setting::role;

}  // namespace

TEST_CASE("MDI: a read is ready after the time of its frame and tells by interrupt if asked") {
    for (const bool interrupt : {false, true}) {
        fresh_kernel k;
        rig r;
        CHECK(r.read(mdi, 4) == ready);
        r.log.log.clear();
        r.write(mdi, 4, read_op | phy(1, 1) | (interrupt ? interrupt_enable : 0));
        const ps written = r.log.log[0].first;
        CHECK((r.read(mdi, 4) & ready) == 0);
        r.run(written + 25'600'000 - r.period() - sim::now());
        CHECK((r.read(mdi, 4) & 0x1000FFFF) == 0x1000782D);
        CHECK(r.stat() == (interrupt ? 0x08 : 0));
        if (interrupt) CHECK(r.interrupt_at == written + 25'600'000);
        CHECK(r.metric("refused_register") == 0);
    }
}

TEST_CASE("MDI: a write takes the time of its frame and tells by interrupt if asked") {
    for (const bool interrupt : {false, true}) {
        fresh_kernel k;
        mdi_rig r;
        r.log.log.clear();
        r.write(mdi, 4, write_op | phy(1, 27) | 5 | (interrupt ? interrupt_enable : 0));
        const ps written = r.log.log[0].first;
        r.run(written + 25'600'000 - 6 * r.period() - sim::now());
        CHECK((r.read(mdi, 4) & ready) == 0);
        r.run(4 * r.period());
        CHECK(r.read(mdi, 4) == (ready | write_op | phy(1, 27) | 5 | (interrupt ? interrupt_enable : 0)));
        CHECK(r.stat() == (interrupt ? 0x08 : 0));
        CHECK(r.get(27) == 5);
        CHECK(r.metric("refused_register") == 0);
    }
}

TEST_CASE("MDI: the PHY's registers with a link and at 10 Mbps and without a link") {
    struct row { unsigned number, up, slow, down; };
    for (const row& w : {row{0, 0x3000, 0x3000, 0x3000}, row{1, 0x782D, 0x782D, 0x7809}, row{2, 0x02A8, 0x02A8, 0x02A8}, row{3, 0x0154, 0x0154, 0x0154},
                         row{4, 0x05E1, 0x05E1, 0x05E1}, row{5, 0x41E1, 0x41E1, 0}, row{6, 1, 1, 0}, row{16, 3, 1, 0}, row{27, 0, 0, 0}})
        for (unsigned how = 0; how < 3; ++how) {
            fresh_kernel k;
            mdi_rig r;
            r.cable.rate = how == 1 ? 10'000'000 : 100'000'000;
            r.cable.up = how < 2;
            INFO(w.number << ' ' << how);
            CHECK(r.get(w.number) == (how == 0 ? w.up : how == 1 ? w.slow : w.down));
            CHECK(r.metric("refused_register") == 0);
        }
}

TEST_CASE("MDI: which bits of which register software can write") {
    // Reset 15, loopback 14, power down 11, restart 9 of register 0 are tested by what they do.
    struct row { unsigned number, mask; };
    for (const row& w : {row{0, 0x3580}, row{4, 0x27E0}, row{27, 0x0007}}) {
        fresh_kernel k;
        mdi_rig r;
        const unsigned before = r.get(w.number);
        r.put(w.number, ~before & (w.number == 0 ? 0x35FF : 0xFFFF));
        INFO(w.number);
        CHECK(r.get(w.number) == (before ^ w.mask));
        CHECK(r.metric("refused_register") == 0);
    }
}

TEST_CASE("MDI: a write to a read-only register changes nothing and is counted") {
    for (const unsigned number : {1u, 2u, 3u, 5u, 6u, 16u}) {
        fresh_kernel k;
        mdi_rig r;
        const unsigned before = r.get(number);
        r.put(number, 0xFFFF);
        INFO(number);
        CHECK(r.get(number) == before);
        CHECK(r.metric("refused_register") == 1);
    }
}

TEST_CASE("MDI: a register that is not there reads 0 and takes nothing and both are counted") {
    for (unsigned number = 0; number < 32; ++number) {
        if (number < 7 || number == 16 || number == 27) continue;
        fresh_kernel k;
        mdi_rig r;
        r.put(number, 0xFFFF);
        INFO(number);
        CHECK(r.metric("refused_register") == 1);
        CHECK(r.get(number) == 0);
        CHECK(r.metric("refused_register") == 2);
    }
}

TEST_CASE("MDI: at another PHY address nobody answers: a read brings ones and a write goes nowhere") {
    fresh_kernel k;
    mdi_rig r;
    for (unsigned address = 0; address < 32; ++address) {
        if (address == 1) continue;
        INFO(address);
        CHECK((r.cycle(write_op | phy(address, 0) | 0x0800) & (ready | 0xFFFF)) == (ready | 0x0800));
        CHECK((r.cycle(read_op | phy(address, 0)) & (ready | 0xFFFF)) == (ready | 0xFFFF));
    }
    CHECK(r.get(0) == 0x3000);
    CHECK(r.metric("refused_register") == 0);
}

TEST_CASE("MDI: an operation that is neither read nor write is counted and takes its time") {
    for (const unsigned op : {0u, 3u}) {
        fresh_kernel k;
        mdi_rig r;
        r.write(mdi, 4, op << 26 | phy(1, 0) | 0x1234);
        CHECK((r.read(mdi, 4) & ready) == 0);
        r.run_until_idle();
        CHECK((r.read(mdi, 4) & (ready | 0xFFFF)) == (ready | 0x1234));
        CHECK(r.metric("refused_register") == 1);
        CHECK(r.get(0) == 0x3000);
    }
}

TEST_CASE("MDI: a second cycle before Ready is counted and changes nothing") {
    fresh_kernel k;
    mdi_rig r;
    r.write(mdi, 4, read_op | phy(1, 2));
    r.write(mdi, 4, read_op | phy(1, 3));
    r.run_until_idle();
    CHECK((r.read(mdi, 4) & 0xFFFF) == 0x02A8);
    CHECK(r.metric("refused_register") == 1);
}

TEST_CASE("MDI: only the write of byte 13h begins a cycle") {
    fresh_kernel k;
    mdi_rig r;
    r.write(0x10, 2, 0);
    r.write(0x12, 1, phy(1, 2) >> 16 & 0xFF);
    r.run_until_idle();
    CHECK(r.read(mdi, 4) == (ready | (phy(1, 2) & 0xFF0000)));
    r.write(0x13, 1, read_op >> 24);
    CHECK((r.read(mdi, 4) & ready) == 0);
    r.run_until_idle();
    CHECK((r.read(mdi, 4) & 0xFFFF) == (0x02A8u));          // PHY 1 in bits 25:21: 21 is in byte 12h
}

TEST_CASE("MDI: a PORT reset ends the cycle and leaves the PHY as it is") {
    fresh_kernel k;
    mdi_rig r;
    r.put(4, 0x0061);
    r.write(mdi, 4, interrupt_enable | read_op | phy(1, 2));
    r.write(0x08, 4, 0);
    r.run_until_idle();
    CHECK(r.read(mdi, 4) == ready);
    CHECK(r.stat() == 0);
    CHECK(r.metric("refused_register") == 0);                // nothing of it is left to be done
    CHECK(r.get(4) == 0x0061);
}

TEST_CASE("MDI: reset of the PHY brings every register back and begins anew") {
    fresh_kernel k;
    mdi_rig r;
    r.put(27, 7);
    r.put(4, 0x0021);
    r.put(0, 0x9100);
    CHECK(r.get(0) == 0x3000);
    CHECK(r.get(4) == 0x05E1);
    CHECK(r.get(27) == 0);
    REQUIRE(r.cable.told.size() == 1);
    CHECK(r.cable.told[0].first == wire::phy_setting{role::negotiates, 0x05E0});
}

TEST_CASE("MDI: an advertisement counts from the restart of autonegotiation") {
    fresh_kernel k;
    mdi_rig r;
    r.put(4, 0x0461);
    CHECK(r.cable.told.empty());
    r.put(0, 0x3200);
    REQUIRE(r.cable.told.size() == 1);
    CHECK(r.cable.told[0].first == wire::phy_setting{role::negotiates, 0x0460});
    CHECK(r.get(0) == 0x3000);                               // the bit clears itself
    r.put(0, 0x3000);
    CHECK(r.cable.told.size() == 1);                         // nothing changed
    r.put(0, 0x3200);
    CHECK(r.cable.told.size() == 2);                         // asked for again
}

TEST_CASE("MDI: without autonegotiation rate and duplex are those of register 0") {
    struct row { unsigned control; std::uint16_t mode; };
    for (const row& w : {row{0x0000, wire::half_10}, row{0x0100, wire::full_10}, row{0x2000, wire::half_100}, row{0x2100, wire::full_100}}) {
        fresh_kernel k;
        mdi_rig r;
        r.put(0, w.control);
        INFO(w.control);
        REQUIRE(r.cable.told.size() == 1);
        CHECK(r.cable.told[0].first == wire::phy_setting{role::forced, w.mode});
        CHECK((r.get(1) & 0x0024) == 0x0004);                // link, and no negotiation that could be complete
        CHECK(r.get(0) == w.control);
        r.put(0, w.control | 0x0200);                        // a restart needs autonegotiation
        CHECK(r.cable.told.size() == 1);
        r.put(0, 0x1000);
        CHECK(r.cable.told.back().first.how == role::negotiates);
    }
}

TEST_CASE("MDI: powered down and looped back the PHY is silent") {
    for (const unsigned bit : {0x0800u, 0x4000u}) {
        fresh_kernel k;
        mdi_rig r;
        r.put(0, 0x3000 | bit);
        REQUIRE(r.cable.told.size() == 1);
        CHECK(r.cable.told[0].first.how == role::silent);
        CHECK(r.get(0) == (0x3000 | bit));                   // its registers answer
        r.put(0, 0x3000);
        CHECK(r.cable.told.back().first.how == role::negotiates);
    }
}

TEST_CASE("MDI: link status stays low until it is read once the link was lost") {
    fresh_kernel k;
    mdi_rig r;
    CHECK((r.get(1) & 4) == 4);
    r.cable.up = false;
    r.card.receiver().link(false, sim::now());
    r.cable.up = true;
    r.card.receiver().link(true, sim::now());
    CHECK((r.get(1) & 4) == 0);
    CHECK((r.get(1) & 4) == 4);
    CHECK((r.read(0x1D, 1) & 1) == 1);                       // general status has no memory
}

TEST_CASE("MDI: a partner found by parallel detection shows its rate in half duplex and no page") {
    fresh_kernel k;
    mdi_rig r;
    r.cable.partner_negotiates = r.cable.full_duplex = false;
    for (const bool fast : {true, false}) {
        r.cable.rate = fast ? 100'000'000 : 10'000'000;
        r.card.receiver().link(true, sim::now());
        CHECK(r.get(5) == (fast ? 0x0080u : 0x0020u));
        CHECK(r.get(6) == 0);
        CHECK(r.get(16) == (fast ? 2u : 0u));
        CHECK(r.read(0x1D, 1) == (fast ? 3u : 1u));
    }
}

TEST_CASE("MDI: a received page is told once") {
    fresh_kernel k;
    mdi_rig r;
    r.card.receiver().link(true, sim::now());
    CHECK(r.get(6) == 3);
    CHECK(r.get(6) == 1);
}

TEST_CASE("MDI: looped back what the MAC sends is what it receives and the line is silent") {
    fresh_kernel k;
    mdi_rig r;
    r.configure(rig::usual());
    r.put(0, 0x6100);
    r.ring(0x10000, 2);
    r.scb(0, 1, 0x10000);
    r.transmit_block(0x2000, rig::payload(100));
    r.scb(1, 0, 0x2000);
    r.run_until_idle();
    CHECK(r.cable.sent.empty());
    CHECK(r.metric("tx_frames") == 1);
    CHECK(r.metric("rx_frames") == 1);
    CHECK(r.memory.read16(0x10000) == 0xA020);
    CHECK((r.memory.read16(0x1000C) & 0x3FFF) == 100);
}

TEST_CASE("MDI: isolated neither MAC nor line hears of the other and the link stays") {
    fresh_kernel k;
    mdi_rig r;
    r.configure(rig::usual());
    r.put(0, 0x3400);
    CHECK(r.cable.told.empty());
    CHECK((r.get(1) & 4) == 4);
    r.ring(0x10000, 2);
    r.scb(0, 1, 0x10000);
    r.arrive(rig::payload(100));
    r.transmit_block(0x2000, rig::payload(100));
    r.scb(1, 0, 0x2000);
    r.run_until_idle();
    CHECK(r.cable.sent.empty());
    CHECK(r.metric("rx_frames") == 0);
    CHECK(r.metric("rx_isolated") == 1);
    r.put(0, 0x3000);
    r.arrive(rig::payload(100));
    r.run_until_idle();
    CHECK(r.metric("rx_frames") == 1);
}
