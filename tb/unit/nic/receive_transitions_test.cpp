// Receive unit: what docs/nic-transitions.md lists beyond the plain cases of receive_unit_test.cpp and receive_buffers_test.cpp.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

enum { idle = 0, suspended = 1, no_resources = 2, ready = 4 };
enum { fr = 0x40, rnr = 0x10 };
enum { start = 1, resume = 2, abort_unit = 4, load_base = 6 };
enum { el = 0x8000, s = 0x4000 };
enum { ok = 0xA020 };
constexpr std::uint32_t at = 0x10000, other = 0x20000;

// In one of the states, with a fresh ring at `other`.
struct state_rig : rig {
    explicit state_rig(unsigned state, nic::nic_config c = {}) : rig(c) {
        configure(usual());
        ring(other, 4);
        if (state == idle) return;
        descriptor(at, state == suspended ? s : state == no_resources ? el : 0, other);
        scb(0, start, at);
        run_until_idle();
        if (state != ready) {
            arrive(payload(60));
            run_until_idle();
        }
        REQUIRE(rus() == state);
        ack(0xFF);
    }
    std::uint32_t counter(unsigned n) {
        scb(4, 0, 0x6000);
        scb(5, 0);
        run_until_idle();
        return memory.read32(0x6000 + 4 * n);
    }
};

}  // namespace

TEST_CASE("RU ready: resume is refused") {
    fresh_kernel k;
    state_rig r(ready);
    r.scb(0, resume);
    CHECK(r.metric("refused_scb") == 1);
    CHECK(r.rus() == ready);
    CHECK(r.stat() == 0);
}

TEST_CASE("RU ready: EL wins over S") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.descriptor(at, el | s, other);
    r.scb(0, start, at);
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.rus() == no_resources);
    CHECK(r.stat() == (fr | rnr));
}

TEST_CASE("RU ready: a bad frame leaves a descriptor with EL or S as it is and the unit ready") {
    for (const unsigned how : {unsigned{el}, unsigned{s}}) {
        fresh_kernel k;
        rig r;
        r.configure(rig::usual());
        r.descriptor(at, how, other);
        r.scb(0, start, at);
        r.arrive(rig::payload(200), wire::wire_end::bad_fcs);
        r.run_until_idle();
        CHECK(r.rus() == ready);
        CHECK(r.stat() == 0);
        CHECK(r.memory.read16(at) == 0);
        r.arrive(rig::payload(60));
        r.run_until_idle();
        CHECK(r.memory.read16(at) == ok);
        CHECK(r.stat() == (fr | rnr));
    }
}

TEST_CASE("RU ready: the link of a descriptor is the one that was fetched with it") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.descriptor(at, 0, other);
    r.ring(other, 2);
    r.scb(0, start, at);
    r.run_until_idle();
    r.memory.write32(at + 4, 0x40000);
    r.arrive(rig::payload(60));
    r.arrive(rig::payload(61));
    r.run_until_idle();
    CHECK(r.memory.read16(other + 12) == (0xC000 | 61));
}

TEST_CASE("RU base is added to start and links and may not be loaded while ready") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.scb(0, load_base, 0x8000);
    r.descriptor(at, 0, other - 0x8000);
    r.ring(other, 2);
    r.scb(0, start, at - 0x8000);
    r.run_until_idle();
    r.scb(0, load_base, 0);
    CHECK(r.metric("refused_scb") == 1);
    r.arrive(rig::payload(60));
    r.arrive(rig::payload(61));
    r.run_until_idle();
    CHECK(r.memory.read16(at) == ok);
    CHECK(r.memory.read16(other + 12) == (0xC000 | 61));
}

TEST_CASE("RU: a start while a frame arrives makes that frame the first of the new list") {
    for (const unsigned state : {unsigned{idle}, unsigned{suspended}, unsigned{no_resources}}) {
        fresh_kernel k;
        state_rig r(state);
        const bytes d = rig::payload(1000, {2, 0, 0, 0, 0, 1}, 5);
        r.arrive(d);
        r.run(40 * microsecond);
        r.scb(0, start, other);
        CHECK(r.rus() == ready);
        r.run_until_idle();
        INFO(state);
        CHECK(r.memory.read16(other) == ok);
        CHECK(r.memory.read16(other + 12) == (0xC000 | 1000));
        CHECK(std::equal(d.begin(), d.end(), r.memory.at(other + 16)));
        CHECK(r.stat() == fr);
        CHECK(r.rus() == ready);
    }
}

TEST_CASE("RU suspended: a resume while a frame arrives takes it into the next descriptor") {
    fresh_kernel k;
    state_rig r(suspended);
    const bytes d = rig::payload(1000, {2, 0, 0, 0, 0, 1}, 5);
    r.arrive(d);
    r.run(40 * microsecond);
    r.scb(0, resume);
    r.run_until_idle();
    CHECK(r.memory.read16(other) == ok);
    CHECK(std::equal(d.begin(), d.end(), r.memory.at(other + 16)));
    CHECK(r.rus() == ready);
}

TEST_CASE("RU idle and no resources: a resume while a frame arrives is refused and the frame waits") {
    for (const unsigned state : {unsigned{idle}, unsigned{no_resources}}) {
        fresh_kernel k;
        state_rig r(state);
        r.arrive(rig::payload(1000));
        r.run(40 * microsecond);
        r.scb(0, resume);
        r.run_until_idle();
        CHECK(r.metric("refused_scb") == 1);
        CHECK(r.rus() == state);
        CHECK(r.metric("rx_fifo") >= 1000);
        r.scb(0, start, other);
        r.run_until_idle();
        CHECK(r.memory.read16(other) == ok);
    }
}

TEST_CASE("RU: an abort while a frame arrives in a state that is not ready keeps it in the FIFO without RNR") {
    for (const unsigned state : {unsigned{idle}, unsigned{suspended}, unsigned{no_resources}}) {
        fresh_kernel k;
        state_rig r(state);
        r.arrive(rig::payload(1000));
        r.run(40 * microsecond);
        r.scb(0, abort_unit);
        CHECK(r.rus() == idle);
        r.run_until_idle();
        CHECK(r.stat() == 0);
        CHECK(r.metric("rx_aborted") == 0);
        r.scb(0, start, other);
        r.run_until_idle();
        CHECK(r.memory.read16(other) == ok);
    }
}

TEST_CASE("RU ready: an abort at every edge of a frame's reception ends in idle and one outcome") {
    // A frame of 100 octets takes 9 us and 230 ns more to its status; the abort moves through all of it clock by clock.
    unsigned stored = 0, aborted = 0;
    for (unsigned n = 0; n < 120; ++n) {
        fresh_kernel k;
        nic::nic_config c;
        c.ru_accept = 150 + n * 2;
        state_rig r(ready, c);
        r.arrive(rig::payload(100), wire::wire_end::good, (sim::now() / microsecond + 2) * microsecond);
        r.write(0x02, 1, abort_unit);
        r.run_until_idle();
        INFO("acceptance after " << c.ru_accept << " clocks");
        CHECK(r.rus() == idle);
        CHECK((r.stat() & rnr) != 0);
        const bool whole = r.memory.read16(at) != 0;
        CHECK(((r.stat() & fr) != 0) == whole);
        if (whole) CHECK(r.memory.read16(at) == ok);
        CHECK(r.metric("rx_frames") == whole);
        CHECK(r.metric("rx_aborted") == !whole);
        stored += whole;
        aborted += !whole;
        // The unit works as before.
        r.scb(0, start, other);
        r.arrive(rig::payload(70));
        r.run_until_idle();
        CHECK(r.memory.read16(other + 12) == (0xC000 | 70));
    }
    CHECK(stored > 5);
    CHECK(aborted > 20);
}

TEST_CASE("RU: what finds the FIFO full counts as a resource error when suspended or without resources and not when idle") {
    constexpr unsigned resource_errors = 12;
    struct row { unsigned state; bool counts; };
    for (const row& w : {row{idle, false}, row{suspended, true}, row{no_resources, true}}) {
        fresh_kernel k;
        state_rig r(w.state);
        for (unsigned n = 0; n < 5; ++n) r.arrive(rig::payload(1514));
        r.run_until_idle();
        INFO(w.state);
        // Two fit, the third has 44 bytes in, the last two found it full.
        CHECK(r.counter(resource_errors) == (w.counts ? 2 : 0));
        CHECK(r.metric("rx_no_resources") == (w.counts ? 2 : 0));
        CHECK(r.metric("rx_idle_drops") == (w.counts ? 0 : 2));
        CHECK(r.rus() == w.state);
        CHECK(r.stat() == 0);                    // RNR is requested once, when ready is left
    }
}

TEST_CASE("RU: states are shown as text with and without buffers") {
    std::vector<std::string> names;
    for (const char* const* s = nic::nic_info.probes.rows[1].states; *s; ++s) names.emplace_back(*s);
    struct sink : sim::probe_sink {
        std::vector<std::uint64_t> seen;
        void change(const sim::probe&, ps, std::uint64_t v) override { seen.push_back(v); }
    } watch;
    fresh_kernel k;
    rig r;
    for (sim::probe& p : sim::session::current().probes())
        if (p.path == "nic.ru_state") p.sink = &watch;
    const auto shown = [&] { return names.at(watch.seen.empty() ? 0 : watch.seen.back()); };
    r.configure(rig::usual());
    const auto flexible = [&](std::uint32_t where, unsigned command, std::uint32_t pointer) {
        r.descriptor(where, command | 8, where + 0x1000, 0);
        r.memory.write32(where + 8, pointer);
    };
    const auto buffer = [&](bool last) {
        r.memory.write32(0x30000, 0);
        r.memory.write32(0x30004, 0x30100);
        r.memory.write32(0x30008, 0x31000);
        r.memory.write32(0x3000C, 100 | (last ? 0x8000u : 0u));
        r.memory.write32(0x3010C, 100 | 0x8000u);
        r.memory.write32(0x30108, 0x32000);
    };
    const auto take = [&] {
        r.arrive(rig::payload(80));
        r.run_until_idle();
    };
    struct row { unsigned command; bool last; unsigned rus; const char* name; };
    for (const row& w : {row{0, true, 12, "ready_no_rbds"}, row{s, true, 9, "suspended_no_rbds"}, row{el, true, 10, "no_resources_no_rbds"},
                         row{0, false, 4, "ready"}, row{s, false, 1, "suspended"}, row{el, false, 2, "no_resources"}}) {
        flexible(at, w.command, 0x30000);
        flexible(at + 0x1000, 0, 0xFFFFFFFF);
        buffer(w.last);
        r.scb(0, abort_unit);
        CHECK(shown() == "idle");
        r.scb(0, start, at);
        r.run_until_idle();
        CHECK(shown() == "ready");
        take();
        CHECK(r.rus() == w.rus);
        CHECK(shown() == w.name);
    }
}
