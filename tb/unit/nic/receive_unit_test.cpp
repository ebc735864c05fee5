// Every transition of the receive unit (SDM 6.4.3), filters, errors, truncation.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
enum { idle = 0, suspended = 1, no_resources = 2, ready = 4 };
enum { fr = 0x40, rnr = 0x10 };
enum { start = 1, resume = 2, abort_unit = 4, load_base = 6 };
constexpr std::uint32_t at = 0x10000;

struct ready_rig : rig {
    explicit ready_rig(unsigned descriptors = 4, std::vector<std::uint8_t> c = usual(), unsigned size = 1520) {
        configure(c);
        ring(at, descriptors, size);
        scb(0, start, at);
        run_until_idle();
    }
};
}  // namespace

TEST_CASE("RU idle: start makes it ready and fetches the descriptor") {
    fresh_kernel k;
    ready_rig r;
    CHECK(r.rus() == ready);
    REQUIRE(r.own().size() >= 1);
    CHECK(r.own().back().command == pci::command::memory_read_line);
    CHECK(r.own().back().words == 4);
}

TEST_CASE("RU idle: resume is refused and abort stays idle without RNR") {
    fresh_kernel k;
    rig r;
    r.scb(0, resume);
    r.scb(0, abort_unit);
    r.run_until_idle();
    CHECK(r.rus() == idle);
    CHECK(r.metric("refused_scb") == 1);
    CHECK(r.stat() == 0);
}

TEST_CASE("RU ready: a frame is stored in the order data count status interrupt") {
    fresh_kernel k;
    ready_rig r;
    r.log.log.clear();
    r.arrive(rig::payload(60));
    r.run_until_idle();
    const auto t = r.own();
    REQUIRE(t.size() == 4);
    CHECK(t[0].address == at + 16);
    CHECK(t[1].address == at + 12);
    CHECK(t[2].address == at);
    CHECK(t[3].command == pci::command::memory_read_line);     // the next descriptor
    CHECK(r.interrupt_at == t[2].last);
    CHECK(r.stat() == fr);
    CHECK(r.rus() == ready);
}

TEST_CASE("RU ready: EL leads to no resources with RNR") {
    fresh_kernel k;
    ready_rig r(1);
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.rus() == no_resources);
    CHECK(r.stat() == (fr | rnr));
}

TEST_CASE("RU ready: S suspends with RNR and resume goes on at the link") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.descriptor(at, 0x4000, at + 0x1000);
    r.descriptor(at + 0x1000, 0x8000, 0);
    r.scb(0, start, at);
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.rus() == suspended);
    CHECK(r.stat() == (fr | rnr));
    r.scb(0, resume);
    CHECK(r.rus() == ready);
    r.arrive(rig::payload(61));
    r.run_until_idle();
    CHECK(r.memory.read16(at + 0x100C) == (0xC000 | 61));
}

TEST_CASE("RU suspended: start takes the given descriptor") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.descriptor(at, 0x4000, at + 0x1000);
    r.ring(at + 0x2000, 1);
    r.scb(0, start, at);
    r.arrive(rig::payload(60));
    r.run_until_idle();
    r.scb(0, start, at + 0x2000);
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.memory.read16(at + 0x2000) == 0xA020);
}

TEST_CASE("RU suspended: abort makes it idle") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.descriptor(at, 0x4000, at + 0x1000);
    r.scb(0, start, at);
    r.arrive(rig::payload(60));
    r.run_until_idle();
    r.scb(0, abort_unit);
    CHECK(r.rus() == idle);
}

TEST_CASE("RU no resources: frames wait in the FIFO and a start delivers them") {
    fresh_kernel k;
    ready_rig r(1);
    for (unsigned n = 0; n < 4; ++n) r.arrive(rig::payload(1514, {2, 0, 0, 0, 0, 1}, n));
    r.run_until_idle();
    CHECK(r.rus() == no_resources);
    CHECK(r.metric("rx_frames") == 1);
    r.ring(at + 0x4000, 4);
    r.scb(0, start, at + 0x4000);
    r.run_until_idle();
    CHECK(r.metric("rx_frames") == 3);       // two were in the FIFO, the next found 44 bytes of room
    CHECK(r.metric("rx_overruns") == 1);
    CHECK(r.rus() == ready);
}

TEST_CASE("RU no resources: what finds the FIFO full counts as a resource error") {
    fresh_kernel k;
    ready_rig r(1);
    for (unsigned n = 0; n < 6; ++n) r.arrive(rig::payload(1514));
    r.run_until_idle();
    CHECK(r.metric("rx_no_resources") == 2);
}

TEST_CASE("RU no resources: resume is refused and abort makes it idle") {
    fresh_kernel k;
    ready_rig r(1);
    r.arrive(rig::payload(60));
    r.run_until_idle();
    r.scb(0, resume);
    CHECK(r.metric("refused_scb") == 1);
    r.scb(0, abort_unit);
    CHECK(r.rus() == idle);
}

TEST_CASE("RU ready: start is refused and abort makes it idle with RNR") {
    fresh_kernel k;
    ready_rig r;
    r.scb(0, start, at);
    CHECK(r.metric("refused_scb") == 1);
    r.scb(0, abort_unit);
    r.run_until_idle();
    CHECK(r.rus() == idle);
    CHECK(r.stat() == rnr);
}

TEST_CASE("RU ready: abort in the middle of a frame throws it away at once") {
    fresh_kernel k;
    ready_rig r;
    r.arrive(rig::payload(1514));
    r.run(60 * microsecond);
    r.scb(0, abort_unit);
    r.run_until_idle();
    CHECK(r.rus() == idle);
    CHECK(r.memory.read16(at) == 0);
    CHECK(r.metric("rx_aborted") == 1);
    r.ring(at, 2);
    r.scb(0, start, at);
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0xA020);
}

TEST_CASE("a descriptor of size 0 at the end of the list is not touched") {
    fresh_kernel k;
    ready_rig r(1, rig::usual(), 0);
    CHECK(r.rus() == no_resources);
    CHECK(r.stat() == rnr);
    CHECK(r.memory.read32(at) == 0x80000000);
}

TEST_CASE("a frame longer than its buffer is truncated and uses the descriptor up") {
    fresh_kernel k;
    ready_rig r(2, rig::usual(), 128);
    const bytes d = rig::payload(300);
    r.memory.write32(at + 16 + 128, 0xDEADBEEF);
    r.arrive(d);
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0x8220);
    CHECK(r.memory.read16(at + 12) == (0xC000 | 128));
    CHECK(std::equal(d.begin(), d.begin() + 128, r.memory.at(at + 16)));
    CHECK(r.memory.read32(at + 16 + 128) == 0xDEADBEEF);
    CHECK(r.metric("rx_truncated") == 1);
}

TEST_CASE("a damaged frame is reclaimed or saved by configuration") {
    for (const bool save : {false, true}) {
        fresh_kernel k;
        auto c = rig::usual();
        if (save) c[6] |= 0x80;
        ready_rig r(4, c);
        r.arrive(rig::payload(200), wire::wire_end::bad_fcs);
        r.arrive(rig::payload(100));
        r.run_until_idle();
        CHECK(r.metric("rx_crc_errors") == 1);
        CHECK(r.memory.read16(at) == (save ? 0x8820 : 0xA020));
        CHECK(r.memory.read16(at + 12) == (0xC000 | (save ? 200 : 100)));
    }
}

TEST_CASE("short frames are discarded or given to memory by configuration") {
    for (const bool discard : {true, false}) {
        fresh_kernel k;
        auto c = rig::usual();
        if (!discard) c[7] &= 0xFE;
        ready_rig r(4, c);
        r.arrive(rig::payload(59));                      // 63 octets with their FCS
        r.arrive(rig::payload(1));
        r.run_until_idle();
        CHECK(r.metric("rx_short") == 2);
        CHECK(r.memory.read16(at) == (discard ? 0 : 0x80A0));
        CHECK(r.metric("rx_frames") == 0);
        r.arrive(rig::payload(60));
        r.run_until_idle();
        CHECK(r.metric("rx_frames") == 1);
    }
}

TEST_CASE("long frames need long receive") {
    for (const bool on : {false, true}) {
        fresh_kernel k;
        auto c = rig::usual();
        if (on) c[18] |= 0x08;
        ready_rig r(4, c, 2000);
        r.arrive(rig::payload(1514));                    // 1518 octets with their FCS
        r.run_until_idle();
        CHECK(r.metric("rx_frames") == 1);
        for (const unsigned octets : {1515u, 1600u}) r.arrive(rig::payload(octets));
        r.run_until_idle();
        CHECK(r.metric("rx_long") == (on ? 0 : 2));
        CHECK(r.metric("rx_frames") == (on ? 3 : 1));
    }
}

TEST_CASE("a frame cut by its link is a CRC error") {
    fresh_kernel k;
    ready_rig r;
    r.arrive(rig::payload(500), wire::wire_end::good, 0, 200);
    r.run_until_idle();
    CHECK(r.metric("rx_crc_errors") == 1);
    CHECK(r.memory.read16(at) == 0);
    CHECK(r.rus() == ready);
}

TEST_CASE("address filters") {
    using mac = std::array<std::uint8_t, 6>;
    const mac own{2, 0, 0, 0, 0, 1}, other{2, 0, 0, 0, 0, 9}, broadcast{255, 255, 255, 255, 255, 255}, group{1, 0, 0x5E, 0, 0, 1};
    struct row { mac to; unsigned byte15, byte21; bool hash; unsigned status; };
    for (const row& w : {row{own, 0x48, 5, false, 0xA020}, row{other, 0x48, 5, false, 0}, row{other, 0x49, 5, false, 0xA026},
                         row{broadcast, 0x48, 5, false, 0xA022}, row{broadcast, 0x4A, 5, false, 0}, row{group, 0x48, 5, false, 0},
                         row{group, 0x48, 0x0D, false, 0xA022}, row{group, 0x48, 5, true, 0xA022}}) {
        fresh_kernel k;
        auto c = rig::usual();
        c[15] = static_cast<std::uint8_t>(w.byte15);
        c[21] = static_cast<std::uint8_t>(w.byte21);
        ready_rig r(4, c);
        if (w.hash) {
            r.block(0x1000, 0x8003, 0);
            r.memory.write16(0x1008, 12);
            const mac far{1, 0, 0x5E, 0, 0, 0xFB};
            r.memory.poke(0x100A, far.data(), 6);
            r.memory.poke(0x1010, group.data(), 6);
            r.scb(1, 0, 0x1000);
            r.run_until_idle();
        }
        r.arrive(rig::payload(60, w.to));
        r.run_until_idle();
        INFO(w.byte15 << ' ' << w.byte21 << ' ' << unsigned{w.to[0]});
        CHECK(r.memory.read16(at) == w.status);
        CHECK(r.metric("rx_unmatched") == (w.status ? 0 : 1));
    }
}

TEST_CASE("IA setup changes the individual address") {
    fresh_kernel k;
    ready_rig r;
    r.block(0x1000, 0x8001, 0);
    const std::array<std::uint8_t, 6> mine{2, 1, 2, 3, 4, 5};
    r.memory.poke(0x1008, mine.data(), 6);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    r.arrive(rig::payload(60));
    r.arrive(rig::payload(80, mine));
    r.run_until_idle();
    CHECK(r.memory.read16(at + 12) == (0xC000 | 80));
}

TEST_CASE("the FCS goes to memory when configured") {
    fresh_kernel k;
    auto c = rig::usual();
    c[18] |= 0x04;
    ready_rig r(4, c);
    const bytes d = rig::payload(100);
    r.arrive(d);
    r.run_until_idle();
    CHECK(r.memory.read16(at + 12) == (0xC000 | 104));
    CHECK(r.memory.read32(at + 16 + 100) == packet::fcs_of(d));
}

TEST_CASE("nothing is received before Configure enables the MAC") {
    fresh_kernel k;
    rig r;
    r.ring(at, 2);
    r.scb(0, start, at);
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0);
    CHECK(r.metric("rx_idle_drops") == 1);
}

TEST_CASE("whole cache lines go by write and invalidate") {
    fresh_kernel k;
    rig r;
    r.card.pci_device().registers().write(0x0C, 1, 8);
    auto c = rig::usual();
    c[3] = 0x03;
    r.configure(c);
    r.ring(at + 16, 2);                      // data behind the descriptor is line aligned
    r.scb(0, start, at + 16);
    r.run_until_idle();
    r.log.log.clear();
    const bytes d = rig::payload(150);
    r.arrive(d);
    r.run_until_idle();
    unsigned invalidates = 0;
    for (const auto& t : r.own()) invalidates += t.command == pci::command::memory_write_and_invalidate;
    CHECK(invalidates == 2);
    CHECK(std::equal(d.begin(), d.end(), r.memory.at(at + 32)));
}
