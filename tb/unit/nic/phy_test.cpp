// NIC and link partner at the two ends of a cable: what both come to by their PHYs, and what software sees of it.
#include <catch2/catch.hpp>

#include "nicteam/wire/cable.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t mdi = 0x10, read_op = 2u << 26, write_op = 1u << 26, phy_1 = 1u << 21;

// Somebody at the other end.
struct partner_end : wire::wire_end_point, wire::wire_sink {
    wire::phy_setting says;
    wire::wire_source* line = nullptr;
    explicit partner_end(wire::phy_setting s) : says(s) {}
    wire_sink& receiver() override { return *this; }
    void plug(wire::wire_source& s) override { line = &s; }
    const char* end_point_name() const override { return "partner"; }
    wire::phy_setting phy() const override { return says; }
    void begin(const frame_ref&, const span&) override {}
    void replan(const span&) override {}
    void end(const frame_ref&, wire::wire_end) override {}
};

// As rig, but the card is on a real cable.
struct line_rig : rig {
    partner_end partner;
    wire::cable line;
    explicit line_rig(wire::phy_setting says, wire::negotiation_mode how = wire::negotiation_mode::instant, nic::nic_config c = {})
        : rig(c, 1 << 20, {}, false), partner(says), line("line", config(how), card, partner) { begin(); }
    static wire::cable_config config(wire::negotiation_mode how) {
        wire::cable_config c;
        c.negotiation = how;
        c.cold = true;
        return c;
    }
    unsigned get(unsigned number) {
        write(mdi, 4, read_op | phy_1 | number << 16);
        run(30 * microsecond);
        return read(mdi, 4) & 0xFFFF;
    }
    void put(unsigned number, unsigned v) {
        write(mdi, 4, write_op | phy_1 | number << 16 | v);
        run(30 * microsecond);
    }
};

using role = wire::phy_setting::role;
wire::phy_setting asks(unsigned a = wire::every_mode) { return {role::negotiates, static_cast<std::uint16_t>(a)}; }
wire::phy_setting forced(unsigned a) { return {role::forced, static_cast<std::uint16_t>(a)}; }

}  // namespace

TEST_CASE("phy: what NIC and partner come to shows in every register") {
    struct row { const char* name; wire::phy_setting partner; unsigned general, status, word, expansion, own; };
    const row rows[] = {
        {"everything", asks(), 7, 0x782D, 0x41E1, 3, 3},
        {"pause too", asks(wire::every_mode | wire::pause_frames), 7, 0x782D, 0x45E1, 3, 3},
        {"half duplex", asks(wire::half_10 | wire::half_100), 3, 0x782D, 0x40A1, 3, 2},
        {"10 Mbps", asks(wire::half_10 | wire::full_10), 5, 0x782D, 0x4061, 3, 1},
        {"forced to full duplex: a mismatch", forced(wire::full_100), 3, 0x782D, 0x0080, 0, 2},
        {"forced to 10 half", forced(wire::half_10), 1, 0x782D, 0x0020, 0, 0},
        {"silent", {role::silent, 0}, 0, 0x7809, 0, 0, 0},
    };
    for (const row& w : rows) {
        fresh_kernel k;
        line_rig r(w.partner);
        INFO(w.name);
        CHECK(r.read(0x1D, 1) == w.general);
        CHECK(r.get(1) == w.status);
        CHECK(r.get(5) == w.word);
        CHECK((r.get(6) & 1) == (w.expansion & 1));
        CHECK(r.get(16) == w.own);
        CHECK(r.partner.line->outcome().up == (w.general != 0));
    }
}

TEST_CASE("phy: a driver that forces full duplex against a negotiating partner makes the mismatch there") {
    fresh_kernel k;
    line_rig r(asks());
    r.put(0, 0x2100);
    CHECK(r.read(0x1D, 1) == 7);
    CHECK_FALSE(r.partner.line->outcome().full_duplex);
    CHECK(r.partner.line->outcome().up);
}

TEST_CASE("phy: software that offers only 10 Mbps gets it and the frames take their time") {
    fresh_kernel k;
    line_rig r(asks());
    r.put(4, 0x0061);
    CHECK(r.read(0x1D, 1) == 7);
    r.put(0, 0x3200);
    CHECK(r.read(0x1D, 1) == 5);
    CHECK(r.partner.line->bits_per_second() == 10'000'000);
    r.configure(rig::usual());
    r.transmit_block(0x2000, rig::payload(1000));
    const ps from = sim::now();
    r.scb(1, 0, 0x2000);
    r.run_until_idle();
    CHECK(r.metric("tx_frames") == 1);
    CHECK(sim::now() - from > 1004 * 800 * nanosecond);
}

TEST_CASE("phy: in time the link comes up and falls and comes up again as clause 28 has it") {
    fresh_kernel k;
    line_rig r(asks(), wire::negotiation_mode::timed);
    constexpr ps up = 1200 * millisecond + 12 * 16 * millisecond + 330 * microsecond;
    r.run(up - microsecond - sim::now());
    CHECK(r.read(0x1D, 1) == 0);
    r.run(2 * microsecond);
    CHECK(r.read(0x1D, 1) == 7);
    CHECK((r.get(1) & 0x24) == 0x20);                        // it was down
    CHECK((r.get(1) & 0x24) == 0x24);
    CHECK(r.get(6) == 3);
    const ps again = sim::now();
    r.put(0, 0x3200);
    CHECK(r.read(0x1D, 1) == 0);
    r.run(again + up - sim::now() + 100 * microsecond);
    CHECK(r.read(0x1D, 1) == 7);
}
