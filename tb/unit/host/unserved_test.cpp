// Lines that nobody serves: given up as Linux does it; accesses that are retried for ever, which a bridge gives up behind its limit.
#include <catch2/catch.hpp>

#include "unit/host/computer.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

std::uint64_t metric(const std::string& path) {
    for (const sim::bound_metric& m : sim::session::current().metrics())
        if (m.path == path && m.as_counter) return m.as_counter->value();
    throw std::out_of_range(path);
}

void fault(const std::string& path, const std::string& name, bool begin, ps at) {
    for (sim::fault_port& f : sim::session::current().faults())
        if (f.path == path && f.info->name == name) return f.act(begin, 0, at);
    throw std::out_of_range(path + " " + name);
}

// Serves when it is told to; counts.
struct handler : host::interrupt_handler {
    bool interrupt(host::cpu& c) override {
        at.push_back(c.now());
        return serves;
    }
    bool serves = false;
    std::vector<ps> at;
};

}  // namespace

TEST_CASE("A line is given up when more than so many of so many interrupts were wanted by nobody", "[host]") {
    const host::unserved_rule rule{1'000, 990, millisecond};
    const auto given_up_at = [&](unsigned every_served, ps apart, unsigned most = 5'000) {
        host::unserved_interrupts line;
        for (unsigned n = 1; n <= most; ++n)
            if (line.taken(every_served && n % every_served == 0, n * apart, rule)) return n;
        return 0u;
    };
    CHECK(given_up_at(0, microsecond) == 1'000);
    CHECK(given_up_at(200, microsecond) == 1'000);     // 5 of 1,000 served: 995 are more than 990
    CHECK(given_up_at(100, microsecond) == 0);         // 10 of 1,000: 990 are not
    CHECK(given_up_at(0, millisecond) == 1'000);       // just not too far apart
    CHECK(given_up_at(0, millisecond + 1) == 0);
    host::unserved_interrupts line;
    for (unsigned n = 1; n <= 100'000; ++n) CHECK_FALSE(line.taken(true, n, rule));        // nothing is counted before the first
    unsigned taken = 0;
    while (!line.taken(false, 100'000 + taken, rule)) ++taken;
    CHECK(taken + 1 == 1'000);
    CHECK_FALSE(host::unserved_interrupts().taken(false, 0, {0, 0, millisecond}));
}

TEST_CASE("A line that is stuck holds its CPU until it is given up, then its handlers are asked now and then", "[host]") {
    test::fresh_kernel k;
    host::host_config c;
    c.interrupts.unserved = {1'000, 990, 100 * millisecond};
    c.interrupts.unserved_poll = 5 * millisecond;
    computer s(c);
    handler h;
    s.host.cpu().attach(1, h);
    ps worked = 0;
    sc_core::sc_start(sim::to_sc_time(microsecond));
    fault("server.interrupts", "intb_stuck", true, sim::now());
    s.host.cpu().post(2 * microsecond, [&](host::cpu& cpu) { cpu.catch_up(), worked = cpu.now(); });
    simulate(20 * millisecond);
    CHECK(metric("server.interrupts.given_up") == 1);
    CHECK(metric("server.cpu0.spurious") == 1'000);
    CHECK(h.at.size() == 1'000 + metric("server.interrupts.polls"));
    CHECK(metric("server.interrupts.polls") == 3);
    CHECK(worked >= h.at[999]);                        // no cycle for anything else before
    CHECK(worked < h.at[999] + 10 * microsecond);
    REQUIRE(h.at.size() == 1'003);
    CHECK(h.at[1'001] - h.at[1'000] >= 5 * millisecond);
    fault("server.interrupts", "intb_stuck", false, sim::now());
    simulate(20 * millisecond);
    CHECK(metric("server.cpu0.interrupts") == 1'000);  // it stays given up
}

TEST_CASE("A line that somebody serves now and then is not given up", "[host]") {
    test::fresh_kernel k;
    host::host_config c;
    c.interrupts.unserved = {1'000, 990, 100 * millisecond};
    computer s(c);
    handler h;
    struct other : host::interrupt_handler {
        bool interrupt(host::cpu&) override { return ++n % 50 == 0; }
        unsigned n = 0;
    } o;
    s.host.cpu().attach(1, h);
    s.host.cpu().attach(1, o);
    sc_core::sc_start(sim::to_sc_time(microsecond));
    fault("server.interrupts", "intb_stuck", true, sim::now());
    simulate(20 * millisecond);
    CHECK(h.at.size() > 5'000);
    CHECK(metric("server.interrupts.given_up") == 0);
}

TEST_CASE("An access that is retried for ever is given up behind the bridge's limit", "[host]") {
    const unsigned limit = GENERATE(1u, 10u, 200u);
    test::fresh_kernel k;
    host::host_config c;
    c.buses[0].bridge.retry_limit = limit;
    computer s(c);
    std::uint32_t lost = 0, found = 0;
    ps begun = 0, over = 0;
    sc_core::sc_start(sim::to_sc_time(ps{1}));
    fault("device", "endless_retry", true, sim::now());
    s.host.cpu().post(microsecond, [&](host::cpu& cpu) {
        begun = cpu.now();
        lost = cpu.read(host::memory_window(0) + 4, 4);
        over = cpu.now();
        cpu.write(host::memory_window(0) + 8, 4, 7);
    });
    s.host.cpu().post(400 * microsecond, [&](host::cpu& cpu) {
        fault("device", "endless_retry", false, sim::now());
        found = cpu.read(host::memory_window(0) + 12, 4);
    });
    simulate(500 * microsecond);
    CHECK(lost == 0xFFFF'FFFFu);
    CHECK(found == 0xCAFE000Cu);
    CHECK(metric("server.pci0.bridge.cpu_given_up") == 2);
    CHECK(metric("server.pci0.bridge.cpu_retries") == 2 * limit);
    CHECK(s.function.log.size() == 1);                 // the write never came, the last read did
    // Each retry is a tenure of four to five clocks (medium DEVSEL#), and REQ# is high for two before the next (PCI 2.2, 3.3.3.2.2).
    CHECK(over - begun >= limit * 4 * tick);
    CHECK(over - begun <= (limit * 7 + 20) * tick);
}
