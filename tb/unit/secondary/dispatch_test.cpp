// What each policy chooses, job by job.
#include <catch2/catch.hpp>

#include <map>

#include "nicteam/secondary/dispatch.h"

using namespace nicteam;
using namespace nicteam::secondary;

namespace {

engine_views open_ones(std::initializer_list<std::uint64_t> rates) {
    engine_views all;
    for (const std::uint64_t r : rates) {
        all.emplace_back();
        all.back().open = true;
        all.back().rate = r;
    }
    return all;
}

std::vector<unsigned> choices(dispatch_policy& p, const engine_views& v, unsigned n, std::uint32_t octets = 100) {
    std::vector<unsigned> all;
    while (n--) all.push_back(p.choose(v, octets));
    return all;
}

using list = std::vector<unsigned>;

}  // namespace

TEST_CASE("round robin takes each open engine in turn") {
    const auto p = make_round_robin();
    auto v = open_ones({1, 1, 1, 1});
    CHECK(choices(*p, v, 5) == list{0, 1, 2, 3, 0});
    v[2].open = false;
    CHECK(choices(*p, v, 4) == list{1, 3, 0, 1});
}

TEST_CASE("row A-92: shares are R (1 - own load) of the sum, over ten thousand equal jobs") {
    const std::uint64_t rates[] = {10'000'000, 5'000'000, 2'500'000, 800'000};
    const std::uint32_t own[] = {200'000, 0, 500'000, 950'000};
    auto v = open_ones({rates[0], rates[1], rates[2], rates[3]});
    double sum = 0;
    for (unsigned n = 0; n < 4; ++n) {
        v[n].own = own[n];
        sum += static_cast<double>(rates[n]) * (1e6 - own[n]);
    }
    const auto p = make_proportional();
    std::map<unsigned, double> got;
    constexpr unsigned jobs = 20'000;
    for (const unsigned n : choices(*p, v, jobs)) ++got[n];
    for (unsigned n = 0; n < 4; ++n) {
        const double share = static_cast<double>(rates[n]) * (1e6 - own[n]) / sum;
        INFO(n << ": " << got[n] / jobs << " of " << share);
        CHECK(got[n] / jobs > share * 0.95);
        CHECK(got[n] / jobs < share * 1.05);
    }
}

TEST_CASE("proportional shares are of octets, and an engine without anything left gets next to nothing") {
    auto v = open_ones({3'000'000, 1'000'000, 1'000'000});
    v[2].own = 1'000'000;
    const auto p = make_proportional();
    std::map<unsigned, std::uint64_t> got;
    random_stream r(1, "test", "sizes");
    std::uint64_t sum = 0;
    for (unsigned n = 0; n < 20'000; ++n) {
        const auto octets = static_cast<std::uint32_t>(r.between(64, 1500));
        got[p->choose(v, octets)] += octets;
        sum += octets;
    }
    CHECK(got[0] > sum * 74 / 100);
    CHECK(got[0] < sum * 76 / 100);
    CHECK(got[1] > sum * 24 / 100);
    CHECK(got[2] <= 3'000);
}

TEST_CASE("new weights tell at once, whatever was done before") {
    auto v = open_ones({1'000'000, 1'000'000});
    v[1].own = 900'000;
    const auto p = make_proportional();
    choices(*p, v, 5'000);
    v[1].own = 0;                                        // row A-102: replaced, it works like the other
    unsigned second = 0;
    for (const unsigned n : choices(*p, v, 100)) second += n;
    CHECK(second >= 49);
    CHECK(second <= 52);
}

TEST_CASE("shortest queue takes the fewest jobs, and of several the next in turn") {
    const auto p = make_shortest_queue();
    auto v = open_ones({1, 1, 1});
    CHECK(choices(*p, v, 4) == list{0, 1, 2, 0});
    v[0].jobs = 2, v[1].jobs = 1, v[2].jobs = 3;
    CHECK(p->choose(v, 1) == 1);
    v[1].open = false;
    CHECK(p->choose(v, 1) == 0);
}

TEST_CASE("first idle takes the first without a job, and else none") {
    const auto p = make_first_idle();
    auto v = open_ones({1, 1, 1});
    CHECK(choices(*p, v, 2) == list{0, 0});
    v[0].jobs = 1;
    CHECK(p->choose(v, 1) == 1);
    v[1].jobs = v[2].jobs = 1;
    CHECK(p->choose(v, 1) == no_engine);
}

TEST_CASE("spill over takes the first that is open") {
    const auto p = make_spill_over();
    auto v = open_ones({1, 1});
    v[0].jobs = 5;
    CHECK(choices(*p, v, 2) == list{0, 0});
    v[0].open = false;
    CHECK(p->choose(v, 1) == 1);
}

TEST_CASE("by size: from the threshold on to the first group, and to the other only when nobody there may") {
    const auto p = make_by_size(128, 2);
    auto v = open_ones({1, 1, 1});
    CHECK(p->choose(v, 127) == 2);
    CHECK(p->choose(v, 128) == 0);
    v[0].jobs = 1;
    CHECK(p->choose(v, 4'000) == 1);
    v[2].open = false;
    v[2].full = true;
    CHECK(p->choose(v, 64) == no_engine);
    v[2].full = false;                                   // it is gone, or cannot do this job: nobody would ever do it
    CHECK(p->choose(v, 64) == 1);
}

TEST_CASE("a burst stays together, but for an engine that is not open any more") {
    const auto p = make_burst(3);
    auto v = open_ones({1, 1, 1});
    CHECK(choices(*p, v, 7) == list{0, 0, 0, 1, 1, 1, 2});
    v[2].open = false;
    CHECK(choices(*p, v, 4) == list{0, 0, 0, 1});
}

TEST_CASE("the earliest expected end goes by what was measured, and by what is said until then") {
    const auto p = make_expected_end();
    auto v = open_ones({1'000, 4'000});
    CHECK(p->choose(v, 100) == 1);
    v[1].octets = 400;                                   // 125 ms against 100 ms
    CHECK(p->choose(v, 100) == 0);
    v[1].measured = 40'000;
    CHECK(p->choose(v, 100) == 1);
}

TEST_CASE("random chooses open engines, all alike") {
    const auto p = make_random(random_stream(7, "test", "random"));
    auto v = open_ones({1, 9, 1, 1});
    v[2].open = false;
    std::map<unsigned, unsigned> got;
    for (const unsigned n : choices(*p, v, 9'000)) ++got[n];
    CHECK(got[2] == 0);
    for (const unsigned n : {0u, 1u, 3u}) CHECK(got[n] > 2'800);
}
