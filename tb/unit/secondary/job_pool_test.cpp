// The pool against closed forms of queueing (what-if Q4, Q22, Q23), and every job once whatever happens to engines.
#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "unit/secondary/queueing.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t octets = 1'000;
const std::vector<std::uint64_t> rates{10'000'000, 4'000'000, 1'000'000};       // octets per second

// So many jobs are always there, and every engine's queue has room for them. Jobs per second.
double saturated(std::unique_ptr<dispatch_policy> p, ps* idle = nullptr) {
    queueing q(std::move(p), [](unsigned n, const queueing::job& j) { return time_of(j.octets, rates[n]); });
    for (const std::uint64_t r : rates) q.pool.add(one_at_a_time(r));
    q.again = [&](ps at) { q.put(at, octets); };
    for (unsigned n = 0; n < 64; ++n) q.put(0, octets);
    const ps from = 100 * millisecond, until = 900 * millisecond;
    q.run(from);
    const std::uint64_t before = q.done;
    const ps idle_before = q.pool.idle_with_backlog(from);
    q.run(until);
    if (idle) *idle = q.pool.idle_with_backlog(until) - idle_before;
    return static_cast<double>(q.done - before) * second / static_cast<double>(until - from);
}

// Poisson arrivals, exponential service: mean time in the system in units of the mean service time.
double mean_time(std::unique_ptr<dispatch_policy> p, unsigned engines, double load, unsigned jobs = 200'000) {
    constexpr ps service = microsecond;
    random_stream gaps(3, "test", "gaps"), times(3, "test", "times");
    queueing q(std::move(p), [&](unsigned, const queueing::job&) { return times.exponential(service); });
    for (unsigned n = 0; n < engines; ++n) q.pool.add(one_at_a_time());
    ps at = 0;
    for (unsigned n = 0; n < jobs; ++n) q.put(at += gaps.exponential(static_cast<ps>(service / (load * engines))));
    q.run(never);
    return q.mean_time(jobs / 20) / service;
}

double erlang_c(unsigned c, double load) {
    const double a = c * load;
    double term = 1, sum = 0;
    for (unsigned k = 0; k < c; ++k) sum += term, term *= a / (k + 1);
    return term / (1 - load) / (sum + term / (1 - load));
}

}  // namespace

TEST_CASE("Q4: round robin saturates at N times the slowest, proportional and shortest queue at the sum of all") {
    const double sum = 15'000, slowest = 3 * 1'000;      // jobs per second
    CHECK(std::abs(saturated(make_round_robin()) - slowest) < slowest * 0.02);
    CHECK(std::abs(saturated(make_burst(4)) - slowest) < slowest * 0.02);
    for (auto make : {make_proportional, make_shortest_queue, make_first_idle, make_expected_end}) {
        auto p = make();
        INFO(p->policy_name());
        const double got = saturated(std::move(p));
        CHECK(got <= sum * 1.001);
        CHECK(got > sum * 0.98);
    }
}

TEST_CASE("row A-91: no engine idles beside a backlog under policies that are work-conserving, and some do under round robin") {
    ps idle = 0;
    for (auto make : {make_first_idle, make_shortest_queue, make_expected_end}) {
        saturated(make(), &idle);
        CHECK(idle == 0);
    }
    saturated(make_round_robin(), &idle);
    CHECK(idle > 700 * millisecond);
}

TEST_CASE("Q4: identical engines, Poisson and exponential: random is N M/M/1, first idle M/M/N, shortest queue between") {
    for (const double load : {0.5, 0.8}) {
        constexpr unsigned n = 4;
        const double single = 1 / (1 - load), common = 1 + erlang_c(n, load) / (n * (1 - load));
        INFO("load " << load);
        CHECK(std::abs(mean_time(make_random(random_stream(5, "test", "choice")), n, load) / single - 1) < 0.05);
        CHECK(std::abs(mean_time(make_first_idle(), n, load) / common - 1) < 0.03);
        const double shortest = mean_time(make_shortest_queue(), n, load);
        CHECK(shortest > common);
        CHECK(shortest < single);
    }
}

TEST_CASE("Q22, row A-100: a defective member's engine is loaded first, and has min(load, R) - idle ones have the rest - the active one none") {
    for (const std::uint64_t load : {600'000u, 2'500'000u}) {        // octets per second; the defective one does 1,000,000
        queueing q(make_shortest_queue(), [](unsigned, const queueing::job& j) { return time_of(j.octets, 1'000'000); });
        engine_setting s = one_at_a_time(1'000'000, 2);
        for (const engine_use use : {engine_use::active, engine_use::idle, engine_use::idle, engine_use::defective}) {
            s.use = use;
            q.pool.add(s);
        }
        for (unsigned n = 0; n < 2'000; ++n) q.put(static_cast<ps>(n) * time_of(octets, load), octets);
        q.run(never);
        const double span = static_cast<double>(q.last) / second, failed = static_cast<double>(q.done_by(3)) * octets / span;
        INFO("load " << load << ", failed " << failed);
        const double expected = std::min<double>(static_cast<double>(load), 1'000'000);
        CHECK(std::abs(failed / expected - 1) < 0.02);
        CHECK(q.done_by(0) == 0);
        CHECK(q.done == 2'000);
    }
}

TEST_CASE("row A-88: the active member gets jobs when the idle ones have no room, and never more than its threshold at a time") {
    queueing q(make_shortest_queue(), [](unsigned, const queueing::job& j) { return time_of(j.octets, 1'000'000); });
    engine_setting idle = one_at_a_time(1'000'000, 4), active = one_at_a_time(1'000'000, 2);
    active.use = engine_use::active;
    q.pool.add(active);
    q.pool.add(idle);
    for (unsigned n = 0; n < 4; ++n) q.put(0);
    CHECK(q.pool.jobs(0) == 0);
    for (unsigned n = 0; n < 6; ++n) q.put(0);
    CHECK(q.pool.jobs(0) == 2);
    CHECK(q.pool.jobs(1) == 4);
    CHECK(q.pool.waiting() == 4);
    q.run(never);
    CHECK(q.done == 10);
}

TEST_CASE("decision 189: an engine that is spared does what no other one could, one at a time, and software goes before it") {
    queueing q(make_shortest_queue(), [](unsigned, const queueing::job& j) { return time_of(j.octets, 1'000'000); });
    engine_setting spared = one_at_a_time(1'000'000, 0), idle = one_at_a_time(1'000'000, 4), software = one_at_a_time(1'000'000, 4);
    spared.use = engine_use::active;
    software.use = engine_use::last_resort;
    q.pool.add(spared);
    q.pool.add(idle);
    for (unsigned n = 0; n < 12; ++n) q.put(0);
    CHECK(q.pool.jobs(0) == 0);                          // they wait: another one could
    CHECK(q.pool.waiting() == 8);
    idle.up = false;
    q.set(1, idle, millisecond / 2);
    CHECK(q.pool.jobs(0) == 1);
    CHECK(q.pool.waiting() == 10);                       // and one is still with the unit of 1
    unsigned most = 0;
    q.again = [&](ps) { most = std::max(most, q.pool.jobs(0)); };
    q.run(4 * millisecond);
    CHECK(q.done_by(0) == 3);
    q.pool.add(software);
    q.set(2, software, 4 * millisecond);
    q.run(never);
    CHECK(q.done_by(0) == 4);                            // what it had
    CHECK(q.done_by(2) == 7);
    CHECK(most <= 1);
    CHECK(q.refused == 0);
    CHECK(q.done == 12);
}

TEST_CASE("Q23, row A-102: a replacement loses its extra share when its setting changes, and settles at R of the sum") {
    queueing q(make_proportional(), [](unsigned, const queueing::job& j) { return time_of(j.octets, 1'000'000); });
    engine_setting s = one_at_a_time(1'000'000, 8);
    q.pool.add(s);
    q.pool.add(s);
    s.use = engine_use::defective;
    q.pool.add(s);
    auto feed = [&, n = 0u](unsigned jobs) mutable {
        for (const unsigned end = n + jobs; n < end; ++n) q.put(static_cast<ps>(n) * 500 * microsecond, octets);      // 2,000,000 octets per second
        return static_cast<ps>(n) * 500 * microsecond;
    };
    const ps swapped = feed(2'000);
    s.use = engine_use::idle;
    q.set(2, s, swapped);
    const ps over = feed(3'000);
    const ps settled = swapped + 8 * time_of(octets, 1'000'000);      // its queue has drained
    const auto share = [&](ps from, ps until) {
        double all = 0;
        for (unsigned n = 0; n < 3; ++n) all += static_cast<double>(q.done_by(n, from, until));
        return static_cast<double>(q.done_by(2, from, until)) / all;
    };
    CHECK(share(swapped / 2, swapped) > 0.48);                        // min(load, R) of 2 R
    CHECK(std::abs(share(settled, over) - 1.0 / 3) < 1.0 / 3 * 0.05);
}

TEST_CASE("what an engine does is measured while it works, with two jobs in its unit at a time, and what is long ago is forgotten") {
    constexpr ps second_of_rest = second;
    std::uint64_t rate = 1'000'000;
    ps free = 0;
    job_pool pool(make_spill_over(), {});
    engine_setting s = one_at_a_time();
    s.given = 2;
    pool.add(s);
    CHECK(pool.measured(0) == 0);
    pooled_job a, b;
    a.octets = b.octets = octets;
    pooled_job *first = &a, *other = &b;
    pool.put(a, 0), pool.put(b, 0);
    REQUIRE(pool.next(0).job == &a);
    REQUIRE(pool.next(0).job == &b);
    const auto work = [&](unsigned jobs) {                            // one behind the other, two inside
        while (jobs--) {
            free += time_of(octets, rate);
            pool.back(0, *first, true, free);
            pool.put(*first, free);
            REQUIRE(pool.next(free).job == first);
            std::swap(first, other);
        }
        return static_cast<double>(pool.measured(0)) / static_cast<double>(rate);
    };
    CHECK(work(300) == Approx(1).epsilon(0.01));
    rate = 4'000'000;
    CHECK(work(2'000) == Approx(1).epsilon(0.01));
    free += second_of_rest;                                           // it had nothing to do: no time of work
    pool.back(0, *first, true, free - second_of_rest + time_of(octets, rate));
    pool.back(0, *other, true, free - second_of_rest + 2 * time_of(octets, rate));
    pool.put(a, free);
    pool.next(free);
    pool.back(0, a, true, free + time_of(octets, rate));
    CHECK(static_cast<double>(pool.measured(0)) == Approx(rate).epsilon(0.01));
}

TEST_CASE("a unit without room gets nothing more before one of its jobs is back, and at once if it has none") {
    job_pool pool(make_spill_over(), {});
    pool.add(one_at_a_time());
    engine_setting s = one_at_a_time();
    s.given = 4;
    pool.set(0, s, 0);
    pooled_job a, b;
    pool.put(a, 0), pool.put(b, 0);
    REQUIRE(pool.next(0).job == &a);
    REQUIRE(pool.next(0).job == &b);
    pool.not_taken(0, b, 0);
    CHECK(pool.next(0).job == nullptr);
    pool.back(0, a, true, 1);
    REQUIRE(pool.next(1).job == &b);
    pool.not_taken(0, b, 1);
    CHECK(pool.next(1).job == &b);
}

TEST_CASE("a job that waits for an engine that may not have it any more finds another, in its turn, or nobody can do it") {
    job_pool pool(make_spill_over(), {});
    engine_setting s = one_at_a_time();
    s.most = 3;
    pool.add(s), pool.add(s);
    pooled_job a, b, c, d;
    for (pooled_job* j : {&a, &b, &c, &d}) REQUIRE(pool.put(*j, 0) == job_pool::answer::taken);
    REQUIRE(pool.next(0).job == &a);
    pool.reconsider([&](pooled_job& j) { j.can = &j == &c ? 0b01u : 0b10u; }, 1);
    CHECK(pool.waiting(0) == 1);                         // c
    REQUIRE(pool.next(1).job == &d);
    pool.back(1, d, true, 2);
    CHECK(pool.next(2).job == &b);
    pool.back(1, b, true, 3);
    a.can = 0b10;
    pool.not_taken(0, a, 3);                             // its unit had no room, and now it is another's
    REQUIRE(pool.next(3).job == &c);
    REQUIRE(pool.next(3).job == &a);
    pool.back(1, a, true, 4);
    CHECK(pool.octets(1) == 0);
    pool.reconsider([](pooled_job& j) { j.can = 0; }, 4);
    CHECK(pool.stranded(4) == nullptr);                  // c is with its unit
}

TEST_CASE("a job whose engine will have it later waits for that one, and keeps back no other") {
    job_pool pool(make_spill_over(), {});
    engine_setting s = one_at_a_time();
    pool.add(s), pool.add(s);
    pooled_job a, b, c;
    a.can = 0, a.later = 0b01;
    b.can = 0b01;
    c.can = 0, c.later = 0;
    REQUIRE(pool.put(a, 0) == job_pool::answer::taken);
    CHECK(pool.put(c, 0) == job_pool::answer::nobody);
    REQUIRE(pool.put(b, 0) == job_pool::answer::taken);
    CHECK(pool.waiting() == 1);                          // a
    CHECK(pool.stranded(0) == nullptr);
    REQUIRE(pool.next(0).job == &b);
    pool.back(0, b, true, 1);
    CHECK(pool.next(1).job == nullptr);
    CHECK(pool.idle_with_backlog(2) == 0);               // nobody could have done it
    pool.reconsider([](pooled_job& j) { j.can = 0b01, j.later = 0; }, 2);
    REQUIRE(pool.next(2).job == &a);
    pool.back(0, a, true, 3);
    b.can = 0, b.later = 0b10;
    REQUIRE(pool.put(b, 3) == job_pool::answer::taken);
    s.up = false;
    pool.set(1, s, 4);                                   // the one that it waits for goes
    CHECK(pool.stranded(4) == &b);
}

TEST_CASE("each job comes out once, whatever engines do") {
    random_stream r(11, "test", "campaign");
    for (unsigned round = 0; round < 300; ++round) {
        const auto engines = static_cast<unsigned>(r.between(1, 6));
        const auto kind = static_cast<unsigned>(r.below(9));
        job_pool pool(make_dispatch(static_cast<dispatch_kind>(kind), {300, 1, 3}, random_stream(round, "test", "policy")),
                      {static_cast<loading>(r.below(2)), static_cast<std::size_t>(r.below(20))});
        std::vector<engine_setting> set(engines);
        std::vector<std::unique_ptr<pooled_job>> jobs;
        std::vector<std::vector<pooled_job*>> given(engines);
        std::set<pooled_job*> inside, out;
        const auto draw = [&](engine_setting& s) {
            s.use = static_cast<engine_use>(r.below(engine_uses));
            s.up = r.below(4) != 0;
            s.most = static_cast<unsigned>(r.below(6));
            s.given = static_cast<unsigned>(r.between(1, 3));
            s.rate = static_cast<std::uint64_t>(r.between(1, 1'000'000));
            s.own = static_cast<std::uint32_t>(r.below(1'000'001));
        };
        for (engine_setting& s : set) draw(s), pool.add(s);
        ps now = 0;
        const auto leave = [&](pooled_job* j) {
            REQUIRE(inside.erase(j) == 1);
            REQUIRE(out.insert(j).second);
        };
        for (unsigned step = 0; step < 400; ++step) {
            now += r.between(0, 1'000);
            switch (r.below(6)) {
                case 0:
                case 1: {
                    jobs.push_back(std::make_unique<pooled_job>());
                    jobs.back()->octets = static_cast<std::uint32_t>(r.between(1, 1'500));
                    jobs.back()->can = r.next();
                    if (pool.put(*jobs.back(), now) == job_pool::answer::taken) inside.insert(jobs.back().get());
                    break;
                }
                case 2: {
                    const auto n = static_cast<unsigned>(r.below(engines));
                    if (given[n].empty()) break;
                    pooled_job* const j = given[n].front();
                    given[n].erase(given[n].begin());
                    if (r.below(5) == 0) pool.not_taken(n, *j, now);
                    else pool.back(n, *j, true, now), leave(j);
                    break;
                }
                case 4:
                    pool.reconsider([&](pooled_job& j) { j.can = r.next(); }, now);
                    while (pooled_job* j = pool.stranded(now)) leave(j);
                    break;
                case 3: {
                    const auto n = static_cast<unsigned>(r.below(engines));
                    draw(set[n]);
                    pool.set(n, set[n], now);
                    while (pooled_job* j = pool.stranded(now)) leave(j);
                    break;
                }
                default:
                    if (const job_pool::gift g = pool.next(now); g.job) {
                        REQUIRE(set[g.engine].up);
                        REQUIRE((g.job->can >> g.engine & 1u) == 1);
                        given[g.engine].push_back(g.job);
                        REQUIRE(given[g.engine].size() <= set[g.engine].given);
                        REQUIRE(inside.count(g.job) == 1);
                    }
            }
            std::size_t count = pool.waiting();
            for (unsigned n = 0; n < engines; ++n) count += pool.jobs(n);
            REQUIRE(count == inside.size());
            for (unsigned n = 0; n < engines; ++n) REQUIRE((pool.octets(n) > 0) == (pool.jobs(n) > 0));
        }
        for (unsigned n = 0; n < engines; ++n)
            for (pooled_job* j : given[n]) pool.back(n, *j, false, now), leave(j);
        if (round % 2)                                   // engines go
            for (unsigned n = 0; n < engines; ++n) set[n].up = false, pool.set(n, set[n], now);
        else                                             // or do what there is: nothing waits for ever
            for (job_pool::gift g = pool.next(now); g.job; g = pool.next(now)) pool.back(g.engine, *g.job, true, now), leave(g.job);
        while (pooled_job* j = pool.stranded(now)) leave(j);
        INFO("round " << round << ", policy " << kind);
        REQUIRE(inside.empty());
    }
}
