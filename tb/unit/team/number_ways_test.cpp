// A unit takes rising numbers only: whatever is sent in line and asked for as jobs, in whatever order units get to it, none that it has is behind one that it
// has used.
#include <catch2/catch.hpp>

#include <deque>

#include "nicteam/base/random_stream.h"
#include "team/number_ways.h"

using nicteam::random_stream;
using nicteam::state::handle;
using nicteam::team::number_ways;

TEST_CASE("a unit has packets in line or jobs under one association, never both") {
    const handle a{0, 1}, b{1, 1};
    number_ways w;
    CHECK(w.may_go_in_line(a, 0, true));
    CHECK(w.may_have_jobs(a, 0));
    w.in_line(a, 0);
    CHECK(!w.may_have_jobs(a, 0));
    CHECK(w.may_have_jobs(a, 1));
    CHECK(w.may_have_jobs(b, 0));
    w.asked(a);
    CHECK(w.any_jobs(a));
    CHECK(!w.any_jobs(b));
    CHECK(!w.may_go_in_line(a, 0, true));
    CHECK(w.may_go_in_line(a, 0, false));                // it lends nothing, and has none of them
    CHECK(w.may_go_in_line(b, 0, true));
    w.in_line(a, 0);
    CHECK(!w.left(a, 0));
    CHECK(w.left(a, 0));
    CHECK(w.may_have_jobs(a, 0));
    w.given(a, 0);
    CHECK(!w.may_go_in_line(a, 0, false));
    w.back(a, 0);
    w.ended(a);
    CHECK(w.may_go_in_line(a, 0, true));
}

TEST_CASE("a unit that serves its list and its ring as it likes meets no number behind one that it has used") {
    random_stream r(7, "test", "ways");
    for (unsigned round = 0; round < 200; ++round) {
        const handle a{0, 1};
        number_ways w;
        std::uint64_t next = 0, used[2] = {};
        std::deque<std::uint64_t> list[2], ring[2];      // of each unit: numbers, drawn when they are handed over
        std::deque<unsigned> wait;                       // jobs for either unit, in common
        unsigned refused = 0, done = 0;
        const auto serve = [&](std::deque<std::uint64_t>& q, unsigned m) {
            refused += q.front() <= used[m];
            used[m] = std::max(used[m], q.front());
            q.pop_front();
            ++done;
        };
        for (unsigned n = 0; n < 400; ++n) {
            const auto m = static_cast<unsigned>(r.below(2));
            switch (r.below(4)) {
                case 0:
                    if (w.may_go_in_line(a, m, true)) w.in_line(a, m), list[m].push_back(++next);
                    break;
                case 1: w.asked(a), wait.push_back(0); break;
                case 2:
                    if (!list[m].empty()) serve(list[m], m), w.left(a, m);
                    break;
                default:
                    if (!ring[m].empty()) serve(ring[m], m), w.back(a, m), w.ended(a);
            }
            if (!wait.empty() && w.may_have_jobs(a, m)) w.given(a, m), ring[m].push_back(++next), wait.pop_front();
        }
        REQUIRE(refused == 0);
        REQUIRE(done > 50);
    }
}
