// Frame times and rates of the wire at 10, 100 and 1000 Mb/s, to the picosecond, as the MAC makes them (IEEE 802.3 4.4.2).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

struct speed {
    std::int64_t rate;
    ps bit, octet, gap;
};
constexpr speed speeds[] = {{10'000'000, 100'000, 800'000, 9'600'000}, {100'000'000, 10'000, 80'000, 960'000}, {1'000'000'000, 1'000, 8'000, 96'000}};

// A NIC whose bus never holds it up: at 1 Gb/s the clock is faster than any PCI.
struct fast_rig {
    fresh_kernel kernel;
    rig r;
    explicit fast_rig(const speed& s) : r(config(s), 1 << 20, bus(s)) {
        r.cable.rate = s.rate;
        r.card.plug(r.cable);
        r.sender.octet = s.octet;
        r.configure(rig::usual());
    }
    static nic::nic_config config(const speed& s) {
        nic::nic_config c;
        c.identity = nic::nic_identity::extended;
        c.link_rate = std::max<std::int64_t>(s.rate, 100'000'000);      // the rig first plugs in a link of 100 Mb/s
        return c;
    }
    static pci::bus_config bus(const speed& s) {
        pci::bus_config b;
        if (s.bit < 10'000) b.period = 3'000;
        return b;
    }
};

}  // namespace

TEST_CASE("frames of each length leave at the rate of the table at 10 and 100 and 1000 Mb per second") {
    // Frames a second at 100 Mb/s, tenths, rounded half up: R / (8 (L + 20)).
    struct row { unsigned length; std::int64_t tenths; };
    for (const speed& s : speeds)
        for (const row& w : {row{64, 1'488'095}, row{128, 844'595}, row{256, 452'899}, row{512, 234'962}, row{1024, 119'732}, row{1280, 96'154}, row{1518, 81'274}}) {
            fast_rig f(s);
            constexpr unsigned frames = 6;
            for (unsigned n = 0; n < frames; ++n)
                f.r.transmit_block(0x1000 + n * 0x1000, rig::payload(w.length - 4), n + 1 == frames ? 0x8004 : 4, 0x2000 + n * 0x1000);
            f.r.scb(1, 0, 0x1000);
            f.r.run_until_idle();
            INFO(s.rate << " bit/s, " << w.length << " octets");
            REQUIRE(f.r.cable.sent.size() == frames);
            const ps period = f.r.cable.sent[2].octets.first() - f.r.cable.sent[1].octets.first();
            CHECK(period == static_cast<ps>(w.length + 20) * s.octet);
            for (unsigned n = 1; n < frames; ++n) {
                const span& before = f.r.cable.sent[n - 1].octets;
                const span& now = f.r.cable.sent[n].octets;
                CHECK(now.first() - before.first() == period);
                CHECK(now.first() - (before.last() + s.octet) == s.gap);                           // 96 bit times
                CHECK(now.when(wire::preamble_octets) - now.first() == 64 * s.bit);                // preamble and delimiter
                CHECK(now.last() + s.octet - now.when(wire::preamble_octets) == static_cast<ps>(w.length) * 8 * s.bit);
            }
            // The table's figure is for 100 Mb/s; a tenth and ten times as many at the others.
            const ps at_100 = period * (s.rate / 10'000'000) / 10;
            CHECK((10 * second + at_100 / 2) / at_100 == w.tenths);
        }
}

TEST_CASE("64 and 1518 octets are neither short nor long at each speed") {
    for (const speed& s : speeds)
        for (const unsigned length : {63u, 64u, 1518u, 1519u}) {
            fast_rig f(s);
            f.r.ring(0x10000, 3, 1600);
            f.r.scb(0, 1, 0x10000);
            f.r.arrive(rig::payload(length - 4));
            f.r.run_until_idle();
            INFO(s.rate << " bit/s, " << length << " octets");
            CHECK(f.r.metric("rx_short") == (length < 64));
            CHECK(f.r.metric("rx_long") == (length > 1518));
            CHECK(f.r.metric("rx_frames") == (length >= 64 && length <= 1518));
            CHECK(f.r.metric("rx_overruns") == 0);
            // The MAC takes them at the link's pace.
            CHECK(f.r.sender.ended[0] - f.r.sender.begun[0] == static_cast<ps>(length + 7) * s.octet);
        }
}
