// The bus as a whole: order, events, books, changes of mind.
#include <catch2/catch.hpp>

#include <string>

#include "unit/elaborate.h"
#include "unit/fresh_kernel.h"
#include "unit/pci/workbench.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

const std::string busy_workload = R"(bus until=60000000 phase=7000
master timer=16 line=32
 item arrival=0 command=7 address=0x10 bytes=300
 item arrival=1000000 command=0xF address=0x1000 bytes=128 limit=9
 item arrival=1207000 command=6 bytes=50
master timer=0
 item arrival=7000 command=6 address=0x1004 bytes=90
 item arrival=1207000 command=0xC bytes=257
 item arrival=1207001 command=0xA address=0x804 bytes=8
master timer=40
 item arrival=37000 command=7 address=0x1800 bytes=77
 item arrival=1177000 command=2 address=0x20 bytes=4
target base=0 size=4096 devsel=2 first=3,0 next=0,1 boundary=64 pattern=..r.
target base=4096 size=4096 device=1 devsel=3 first=1 boundary=32 with_data=0 pattern=.r.b. abort_words=3
)";

const sim::bound_metric& metric(sim::session& s, const std::string& path) {
    for (const sim::bound_metric& m : s.metrics()) {
        if (m.path == path) return m;
    }
    FAIL("no metric " << path);
    std::abort();
}
std::uint64_t count(sim::session& s, const std::string& path) { return metric(s, path).as_counter->value(); }

void run_to(ps t) { sc_core::sc_start(sim::to_sc_time(t) - sc_core::sc_time_stamp()); }

// One master whose user is the test itself.
struct hand : pci::initiator_user {
    hand(pci::bus& b, const char* name) : agent(name, b.clock(), *this) { b.plug(agent); }
    pci::attempt decide(const pci::transfer& t, ps decision) override {
        decisions.push_back(decision);
        return withdraw ? pci::attempt{t.command, 0} : pci::attempt{t.command, t.bytes - t.done};
    }
    void ended(pci::transfer& t, pci::transfer_result, ps at) override { over.emplace_back(t.tag, at); }
    pci::initiator agent;
    bool withdraw = false;
    std::vector<ps> decisions;
    std::vector<std::pair<unsigned, ps>> over;
};
pci::transfer write_of(std::uint32_t bytes, unsigned tag, unsigned priority, std::vector<std::uint8_t>& room) {
    room.assign(bytes, 0x5A);
    pci::transfer t;
    t.bytes = bytes;
    t.data = room.data();
    t.command = pci::command::memory_write;
    t.tag = tag;
    t.priority = priority;
    return t;
}

}  // namespace

TEST_CASE("The same stamps whatever the order of construction and of calls") {
    const std::string text = run_text(busy_workload);
    CHECK(std::count(text.begin(), text.end(), '\n') > 20);
    run_how how;
    how.reversed = true;
    CHECK(run_text(busy_workload, how) == text);
    how.ahead = true;
    CHECK(run_text(busy_workload, how) == text);
    how.reversed = false;
    CHECK(run_text(busy_workload, how) == text);
}

TEST_CASE("No kernel event on an idle bus and two in a tenure") {
    fresh_kernel kernel;
    pci::bus bus("bus", {});
    hand master(bus, "master");
    programmable_target target("target", {0, 4096});
    bus.plug(target.agent);
    sc_core::sc_start(1, sc_core::SC_US);
    const auto before = sc_core::sc_delta_count();
    sc_core::sc_start(1, sc_core::SC_SEC);
    CHECK(sc_core::sc_delta_count() == before);

    std::vector<std::uint8_t> room;
    pci::transfer t = write_of(64, 1, 0, room);
    master.agent.submit(t, bus.clock().at_or_after(sim::now()));
    sc_core::sc_start(1, sc_core::SC_US);
    REQUIRE(master.over.size() == 1);
    CHECK(sc_core::sc_delta_count() == before + 2);
    sc_core::sc_start(1, sc_core::SC_SEC);
    CHECK(sc_core::sc_delta_count() == before + 2);
}

TEST_CASE("The books add up") {
    fresh_kernel kernel;
    {
        pci::bus bus("bus", {});
        workload_master master(
            "master", bus, {255, 32, {{0, pci::command::memory_write, 0, 64}, {3'000'000, pci::command::memory_read, 0x8000, 8}}, false});
        target_program p{0, 4096};
        p.pattern = "r.";
        programmable_target target("target", p);
        bus.plug(target.agent);
        run_to(30'000'000);
        sim::session& s = kernel.session();
        for (sim::bound_metric& m : s.metrics()) {
            if (m.settle) m.settle(sim::now());
        }
        CHECK(count(s, "bus.tenures") == 3);
        CHECK(count(s, "bus.words") == 16);
        CHECK(count(s, "bus.octets") == 64);
        CHECK(count(s, "bus.retries") == 1);
        CHECK(count(s, "bus.master_aborts") == 1);
        CHECK(count(s, "bus.overhead_clocks") == 4 + 2 + 7);           // retry, address and DEVSEL#, master abort
        const level& busy = *metric(s, "bus.busy").as_level;
        CHECK(busy.integral(30'000'000) == 30'000 * (4 + 18 + 7));
        CHECK(metric(s, "bus.grant_wait").as_histogram->count() == 3);
    }
}

TEST_CASE("A snapshot within a tenure counts the words that passed") {
    fresh_kernel kernel;
    pci::bus bus("bus", {});
    workload_master master("master", bus, {255, 32, {{0, pci::command::memory_write, 0, 400}}, false});
    programmable_target target("target", {0, 4096});
    bus.plug(target.agent);
    run_to(30'000 * 13);                                               // A = 1, words at 3, 4 …
    const sim::bound_metric& m = metric(kernel.session(), "bus.words");
    m.settle(sim::now());
    CHECK(m.as_counter->value() == 11);
    run_to(30'000'000);
    m.settle(sim::now());
    CHECK(m.as_counter->value() == 100);
}

TEST_CASE("A master that decides to do nothing leaves the bus idle") {
    fresh_kernel kernel;
    pci::bus bus("bus", {});
    hand master(bus, "master");
    hand other(bus, "other");
    programmable_target target("target", {0, 4096});
    bus.plug(target.agent);
    elaborate();
    std::vector<std::uint8_t> a, b;
    pci::transfer t = write_of(8, 1, 0, a), u = write_of(8, 2, 0, b);
    master.withdraw = true;
    master.agent.submit(t, 0);                       // A would be 1
    other.agent.submit(u, 0);                        // REQ# at 1, GNT# gone at 2, given at 3, A = 4
    run_to(30'000'000);
    CHECK(t.withdrawn);
    CHECK(master.over.empty());
    CHECK_FALSE(master.agent.busy());
    REQUIRE(other.over.size() == 1);
    CHECK(other.decisions == std::vector<ps>{3 * 30'000});
    CHECK(count(kernel.session(), "bus.withdrawals") == 1);
    master.withdraw = false;
    master.agent.submit(t, 31'000'000 / 30'000 * 30'000);
    run_to(60'000'000);
    CHECK(master.over.size() == 1);
    CHECK(t.done == 8);
}

TEST_CASE("The lowest priority number goes first among those decided by then") {
    fresh_kernel kernel;
    pci::bus bus("bus", {});
    hand master(bus, "master");
    programmable_target target("target", {0, 4096});
    bus.plug(target.agent);
    elaborate();
    std::vector<std::uint8_t> a, b, c;
    pci::transfer t = write_of(8, 1, 5, a), u = write_of(8, 2, 1, b), v = write_of(8, 3, 0, c);
    master.agent.submit(t, 0);
    master.agent.submit(u, 0);
    master.agent.submit(v, 30'000);                  // too late for the first address phase at 1
    run_to(30'000'000);
    REQUIRE(master.over.size() == 3);
    CHECK(master.over[0].first == 2);
    CHECK(master.over[1].first == 3);
    CHECK(master.over[2].first == 1);
}

TEST_CASE("A later request for an earlier edge moves REQ") {
    fresh_kernel kernel;
    pci::bus bus("bus", {});
    hand master(bus, "master");
    programmable_target target("target", {0, 4096});
    bus.plug(target.agent);
    elaborate();
    std::vector<std::uint8_t> a, b;
    pci::transfer t = write_of(8, 1, 0, a), u = write_of(8, 2, 0, b);
    master.agent.submit(t, 100 * 30'000);
    master.agent.submit(u, 10 * 30'000);
    run_to(30'000'000);
    REQUIRE(master.over.size() == 2);
    CHECK(master.over[0] == std::pair<unsigned, ps>{2, (11 + 3) * 30'000});
    CHECK(master.over[1] == std::pair<unsigned, ps>{1, (101 + 3) * 30'000});
}

TEST_CASE("Reset forgets what waits and ends what is under way") {
    fresh_kernel kernel;
    pci::bus bus("bus", {});
    hand master(bus, "master");
    programmable_target target("target", {0, 4096});
    bus.plug(target.agent);
    elaborate();
    {
        std::vector<std::uint8_t> a, b;
        pci::transfer t = write_of(400, 1, 0, a), u = write_of(8, 2, 0, b);
        master.agent.submit(t, 0);
        master.agent.submit(u, 0);
        run_to(10 * 30'000);
        master.agent.reset(sim::now());
    }                                                // the transfers and their bytes are gone
    CHECK(master.agent.busy());
    run_to(30'000'000);
    CHECK_FALSE(master.agent.busy());
    CHECK(master.over.empty());
    CHECK(count(kernel.session(), "bus.tenures") == 1);
    CHECK(count(kernel.session(), "bus.octets") == 4 * 9);             // words at 3 … 11
    CHECK(count(kernel.session(), "bus.limited") == 1);
}

namespace {
// Stops a burst on the way.
struct fickle : pci::target_user {
    explicit fickle(pci::bus& b) : agent("fickle", *this) { b.plug(agent); }
    bool claims(pci::command, std::uint64_t a) const override { return a < 4096; }
    pci::answer decode(pci::access& a) override {
        now = &a;
        return {};
    }
    void ended(pci::access&, ps) override { now = nullptr; }
    pci::target agent;
    pci::access* now = nullptr;
};
}  // namespace

TEST_CASE("A target may change its mind about words that have not passed") {
    fresh_kernel kernel;
    pci::bus bus("bus", {});
    workload_master master("master", bus, {255, 32, {{0, pci::command::memory_write, 0, 80}}, false});
    fickle target(bus);
    run_to(6 * 30'000);                              // A = 1: words at 3, 4, 5, 6
    REQUIRE(target.now != nullptr);
    pci::answer a;
    a.next_wait = 2;
    a.words = 6;
    a.how = pci::stop::with_data;
    target.agent.replan(*target.now, a, sim::now());
    const span& s = target.now->bus->data;
    CHECK(s.units() == 6);
    CHECK(s.when(3) == 6 * 30'000);
    CHECK(s.when(4) == 9 * 30'000);
    CHECK(s.when(5) == 12 * 30'000);
    CHECK(target.now->bus->idle == 14 * 30'000);
    a.words = 2;
    CHECK_THROWS_AS(target.agent.replan(*target.now, a, sim::now()), std::logic_error);
}

TEST_CASE("Two targets at one address are noticed") {
    fresh_kernel kernel;
    pci::bus bus("bus", {});
    workload_master master("master", bus, {255, 32, {{0, pci::command::memory_write, 0, 8}}, false});
    programmable_target one("one", {0, 4096}), two("two", {0, 4096});
    bus.plug(one.agent, 5);
    bus.plug(two.agent, 3);
    run_to(30'000'000);
    CHECK(count(kernel.session(), "bus.decode_conflicts") == 1);
    CHECK(two.tenures == 1);                         // the lower device number, plugged later
    CHECK(one.tenures == 0);
}
