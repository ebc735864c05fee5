// Flexible receive frame descriptors and their list of buffers: every transition of docs/decisions/0016-receive-buffer-descriptors.md.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

enum { idle = 0, suspended = 1, no_resources = 2, ready = 4, no_buffers = 8 };
enum { fr = 0x40, rnr = 0x10 };
enum { start = 1, resume = 2, abort_unit = 4, resume_buffers = 7 };
enum { el = 0x8000, s = 0x4000, header = 0x10, sf = 0x8 };
enum { ok = 0xA020, cut_off = 0x8220, filled = 0x4000, filled_end = 0xC000 };
constexpr std::uint32_t at = 0x10000, list = 0x20000, room = 0x30000, nowhere = 0x00F00000, none = 0xFFFFFFFF;

struct flexible_rig : rig {
    explicit flexible_rig(nic::nic_config c = {}) : rig(c) { configure(usual()); }

    void flexible(std::uint32_t where, unsigned command, unsigned size = 0, std::uint32_t pointer = none) {
        descriptor(where, command | sf, where + 0x1000, size);
        memory.write32(where + 8, pointer);
    }
    void buffer(unsigned n, unsigned size, std::uint32_t where, bool last = false) {
        buffer_at(list + n * 32, list + (n + 1) * 32, size, where, last);
    }
    void buffer_at(std::uint32_t d, std::uint32_t link, unsigned size, std::uint32_t where, bool last) {
        memory.write32(d, 0);
        memory.write32(d + 4, link);
        memory.write32(d + 8, where);
        memory.write32(d + 12, size | (last ? 0x8000u : 0u));
    }
    // Two flexible descriptors without own room, `count` buffers of `size`.
    void simple(unsigned count, unsigned size, unsigned command = 0) {
        flexible(at, command, 0, list);
        flexible(at + 0x1000, 0);
        flexible(at + 0x2000, 0);
        for (unsigned n = 0; n < count; ++n) buffer(n, size, room + n * 0x1000, n + 1 == count);
        scb(0, start, at);
        run_until_idle();
    }
    bytes take(unsigned octets, unsigned seed = 1) {
        const bytes d = payload(octets, {2, 0, 0, 0, 0, 1}, seed);
        arrive(d);
        run_until_idle();
        return d;
    }
    void ruc(unsigned c) {
        scb(0, c);
        run_until_idle();
    }
    unsigned count(unsigned n) { return memory.read16(list + n * 32); }
    unsigned status(unsigned n) { return memory.read16(at + n * 0x1000); }
    bool holds(std::uint32_t where, const bytes& d, std::size_t from, std::size_t to) {
        return std::equal(d.begin() + static_cast<std::ptrdiff_t>(from), d.begin() + static_cast<std::ptrdiff_t>(to), memory.at(where));
    }
};

}  // namespace

TEST_CASE("RBD: a frame goes through its own area and buffers of odd sizes at odd addresses") {
    fresh_kernel k;
    flexible_rig r;
    r.flexible(at, 0, 14, list);
    r.flexible(at + 0x1000, 0, 14);
    r.buffer(0, 37, room + 1);
    r.buffer(1, 5, room + 0x103);
    r.buffer(2, 101, room + 0x202);
    r.buffer(3, 1500, room + 0x1003);
    r.buffer(4, 1500, room + 0x2000, true);
    r.memory.write32(room + 0x103 + 5, 0xDEADBEEF);
    r.scb(0, start, at);
    r.run_until_idle();
    CHECK(r.rus() == ready);
    const bytes d = r.take(600);
    CHECK(r.holds(at + 16, d, 0, 14));
    CHECK(r.holds(room + 1, d, 14, 51));
    CHECK(r.holds(room + 0x103, d, 51, 56));
    CHECK(r.holds(room + 0x202, d, 56, 157));
    CHECK(r.holds(room + 0x1003, d, 157, 600));
    CHECK(r.memory.read32(room + 0x103 + 5) == 0xDEADBEEF);
    CHECK(r.count(0) == (filled | 37));
    CHECK(r.count(1) == (filled | 5));
    CHECK(r.count(2) == (filled | 101));
    CHECK(r.count(3) == (filled_end | 443));
    CHECK(r.count(4) == 0);
    CHECK(r.memory.read16(at + 12) == (filled_end | 14));
    CHECK(r.status(0) == ok);
    CHECK(r.stat() == fr);
    CHECK(r.metric("rx_bytes") == 600);

    // The next frame begins with the next buffer.
    const bytes e = r.take(90, 2);
    CHECK(r.holds(at + 0x1010, e, 0, 14));
    CHECK(r.holds(room + 0x2000, e, 14, 90));
    CHECK(r.count(4) == (filled_end | 76));
}

TEST_CASE("RBD: order is data then buffer counts then frame count status interrupt") {
    fresh_kernel k;
    flexible_rig r;
    r.simple(3, 40);
    r.log.log.clear();
    r.take(60);
    const auto t = r.own();
    REQUIRE(t.size() == 9);
    CHECK(t[0].address == list);
    CHECK(t[0].command == pci::command::memory_read_line);
    CHECK(t[0].words == 4);
    CHECK(t[1].address == room);
    CHECK(t[2].address == list + 32);
    CHECK(t[3].address == room + 0x1000);
    CHECK(t[4].address == list);
    CHECK(t[4].command == pci::command::memory_write);
    CHECK(t[5].address == list + 32);
    CHECK(t[6].address == at + 12);
    CHECK(t[7].address == at);
    CHECK(t[8].address == at + 0x1000);
    CHECK(r.interrupt_at == t[7].last);
    CHECK(r.memory.read16(at + 12) == filled_end);
}

TEST_CASE("RBD: a frame that ends in the descriptor's own area uses no buffer") {
    fresh_kernel k;
    flexible_rig r;
    r.flexible(at, 0, 100, list);
    r.flexible(at + 0x1000, 0, 100);
    r.buffer(0, 100, room, true);
    r.scb(0, start, at);
    const bytes d = r.take(60);
    CHECK(r.holds(at + 16, d, 0, 60));
    CHECK(r.memory.read16(at + 12) == (filled_end | 60));
    CHECK(r.count(0) == 0);
    CHECK(r.rus() == ready);
}

TEST_CASE("RBD: EL in the middle of a frame truncates it and leads to no resources with RNR") {
    fresh_kernel k;
    flexible_rig r;
    r.simple(2, 100);
    const bytes d = r.take(300);
    CHECK(r.status(0) == cut_off);
    CHECK(r.count(0) == (filled | 100));
    CHECK(r.count(1) == (filled_end | 100));
    CHECK(r.holds(room + 0x1000, d, 100, 200));
    CHECK(r.stat() == (fr | rnr));
    CHECK(r.rus() == (no_resources | no_buffers));
    CHECK(r.metric("rx_truncated") == 1);
    // More buffers behind the last: RBD resume reads it again.
    r.buffer(2, 100, room + 0x2000, true);
    r.buffer(1, 100, room + 0x1000);
    r.ruc(resume_buffers);
    CHECK(r.rus() == ready);
    const bytes e = r.take(90, 2);
    CHECK(r.status(1) == ok);
    CHECK(r.count(2) == (filled_end | 90));
    CHECK(r.holds(room + 0x2000, e, 0, 90));
}

TEST_CASE("RBD: using the last buffer up leaves the unit ready without RNR and the next frame waits for RBD resume") {
    fresh_kernel k;
    flexible_rig r;
    r.simple(1, 100);
    r.take(80);
    CHECK(r.status(0) == ok);
    CHECK(r.rus() == (ready | no_buffers));
    CHECK(r.stat() == fr);
    const bytes d = r.take(90, 2);
    CHECK(r.status(1) == 0);
    CHECK(r.rus() == (no_resources | no_buffers));
    CHECK(r.stat() == (fr | rnr));
    r.ruc(resume);
    CHECK(r.metric("refused_scb") == 1);
    r.buffer(1, 100, room + 0x1000, true);
    r.buffer(0, 100, room);
    r.ruc(resume_buffers);
    CHECK(r.status(1) == ok);
    CHECK(r.holds(room + 0x1000, d, 0, 90));
    CHECK(r.metric("rx_frames") == 2);
    CHECK(r.rus() == (ready | no_buffers));
}

TEST_CASE("RBD: RBD resume with EL still set changes nothing") {
    fresh_kernel k;
    flexible_rig r;
    r.simple(1, 100);
    r.take(80);
    r.ruc(resume_buffers);
    CHECK(r.rus() == (ready | no_buffers));
    r.take(80);
    r.ack(0xFF);
    r.ruc(resume_buffers);
    CHECK(r.rus() == (no_resources | no_buffers));
    CHECK(r.stat() == 0);
    CHECK(r.metric("refused_scb") == 0);
}

TEST_CASE("RBD: suspended without buffers goes to suspended by RBD resume and to ready without buffers by RU resume") {
    for (const bool buffers_first : {true, false}) {
        fresh_kernel k;
        flexible_rig r;
        r.simple(1, 100, s);
        r.take(80);
        CHECK(r.rus() == (suspended | no_buffers));
        CHECK(r.stat() == (fr | rnr));
        r.buffer(1, 100, room + 0x1000);
        r.buffer(2, 100, room + 0x2000, true);
        r.buffer(0, 100, room);
        r.ruc(buffers_first ? resume_buffers : resume);
        CHECK(r.rus() == (buffers_first ? suspended : ready | no_buffers));
        r.ruc(buffers_first ? resume : resume_buffers);
        CHECK(r.rus() == ready);
        r.take(90);
        CHECK(r.count(1) == (filled_end | 90));
    }
}

TEST_CASE("RBD: a descriptor without a list is ready without buffers and RBD resume reads its pointer again") {
    fresh_kernel k;
    flexible_rig r;
    r.flexible(at, 0);
    r.flexible(at + 0x1000, 0);
    r.scb(0, start, at);
    r.run_until_idle();
    CHECK(r.rus() == (ready | no_buffers));
    CHECK(r.stat() == 0);
    const bytes d = r.take(90);
    CHECK(r.rus() == (no_resources | no_buffers));
    r.buffer(0, 100, room, true);
    r.memory.write32(at + 8, list);
    r.ruc(resume_buffers);
    CHECK(r.status(0) == ok);
    CHECK(r.holds(room, d, 0, 90));
}

TEST_CASE("RBD: a frame beyond the own area of a descriptor without a list is truncated") {
    fresh_kernel k;
    flexible_rig r;
    r.flexible(at, 0, 64);
    r.flexible(at + 0x1000, 0, 64);
    r.scb(0, start, at);
    r.take(90);
    CHECK(r.status(0) == cut_off);
    CHECK(r.memory.read16(at + 12) == (filled_end | 64));
    CHECK(r.rus() == (no_resources | no_buffers));
}

TEST_CASE("RBD: a buffer of size 0 ends the list untouched and RBD resume uses it once it has room") {
    fresh_kernel k;
    flexible_rig r;
    r.flexible(at, 0, 0, list);
    r.flexible(at + 0x1000, 0);
    r.buffer(0, 100, room);
    r.buffer(1, 0, room + 0x1000);
    r.scb(0, start, at);
    r.take(1400);
    CHECK(r.status(0) == cut_off);
    CHECK(r.count(0) == (filled_end | 100));
    CHECK(r.count(1) == 0);
    CHECK(r.metric("rx_fifo") < 400);            // the rest of the frame does not stay in the FIFO
    CHECK(r.rus() == (no_resources | no_buffers));
    CHECK(r.metric("refused_descriptor") == 0);
    r.buffer(1, 100, room + 0x1000, true);
    r.ruc(resume_buffers);
    CHECK(r.rus() == ready);
    r.take(70);
    CHECK(r.count(1) == (filled_end | 70));
}

TEST_CASE("RBD: a buffer of size 0 at the start of a frame lets it wait") {
    fresh_kernel k;
    flexible_rig r;
    r.flexible(at, 0, 0, list);
    r.buffer(0, 0, room);
    r.scb(0, start, at);
    r.take(60);
    CHECK(r.status(0) == 0);
    CHECK(r.rus() == (no_resources | no_buffers));
    CHECK(r.stat() == rnr);
    r.buffer(0, 100, room, true);
    r.ruc(resume_buffers);
    CHECK(r.status(0) == ok);
    CHECK(r.count(0) == (filled_end | 60));
}

TEST_CASE("RBD: a buffer that links to itself is used again and again") {
    fresh_kernel k;
    flexible_rig r;
    r.flexible(at, 0, 0, list);
    r.flexible(at + 0x1000, 0);
    r.buffer_at(list, list, 64, room, false);
    r.scb(0, start, at);
    const bytes d = r.take(200);
    CHECK(r.status(0) == ok);
    CHECK(r.count(0) == (filled_end | 8));
    CHECK(r.holds(room, d, 192, 200));
    CHECK(r.holds(room + 8, d, 136, 192));
    CHECK(r.rus() == ready);
}

TEST_CASE("RBD: a descriptor outside memory is refused and ends the list") {
    fresh_kernel k;
    flexible_rig r;
    r.flexible(at, 0, 0, list);
    r.flexible(at + 0x1000, 0);
    r.buffer_at(list, nowhere, 100, room, false);
    r.scb(0, start, at);
    r.take(300);
    CHECK(r.status(0) == cut_off);
    CHECK(r.count(0) == (filled_end | 100));
    CHECK(r.metric("master_aborts") == 1);
    CHECK(r.metric("refused_descriptor") == 1);
    CHECK(r.rus() == (no_resources | no_buffers));
    r.ruc(resume_buffers);
    CHECK(r.metric("master_aborts") == 2);
    CHECK(r.rus() == (no_resources | no_buffers));
}

TEST_CASE("RBD: a buffer that runs beyond the address space is refused") {
    fresh_kernel k;
    flexible_rig r;
    r.flexible(at, 0, 0, list);
    r.buffer_at(list, list, 64, 0xFFFFFFF0, false);
    r.scb(0, start, at);
    r.take(60);
    CHECK(r.metric("refused_descriptor") == 1);
    CHECK(r.rus() == (no_resources | no_buffers));
}

TEST_CASE("RBD: a buffer outside memory swallows its part of the frame") {
    fresh_kernel k;
    flexible_rig r;
    r.flexible(at, 0, 0, list);
    r.flexible(at + 0x1000, 0);
    r.buffer(0, 64, nowhere);
    r.buffer(1, 200, room, true);
    r.scb(0, start, at);
    const bytes d = r.take(200);
    CHECK(r.metric("master_aborts") >= 1);
    CHECK(r.status(0) == ok);
    CHECK(r.holds(room, d, 64, 200));
    CHECK(r.count(1) == (filled_end | 136));
}

TEST_CASE("RBD: a damaged frame gives its buffers back without a trace in the descriptors") {
    fresh_kernel k;
    flexible_rig r;
    r.simple(4, 100);
    r.arrive(rig::payload(250), wire::wire_end::bad_fcs);
    const bytes d = r.take(150, 3);
    CHECK(r.metric("rx_crc_errors") == 1);
    CHECK(r.status(0) == ok);
    CHECK(r.count(0) == (filled | 100));
    CHECK(r.count(1) == (filled_end | 50));
    CHECK(r.count(2) == 0);
    CHECK(r.holds(room, d, 0, 100));
    CHECK(r.holds(room + 0x1000, d, 100, 150));
}

TEST_CASE("RBD: RBD resume is refused where no buffers are missing") {
    fresh_kernel k;
    flexible_rig r;
    r.ruc(resume_buffers);
    CHECK(r.rus() == idle);
    CHECK(r.metric("refused_scb") == 1);
    r.simple(2, 100);
    r.ruc(resume_buffers);
    CHECK(r.rus() == ready);
    CHECK(r.metric("refused_scb") == 2);
}

TEST_CASE("RBD: RBD resume while a frame goes to memory is remembered to its end") {
    for (const bool good : {true, false}) {
        fresh_kernel k;
        flexible_rig r;
        r.flexible(at, 0, good ? 1500 : 1400);
        r.flexible(at + 0x1000, 0, 64);
        r.scb(0, start, at);
        r.run_until_idle();
        REQUIRE(r.rus() == (ready | no_buffers));
        r.arrive(rig::payload(1400), good ? wire::wire_end::good : wire::wire_end::bad_fcs);
        r.run(60 * microsecond);
        r.buffer(0, 1000, room, true);
        r.memory.write32(at + 8, list);
        r.scb(0, resume_buffers);
        CHECK(r.rus() == (ready | no_buffers));
        r.run_until_idle();
        CHECK(r.status(0) == (good ? ok : 0));
        CHECK(r.rus() == ready);
        const bytes d = r.take(good ? 300 : 1450);
        CHECK(r.status(good ? 1 : 0) == ok);
        if (good) CHECK(r.holds(room, d, 64, 300));
        else CHECK(r.holds(room, d, 1400, 1450));
    }
}

TEST_CASE("RBD: EL of the frame descriptor asks for a start even after RBD resume") {
    fresh_kernel k;
    flexible_rig r;
    r.simple(1, 100, el);
    r.take(80);
    CHECK(r.rus() == (no_resources | no_buffers));
    r.buffer(0, 100, room);
    r.ruc(resume_buffers);
    CHECK(r.rus() == no_resources);
    r.buffer(5, 100, room + 0x5000, true);
    r.flexible(at + 0x2000, 0, 0, list + 5 * 32);
    r.scb(0, start, at + 0x2000);
    r.take(70);
    CHECK(r.count(5) == (filled_end | 70));
    CHECK(r.count(1) == 0);
}

TEST_CASE("RBD: RU start while the list is read again takes the new list") {
    // The later the first command is accepted, the more of the second falls into the fetch that it orders.
    unsigned taken = 0;
    for (unsigned accept = 1; accept < 14; ++accept) {
        fresh_kernel k;
        nic::nic_config c;
        c.ru_accept = accept;
        flexible_rig r(c);
        r.simple(1, 100);
        r.take(80);
        r.take(80);
        REQUIRE(r.rus() == (no_resources | no_buffers));
        r.buffer(5, 100, room + 0x5000, true);
        r.flexible(at + 0x4000, 0, 0, list + 5 * 32);
        r.write(0x04, 4, at + 0x4000);
        r.memory.first_wait = 14;
        std::uint8_t command[2] = {resume_buffers, start};
        pci::transfer two[2];                        // right after one another
        for (unsigned i = 0; i < 2; ++i) {
            two[i].address = rig::csr + 0x02;
            two[i].bytes = 1;
            two[i].data = &command[i];
            two[i].command = pci::command::memory_write;
            r.host.submit(two[i], sim::now());
        }
        r.run_until_idle();
        if (r.metric("refused_scb")) continue;       // the first was not accepted yet
        ++taken;
        INFO(accept);
        CHECK(r.status(4) == ok);
        CHECK(r.count(5) == (filled_end | 80));
    }
    CHECK(taken >= 3);
}

TEST_CASE("RBD: abort in every state without buffers makes the unit idle") {
    fresh_kernel k;
    flexible_rig r;
    r.simple(1, 100);
    r.take(80);
    r.ruc(abort_unit);
    CHECK(r.rus() == idle);
    r.simple(1, 100);
    r.take(300);
    CHECK(r.rus() == (no_resources | no_buffers));
    r.ruc(abort_unit);
    CHECK(r.rus() == idle);
}

TEST_CASE("a descriptor with the header bit is like another while no header size is loaded") {
    fresh_kernel k;
    flexible_rig r;
    r.flexible(at, header, 0, list);
    r.scb(0, start, at);
    r.run_until_idle();
    CHECK(r.metric("refused_descriptor") == 0);
    CHECK(r.rus() == ready);
}
