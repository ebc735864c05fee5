// A CPU of 1 GHz, so that a cycle is a nanosecond; interrupt lines are driven by hand.
#include <catch2/catch.hpp>

#include <vector>

#include "nicteam/host/cpu_core.h"
#include "nicteam/host/lock.h"
#include "nicteam/sim/session.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;
using namespace nicteam::host;

namespace {
const operation step{"step", 1, "one cycle of a test", "test"};

cpu_config fast() {
    cpu_config c;
    c.period = 1'000;
    c.costs.fill(0);
    c.costs[static_cast<unsigned>(cost::interrupt_entry)] = 10;
    c.costs[static_cast<unsigned>(cost::interrupt_exit)] = 5;
    return c;
}

struct stimulus : sc_core::sc_module {
    explicit stimulus(sc_core::sc_module_name n) : sc_module(n) { SC_THREAD(run); }
    SC_HAS_PROCESS(stimulus);
    void at(ps t, std::function<void()> f) { list.push_back({t, std::move(f)}); }
    void run() {
        for (auto& [t, f] : list) {
            if (t > sim::now()) wait(sim::to_sc_time(t - sim::now()));
            f();
        }
    }
    std::vector<std::pair<ps, std::function<void()>>> list;
};

struct handler : interrupt_handler {
    std::function<bool(cpu&)> f;
    bool interrupt(cpu& c) override { return f(c); }
};

struct port : cpu_port {
    void connect(unsigned, cpu_port_user& u) override { user = &u; }
    bool post(unsigned, const cpu_access& a, ps at) override {
        log.push_back({a.address, at});
        if (room == 0) return false;
        --room;
        return true;
    }
    void start(unsigned, cpu_access& a, ps at) override {
        log.push_back({a.address, at});
        a.data = 0x12345678;
        user->finished(a, at + latency);
    }
    cpu_port_user* user = nullptr;
    unsigned room = 4;
    ps latency = 100'500;
    std::vector<std::pair<std::uint64_t, ps>> log;
};

void simulate(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }
}  // namespace

TEST_CASE("Spending advances by cycles and a merged sum is as exact as its parts", "[cpu]") {
    test::fresh_kernel k;
    cpu_core c("cpu", fast());
    std::vector<ps> at;
    c.post(1'500, [&](cpu& p) {
        at.push_back(p.now());
        for (int i = 0; i < 10; ++i) p.spend(step, 7);
        at.push_back(p.now());
        CHECK(sim::now() == 2'000);               // nobody could tell the difference yet
        p.catch_up();
        CHECK(sim::now() == 72'000);
    });
    simulate(microsecond);
    CHECK(at == std::vector<ps>{2'000, 72'000});
}

TEST_CASE("An interrupt is taken at the cycle after it came and what it interrupted goes on for what was left", "[cpu]") {
    test::fresh_kernel k;
    cpu_core c("cpu", fast());
    stimulus s("s");
    handler h;
    ps taken = 0, done = 0;
    h.f = [&](cpu& p) {
        taken = p.now();
        p.spend(step, 20);
        c.line(1, false);
        return true;
    };
    c.attach(1, h);
    s.at(40'000, [&] { c.line(1, true); });       // on an edge: seen by the next one
    c.post(0, [&](cpu& p) {
        p.spend(step, 30);
        p.spend(step, 70);
        p.catch_up();
        done = p.now();
    });
    simulate(microsecond);
    CHECK(taken == 41'000 + 10'000);
    CHECK(done == 100'000 + 35'000);
}

TEST_CASE("With the option at_end an interrupt waits for the end of the piece of work", "[cpu]") {
    test::fresh_kernel k;
    cpu_config cfg = fast();
    cfg.interrupts = 1;
    cpu_core c("cpu", cfg);
    stimulus s("s");
    handler h;
    ps taken = 0, done = 0;
    h.f = [&](cpu& p) {
        taken = p.now();
        c.line(1, false);
        return true;
    };
    c.attach(1, h);
    s.at(40'200, [&] { c.line(1, true); });
    c.post(0, [&](cpu& p) {
        p.spend(step, 100);
        p.spend(step, 50);
        p.catch_up();
        done = p.now();
    });
    simulate(microsecond);
    CHECK(taken == 100'000 + 10'000);
    CHECK(done == 165'000);
}

TEST_CASE("Masked interrupts wait for the unmasking and not a cycle longer", "[cpu]") {
    test::fresh_kernel k;
    cpu_core c("cpu", fast());
    stimulus s("s");
    handler h;
    ps taken = 0;
    h.f = [&](cpu& p) {
        taken = p.now();
        c.line(0, false);
        return true;
    };
    c.attach(0, h);
    s.at(25'000, [&] { c.line(0, true); });
    c.post(0, [&](cpu& p) {
        p.spend(step, 20);
        p.mask_interrupts();
        p.spend(step, 30);
        p.mask_interrupts();
        p.spend(step, 10);
        p.unmask_interrupts();
        p.spend(step, 5);
        p.unmask_interrupts();                    // 65 ns
        p.spend(step, 100);
    });
    simulate(microsecond);
    CHECK(taken == 65'000 + 10'000);
}

TEST_CASE("A lower line number interrupts a handler and a higher one waits - with nesting none both wait", "[cpu]") {
    const unsigned nesting = GENERATE(0u, 1u);
    test::fresh_kernel k;
    cpu_config cfg = fast();
    cfg.nesting = nesting;
    cpu_core c("cpu", cfg);
    stimulus s("s");
    std::vector<std::pair<unsigned, ps>> taken;
    handler h[3];
    for (unsigned n = 0; n < 3; ++n) {
        h[n].f = [&, n](cpu& p) {
            taken.push_back({n, p.now()});
            p.spend(step, 50);
            p.catch_up();
            c.line(n, false);
            return true;
        };
        c.attach(n, h[n]);
    }
    s.at(100'000, [&] { c.line(1, true); });      // taken at 101 ns, handler from 111 to 161 ns
    s.at(120'000, [&] { c.line(2, true); c.line(0, true); });
    simulate(microsecond);
    REQUIRE(taken.size() == 3);
    CHECK(taken[0] == std::make_pair(1u, ps{111'000}));
    if (nesting == 0) {
        CHECK(taken[1] == std::make_pair(0u, ps{131'000}));                // 121 + entry
        CHECK(taken[2] == std::make_pair(2u, ps{241'000}));                // 0 ends at 186, 1 at 226 + 5, then entry
    } else {
        CHECK(taken[1] == std::make_pair(0u, ps{176'000}));
        CHECK(taken[2] == std::make_pair(2u, ps{241'000}));
    }
}

TEST_CASE("A line that nobody quietens is taken again - nobody's interrupt is counted as spurious", "[cpu]") {
    test::fresh_kernel k;
    cpu_core c("cpu", fast());
    stimulus s("s");
    handler h;
    unsigned taken = 0;
    h.f = [&](cpu&) {
        if (++taken == 3) c.line(0, false);
        return taken == 3;
    };
    c.attach(0, h);
    s.at(10'000, [&] { c.line(0, true); });
    simulate(microsecond);
    CHECK(taken == 3);
    for (const auto& m : sim::session::current().metrics()) {
        if (m.path == "cpu.spurious") CHECK(m.as_counter->value() == 2);
        if (m.path == "cpu.interrupts") CHECK(m.as_counter->value() == 3);
    }
}

TEST_CASE("A read stalls to the edge after its data - interrupts wait - a full write buffer stalls a write", "[cpu]") {
    test::fresh_kernel k;
    cpu_core c("cpu", fast());
    port p;
    address_window w;
    w.port = &p;
    w.memory_first = 0x1000;
    w.memory_last = 0x1FFF;
    c.route(w);
    stimulus s("s");
    handler h;
    ps taken = 0, read_done = 0;
    h.f = [&](cpu& q) {
        taken = q.now();
        c.line(0, false);
        return true;
    };
    c.attach(0, h);
    s.at(60'000, [&] { c.line(0, true); });
    s.at(400'300, [&] { p.room = 1; p.user->room(400'300); });
    std::uint32_t v = 0, nobody = 0;
    c.post(0, [&](cpu& q) {
        q.spend(step, 50);
        v = q.read(0x1004, 2);
        read_done = q.now();
        q.spend(step, 1);
        nobody = q.read(0x9000, 1);
        for (unsigned n = 0; n < 5; ++n) q.write(0x1000 + 4 * n, 4, n);
        q.catch_up();
    });
    simulate(microsecond);
    CHECK(v == 0x5678);
    CHECK(nobody == 0xFF);
    CHECK(read_done == 151'000);                  // 50 + 100.5 ns, at the next edge
    CHECK(taken == 161'000);
    REQUIRE(p.log.size() == 7);                   // one read, five writes, one of them tried twice
    CHECK(p.log[4].second == p.log[1].second);
    CHECK(p.log[6].second == 401'000);
}

TEST_CASE("Work is taken up in order of time and of posting - the fault stall stops the CPU", "[cpu]") {
    test::fresh_kernel k;
    cpu_core c("cpu", fast());
    stimulus s("s");
    std::string order;
    ps last = 0;
    c.post(50'000, [&](cpu& p) { order += 'c'; p.spend(step, 100); });
    c.post(10'000, [&](cpu& p) { order += 'a'; p.spend(step, 10); p.post(p.now(), [&](cpu&) { order += 'b'; }); });
    c.post(50'000, [&](cpu& p) { order += 'd'; last = p.now(); });
    auto& stall = sim::session::current().faults().front();
    s.at(80'000, [&] { stall.act(true, 0, sim::now()); });
    s.at(280'000, [&] { stall.act(false, 0, sim::now()); });
    simulate(microsecond);
    CHECK(order == "abcd");
    CHECK(last == 350'000);
}

TEST_CASE("Stalls that overlap hold the CPU from the first begin to the last end and are counted once", "[cpu]") {
    test::fresh_kernel k;
    cpu_core c("cpu", fast());
    stimulus s("s");
    ps done = 0;
    c.post(0, [&](cpu& p) { p.spend(step, 100); p.catch_up(); done = p.now(); });
    auto& stall = sim::session::current().faults().front();
    for (const auto& [at, begin] : {std::pair{20'000, true}, {30'000, true}, {50'000, false}, {90'000, true}, {120'000, false}, {220'000, false}})
        s.at(at, [&stall, begin = begin] { stall.act(begin, 0, sim::now()); });
    simulate(microsecond);
    CHECK(done == 300'000);
    for (const auto& m : sim::session::current().metrics())
        if (m.path == "cpu.stalled") CHECK(m.as_counter->value() == 200'000);
}

TEST_CASE("A lock between CPUs costs - is handed on in order and its holder is not interrupted", "[cpu]") {
    test::fresh_kernel k;
    cpu_config one = fast(), two = fast();
    one.costs[static_cast<unsigned>(cost::lock_acquire)] = two.costs[static_cast<unsigned>(cost::lock_acquire)] = 4;
    two.phase = 500;
    cpu_core a("a", one, 0), b("b", two, 1);
    host::lock l("l");
    ps got = 0;
    a.post(0, [&](cpu& p) {
        l.acquire(a);
        p.spend(step, 100);
        l.release(a);
    });
    b.post(10'000, [&](cpu& p) {
        l.acquire(b);
        got = p.now();
        l.release(b);
    });
    simulate(microsecond);
    CHECK(got == 104'500);
    CHECK(!l.held());
}
