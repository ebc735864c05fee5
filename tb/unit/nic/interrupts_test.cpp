// Causes, acknowledgements and masks that meet at one instant: what comes out does not depend on who is called first.
#include <algorithm>
#include <functional>
#include <vector>

#include <catch2/catch.hpp>

#include "nic/registers/interrupts.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;
using nicteam::nic::interrupts;

namespace {

constexpr ps before = 1000, instant = 2000, after = 3000;
constexpr std::uint8_t m = 0x01, mask_cna = 0x20;

struct pin {
    interrupts unit;
    counter assertions;
    bool level = false;
    pin() {
        unit.bind([this](bool on, ps) { level = on; }, assertions);
    }
};
using call = std::function<void(interrupts&)>;

call raise(unsigned c) { return [c](interrupts& i) { i.raise(instant, static_cast<std::uint8_t>(c)); }; }
call acknowledge(unsigned c) { return [c](interrupts& i) { i.acknowledge(instant, static_cast<std::uint8_t>(c)); }; }
call mask(unsigned c) { return [c](interrupts& i) { i.write_mask(instant, static_cast<std::uint8_t>(c)); }; }

struct meeting {
    const char* name;
    unsigned pending, mask;              // before the instant
    std::vector<call> calls;
    unsigned status;                     // after it
    bool level;
    std::uint64_t assertions;            // of the whole story
};

}  // namespace

TEST_CASE("interrupts: what meets at one instant counts the same in every order of calls") {
    using nic::cna_cause;
    using nic::cx_cause;
    using nic::rnr_cause;
    const std::vector<meeting> meetings{
        {"a cause and its own acknowledgement", cx_cause, 0, {raise(cx_cause), acknowledge(cx_cause)}, cx_cause, true, 1},
        {"a cause and the acknowledgement of the last other one", cx_cause, 0, {raise(rnr_cause), acknowledge(cx_cause)}, rnr_cause, true, 1},
        {"a first cause and an acknowledgement", 0, 0, {raise(cx_cause), acknowledge(cx_cause)}, cx_cause, true, 1},
        {"a first cause and M", 0, 0, {raise(cx_cause), mask(m)}, cx_cause, false, 0},
        {"a first cause and its mask", 0, 0, {raise(cna_cause), mask(mask_cna)}, cna_cause, false, 0},
        {"a cause and the clearing of M", cx_cause, m, {raise(cna_cause), mask(0)}, cx_cause | cna_cause, true, 1},
        {"all acknowledged and M cleared", cx_cause, m, {acknowledge(cx_cause), mask(0)}, 0, false, 0},
        {"two causes and M", 0, 0, {raise(cna_cause), raise(cx_cause), mask(m)}, cx_cause | cna_cause, false, 0},
        {"two causes with one acknowledged and one masked", cx_cause, 0, {raise(cna_cause), acknowledge(cx_cause), mask(mask_cna)}, cna_cause, false, 1},
    };
    for (const meeting& w : meetings) {
        std::vector<unsigned> order(w.calls.size());
        for (unsigned i = 0; i < order.size(); ++i) order[i] = i;
        do {
            pin p;
            p.unit.write_mask(before, static_cast<std::uint8_t>(w.mask));
            if (w.pending) p.unit.raise(before, static_cast<std::uint8_t>(w.pending));
            for (const unsigned i : order) w.calls[i](p.unit);
            INFO(w.name << ", first call " << order[0]);
            CHECK(p.unit.status(instant) == w.pending);
            CHECK(p.unit.status(after) == w.status);
            CHECK(p.level == w.level);
            CHECK(p.assertions.value() == w.assertions);
        } while (std::next_permutation(order.begin(), order.end()));
    }
}

TEST_CASE("interrupts: a cause set by an acceptance and a mask written at its edge leave the line alone") {
    // The acceptance of RU abort requests RNR; the later it comes, the closer it gets to the write of M.
    unsigned together = 0;
    for (unsigned accept = 1; accept <= 40; ++accept) {
        fresh_kernel k;
        nic::nic_config c;
        c.ru_accept = accept;
        rig r(c);
        r.ring(0x10000, 2);
        r.scb(0, 1, 0x10000);
        r.run_until_idle();
        r.log.log.clear();
        r.write(0x02, 1, 4);
        r.write(0x03, 1, m);
        r.run_until_idle();
        std::vector<ps> writes;
        for (const tenure_record& t : r.log.log)
            if (t.master == 0 && t.command == pci::command::memory_write) writes.push_back(t.first);
        REQUIRE(writes.size() == 2);
        const ps accepted = writes[0] + accept * r.period();
        INFO("acceptance after " << accept << " clocks");
        CHECK(r.metric("interrupts") == (accepted < writes[1] ? 1 : 0));
        CHECK(r.stat() == nic::rnr_cause);
        CHECK_FALSE(r.interrupt);
        together += accepted == writes[1];
    }
    CHECK(together == 1);
}

TEST_CASE("an acceptance at the edge of a PORT reset comes first") {
    // Load CU base does not see the selective reset that is written at its edge: the base stays.
    for (unsigned accept = 1; accept <= 40; ++accept) {
        fresh_kernel k;
        nic::nic_config c;
        c.cu_accept = accept;
        rig r(c);
        r.write(0x04, 4, 0x4000);
        r.log.log.clear();
        r.write(0x02, 1, 0x60);
        r.write(0x08, 4, 2);
        const ps commanded = r.log.log[0].first, reset = r.log.log[1].first;
        r.run(microsecond);
        r.block(0x1000, 0x8000, 0);          // with base 0
        r.block(0x5000, 0x8000, 0);          // with base 4000h
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        INFO("acceptance after " << accept << " clocks");
        CHECK((r.memory.read16(0x5000) == 0xA000) == (commanded + accept * r.period() <= reset));
        CHECK(r.memory.read16(0x5000) + r.memory.read16(0x1000) == 0xA000);
    }
}
