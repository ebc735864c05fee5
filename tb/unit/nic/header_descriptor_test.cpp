// Header descriptors: header data size, H bit, RX DMA redirect (docs/decisions/0031).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000, list = 0x20000, other_list = 0x24000, room = 0x30000, other_room = 0x40000, none = 0xFFFFFFFF;
enum { er = 0x02, fr = 0x40, rnr = 0x10 };
enum { start = 1, redirect = 3, abort_unit = 4, load_header_size = 5, resume_buffers = 7 };
enum { header = 0x18, el = 0x8000 };          // H and SF
enum { no_resources = 2, ready = 4, no_buffers = 8 };

struct header_rig : rig {
    explicit header_rig(bool direct, unsigned size = 64) {
        auto c = usual();
        c[6] = static_cast<std::uint8_t>(direct ? c[6] & 0xFD : c[6]);
        configure(c);
        if (size) scb(0, load_header_size, size);
        for (unsigned n = 0; n < 3; ++n) {
            descriptor(at + n * 0x1000, header, at + (n + 1) * 0x1000, 0);
            memory.write32(at + n * 0x1000 + 8, n ? none : list);
        }
        buffers(list, room);
        buffers(other_list, other_room);
    }
    void buffers(std::uint32_t d, std::uint32_t where) {
        for (unsigned n = 0; n < 8; ++n) {
            memory.write32(d + n * 32, 0);
            memory.write32(d + n * 32 + 4, d + (n + 1) * 32);
            memory.write32(d + n * 32 + 8, where + n * 0x400);
            memory.write32(d + n * 32 + 12, 0x300 | (n == 7 ? 0x8000u : 0u));
        }
    }
    void go() {
        scb(0, start, at);
        run_until_idle();
    }
    bool holds(std::uint32_t where, const bytes& d, std::ptrdiff_t from, std::ptrdiff_t to) {
        return std::equal(d.begin() + from, d.begin() + to, memory.at(where));
    }
};

}  // namespace

TEST_CASE("RUC 5: a header size is even and not zero and has 14 bits") {
    struct row { std::uint32_t size; bool taken; };
    for (const row& w : {row{2, true}, row{64, true}, row{0x3FFE, true}, row{0, false}, row{1, false}, row{63, false}, row{0x4000, false},
                         row{0x10040, false}}) {
        fresh_kernel k;
        header_rig r(false, 0);
        r.scb(0, load_header_size, w.size);
        INFO(w.size);
        CHECK(r.metric("refused_scb") == !w.taken);
        r.go();
        CHECK(r.rus() == ready);
        CHECK(r.read(0x14, 2) == (w.taken ? w.size & 0x7F8 : 0));
        CHECK(r.metric("refused_descriptor") == 0);
    }
}

TEST_CASE("RUC 5: the header size is kept by a selective reset and forgotten by a software reset") {
    for (const unsigned function : {0u, 2u}) {
        fresh_kernel k;
        header_rig r(false);
        r.write(0x08, 4, function);
        r.run(microsecond);
        r.go();
        CHECK(r.read(0x14, 2) == (function ? 64 : 0));
    }
}

TEST_CASE("H: the header goes to the descriptor and the rest to the list of buffers") {
    fresh_kernel k;
    header_rig r(false, 64);
    r.go();
    const bytes d = rig::payload(1000);
    r.arrive(d);
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0xA020);
    CHECK(r.memory.read16(at + 12) == (0xC000 | 64));
    CHECK(r.holds(at + 16, d, 0, 64));
    CHECK(r.memory.read16(at + 16 + 64) == 0);
    CHECK(r.memory.read16(list) == (0x4000 | 0x300));
    CHECK(r.memory.read16(list + 32) == (0xC000 | (1000 - 64 - 0x300)));
    CHECK(r.holds(room, d, 64, 64 + 0x300));
    CHECK(r.holds(room + 0x400, d, 64 + 0x300, 1000));
    CHECK(r.stat() == fr);
}

TEST_CASE("H: without a header size the device disregards it") {
    for (const bool flexible : {false, true}) {
        fresh_kernel k;
        header_rig r(true, 0);
        r.descriptor(at, flexible ? header : 0x10, at + 0x1000, 512);
        r.memory.write32(at + 8, list);
        r.go();
        const bytes d = rig::payload(300);
        r.arrive(d);
        r.run_until_idle();
        CHECK(r.memory.read16(at) == 0xA020);
        CHECK(r.memory.read16(at + 12) == (0xC000 | 300));
        CHECK(r.holds(at + 16, d, 0, 300));
        CHECK(r.stat() == fr);
        CHECK(r.metric("refused_descriptor") == 0);
    }
}

TEST_CASE("H: the size of the descriptor is that of the data behind the header") {
    struct row { const char* name; unsigned command, octets, status, own, in_list; };
    for (const row& w : {row{"within the header", 0x10, 60, 0xA020, 60, 0}, row{"the header", 0x10, 64, 0xA020, 64, 0}, row{"within the data", 0x10, 500, 0xA020, 500, 0},
                         row{"header and data", 0x10, 64 + 512, 0xA020, 64 + 512, 0}, row{"beyond", 0x10, 1000, 0x8220, 64 + 512, 0},
                         row{"flexible within", header, 64 + 512, 0xA020, 64 + 512, 0}, row{"flexible", header, 1000, 0xA020, 64 + 512, 1000 - 64 - 512}}) {
        fresh_kernel k;
        header_rig r(false, 64);
        r.descriptor(at, w.command, at + 0x1000, 512);
        r.memory.write32(at + 8, list);
        r.go();
        const bytes d = rig::payload(w.octets);
        r.arrive(d);
        r.run_until_idle();
        INFO(w.name);
        CHECK(r.memory.read16(at) == w.status);
        CHECK(r.memory.read16(at + 12) == (0xC000 | w.own));
        CHECK(r.holds(at + 16, d, 0, w.own));
        CHECK(r.memory.read16(at + 16 + w.own) == 0);
        CHECK(r.memory.read16(list) == (w.in_list ? 0xC000 | w.in_list : 0));
        if (w.in_list) CHECK(r.holds(room, d, w.own, w.octets));
        CHECK(r.stat() == fr);
        CHECK((r.rus() & ready) != 0);
    }
}

TEST_CASE("H: a simplified descriptor of size 0 at the end of the list has the room of its header and is no stop mark") {
    for (const unsigned size : {0u, 64u}) {
        fresh_kernel k;
        header_rig r(false, size);
        r.descriptor(at, el | 0x10, 0, 0);
        r.go();
        CHECK(r.rus() == unsigned{size ? ready : no_resources});
    }
}

TEST_CASE("H: the header and what is behind it go by bursts of their own") {
    fresh_kernel k;
    header_rig r(false, 20);
    r.descriptor(at, 0x10, at + 0x1000, 1500);
    r.go();
    r.log.log.clear();
    r.arrive(rig::payload(400));
    r.run_until_idle();
    std::vector<std::uint64_t> starts;
    for (const tenure_record& t : r.own())
        if (t.command == pci::command::memory_write && t.address >= at + 16) starts.push_back(t.address);
    REQUIRE(starts.size() >= 2);
    CHECK(starts[0] == at + 16);
    CHECK(starts[1] == at + 16 + 20);
}

TEST_CASE("Configure 6.1 clear: the frame waits behind its header until RX DMA redirect says where it goes on") {
    fresh_kernel k;
    header_rig r(true, 64);
    r.go();
    const bytes d = rig::payload(1000);
    r.arrive(d);
    r.run_until_idle();
    CHECK(r.stat() == er);
    CHECK(r.rus() == ready);
    CHECK(r.memory.read16(at) == 0);
    CHECK(r.holds(at + 16, d, 0, 64));
    CHECK(r.memory.read16(room) == 0);
    r.ack(er);
    r.scb(0, redirect, other_list);
    r.run_until_idle();
    CHECK(r.stat() == fr);
    CHECK(r.memory.read16(at) == 0xA020);
    CHECK(r.memory.read16(at + 12) == (0xC000 | 64));
    CHECK(r.memory.read16(list) == 0);                       // the list of the descriptor is not touched
    CHECK(r.memory.read16(other_list) == (0x4000 | 0x300));
    CHECK(r.holds(other_room, d, 64, 64 + 0x300));
    CHECK(r.holds(other_room + 0x400, d, 64 + 0x300, 1000));
    CHECK(r.metric("refused_scb") == 0);
    // The next frame waits for its own redirect.
    r.ack(0xFF);
    r.arrive(rig::payload(200));
    r.run_until_idle();
    CHECK(r.stat() == er);
    r.scb(0, redirect, list);
    r.run_until_idle();
    CHECK(r.memory.read16(at + 0x1000) == 0xA020);
    CHECK(r.memory.read16(list) == (0xC000 | 136));
}

TEST_CASE("RUC 3: what waits behind a simplified header goes to the list that it names and the next descriptor is simplified again") {
    fresh_kernel k;
    header_rig r(true, 64);
    r.descriptor(at, 0x10, at + 0x1000, 512);
    r.descriptor(at + 0x1000, 0, at + 0x2000, 1500);
    r.go();
    const bytes e = rig::payload(64 + 0x300, {2, 0, 0, 0, 0, 1}, 7);
    r.arrive(e);
    r.run_until_idle();
    CHECK(r.stat() == er);
    r.memory.write32(other_list + 12, 0x300 | 0x8000);           // one buffer, just enough
    r.scb(0, redirect, other_list);
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0xA020);
    CHECK(r.memory.read16(at + 12) == (0xC000 | 64));
    CHECK(r.memory.read16(other_list) == (0xC000 | 0x300));
    CHECK(r.holds(other_room, e, 64, 64 + 0x300));
    CHECK(r.memory.read16(at + 16 + 64) == 0);                   // not in the data area of the descriptor
    CHECK(r.rus() == ready);
    r.ack(0xFF);
    r.arrive(rig::payload(300));
    r.run_until_idle();
    CHECK(r.stat() == fr);
    CHECK(r.memory.read16(at + 0x1000 + 12) == (0xC000 | 300));
}

TEST_CASE("RUC 3: is refused where no frame waits for it") {
    for (const bool direct : {false, true}) {
        fresh_kernel k;
        header_rig r(direct);
        r.scb(0, redirect, other_list);
        CHECK(r.metric("refused_scb") == 1);
        r.go();
        r.scb(0, redirect, other_list);
        CHECK(r.metric("refused_scb") == 2);
        r.arrive(rig::payload(60));                          // shorter than the header: nothing is left to be redirected
        r.run_until_idle();
        r.scb(0, redirect, other_list);
        CHECK(r.metric("refused_scb") == 3);
        CHECK(r.stat() == fr);
        CHECK(r.memory.read16(at + 12) == (0xC000 | 60));
    }
}

TEST_CASE("RUC 3: a frame as long as its header tells of it and needs no redirect") {
    fresh_kernel k;
    header_rig r(true, 60);
    r.go();
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.stat() == (er | fr));
    CHECK(r.memory.read16(at) == 0xA020);
}

TEST_CASE("RUC 3: without a list the frame is truncated behind its header and the unit has no resources") {
    fresh_kernel k;
    header_rig r(true);
    r.go();
    r.arrive(rig::payload(1000));
    r.run_until_idle();
    r.scb(0, redirect, none);
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0x8220);
    CHECK(r.memory.read16(at + 12) == (0xC000 | 64));
    CHECK(r.rus() == (no_resources | no_buffers));
    CHECK((r.stat() & (fr | rnr)) == (fr | rnr));
}

TEST_CASE("RUC 3: an abort or a reset while a frame waits for it leaves the unit idle and a start takes the next frame") {
    for (const bool reset : {false, true}) {
        fresh_kernel k;
        header_rig r(true);
        r.go();
        r.arrive(rig::payload(1000));
        r.run_until_idle();
        if (reset) r.write(0x08, 4, 2), r.run(microsecond);
        else r.scb(0, abort_unit);
        CHECK(r.rus() == 0);
        CHECK(r.metric("rx_aborted") == 1);
        r.go();
        const bytes d = rig::payload(60);
        r.arrive(d);
        r.run_until_idle();
        CHECK(r.memory.read16(at) == 0xA020);
        CHECK(r.holds(at + 16, d, 0, 60));
    }
}

TEST_CASE("RUC 3: a damaged frame is reclaimed after its redirect and its buffers serve the next") {
    fresh_kernel k;
    header_rig r(true);
    r.go();
    r.arrive(rig::payload(1000), wire::wire_end::bad_fcs);
    r.run_until_idle();
    r.scb(0, redirect, other_list);
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0);
    CHECK(r.metric("rx_crc_errors") == 1);
    r.ack(0xFF);
    const bytes d = rig::payload(500, {2, 0, 0, 0, 0, 1}, 5);
    r.arrive(d);
    r.run_until_idle();
    CHECK(r.stat() == er);
    r.scb(0, redirect, other_list);
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0xA020);
    CHECK(r.holds(other_room, d, 64, 500));
}
