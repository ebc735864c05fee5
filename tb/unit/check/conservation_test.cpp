// Frame conservation, broken on purpose in every way.
#include <catch2/catch.hpp>

#include "nicteam/check/conservation.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;
using namespace nicteam::check;

namespace {
const outcome_info delivered{"delivered", false, ""}, lost{"no_buffer", true, ""};
const stage_info wire{"wire", ""};
constexpr trace_id id(unsigned station, unsigned n) { return static_cast<trace_id>(station) << 40 | n; }

struct bench {
    explicit bench(bool count = false)
        : found(kernel.session(), config(count), [this] { ++stops; }),
          check(found),
          a(kernel.session().bind_station("a")),
          b(kernel.session().bind_station("b")) {
        kernel.session().observe(&check);
        kernel.session().settle_order();
    }
    static check_config config(bool count) {
        check_config c;
        c.conservation = count ? 1 : 0;
        return c;
    }
    test::fresh_kernel kernel;
    int stops = 0;
    breaches found;
    conservation check;
    sim::station &a, &b;
};
bool has(const std::string& s, const std::string& part) { return s.find(part) != std::string::npos; }
}  // namespace

TEST_CASE("Frames that are born, pass and end once keep the books even") {
    bench t;
    std::vector<trace_id> kept;
    t.b.holding = [&](const sim::station::claim& c) { for (const trace_id n : kept) c(n); };
    for (int i = 0; i < 1000; ++i) {
        const trace_id n = t.a.next_id(), copy = t.b.next_id();
        t.a.born(n, 0, 60, i);
        t.b.born(copy, n, 60, i);
        t.b.passed(n, wire, i);
        t.b.ended(n, i % 2 ? delivered : lost, i + 1);
        t.a.passed(n, wire, i + 2);                       // a completion may come after the end
        if (i % 10) t.b.ended(copy, delivered, i + 1);
        else kept.push_back(copy);
    }
    t.check.finish(2000, t.kernel.session());
    CHECK(t.found.count(checker::conservation) == 0);
    CHECK_FALSE(t.found.stopped());
    CHECK(t.check.packets_born() == 2000);
    CHECK(t.check.packets_ended() == 1900);
    CHECK(t.check.packets_held() == 100);
}

TEST_CASE("A copy that nobody claims has vanished though its original ended") {
    bench t;
    const trace_id n = t.a.next_id(), copy = t.b.next_id(), held = t.a.next_id();
    t.a.born(n, 0, 60, 1);
    t.a.born(held, 0, 60, 1);
    t.b.born(copy, n, 60, 2);
    t.a.ended(n, lost, 3);
    {
        const sim::in_hand at_work(t.a, held);
        t.check.finish(1'000'000, t.kernel.session());
    }
    CHECK(t.found.count(checker::conservation) == 1);
    CHECK(t.found.reason() == "conservation: at 1.00 us: packet 2:1 vanished: it has not ended and is nowhere");
    t.check.finish(2'000'000, t.kernel.session());           // no longer in anybody's hands
    CHECK(t.found.count(checker::conservation) == 3);
}

TEST_CASE("A second end stops the run and names the packet") {
    bench t;
    const trace_id n = t.a.next_id();
    t.a.born(n, 0, 60, 1);
    t.b.ended(n, delivered, 2);
    t.b.ended(n, lost, 1'000'000);
    CHECK(t.stops == 1);
    CHECK(t.found.stopped());
    CHECK(t.found.reason() == "conservation: at 1.00 us: packet 1:1 ended a second time, as no_buffer, in b");
}

TEST_CASE("An end, a pass or a parent without a birth is a breach each") {
    {
        bench t;
        t.b.ended(id(1, 5), delivered, 2);
        CHECK(has(t.found.reason(), "packet 1:5 ended as delivered but was never born, in b"));
    }
    {
        bench t;
        t.b.passed(id(2, 7), wire, 2);
        CHECK(has(t.found.reason(), "packet 2:7 passed wire but was never born, in b"));
    }
    {
        bench t;
        t.b.born(id(2, 1), id(1, 9), 60, 2);
        CHECK(has(t.found.reason(), "packet 2:1 comes from a packet that was never born, 1:9, in b"));
    }
}

TEST_CASE("A second birth and a number of no station are breaches") {
    bench t(true);
    t.a.born(id(1, 1), 0, 60, 1);
    t.a.born(id(1, 1), 0, 60, 2);
    t.a.born(id(1u << 21, 1), 0, 60, 3);
    CHECK(t.found.count(checker::conservation) == 2);
    CHECK(has(t.found.outcomes()[0].first, "packet 1:1 was born twice in a"));
}

TEST_CASE("When breaches are counted the run goes on and a metric shows them") {
    bench t(true);
    for (unsigned i = 1; i <= 5; ++i) t.b.ended(id(1, i), delivered, i);
    CHECK(t.stops == 0);
    CHECK_FALSE(t.found.stopped());
    CHECK(t.found.count(checker::conservation) == 5);
    CHECK(t.found.outcomes()[0].counts_only);
    std::uint64_t metric = 0;
    for (auto& m : t.kernel.session().metrics())
        if (m.path == "check.conservation_breaches") metric = m.as_counter->value();
    CHECK(metric == 5);
}

TEST_CASE("The run is stopped only once") {
    bench t;
    for (unsigned i = 1; i <= 5; ++i) t.b.ended(id(1, i), delivered, i);
    CHECK(t.stops == 1);
    CHECK(t.found.count(checker::conservation) == 5);
}
