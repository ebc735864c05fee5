#include <catch2/catch.hpp>

#include <algorithm>

#include "check/around.h"

using namespace nicteam;
using namespace nicteam::check;

namespace {

report::gap silence(ps last, ps first, ps usual) {
    report::gap g;
    g.last = last, g.first = first, g.usual = usual;
    return g;
}

// A frame each `every`, silent from `last` to `first`.
std::vector<arrived> steady(ps begin, ps end, ps every, ps last, ps first) {
    std::vector<arrived> all;
    for (ps t = begin; t < end; t += every)
        if (t <= last || t >= first) all.push_back({t, 1000});
    return all;
}

constexpr ps us = microsecond, ms = millisecond;

}  // namespace

TEST_CASE("A steady flow is drawn as steady up to the silence and behind it") {
    for (const ps every : {20 * us, 250 * us, 333'333'333 * ps{1}})
        for (const ps missing : {3, 7, 20, 61}) {
            const ps last = 40 * every, first = last + missing * every, end = 160 * every;
            const auto all = steady(0, end, every, last, first);
            const stretch s = stretch_around({silence(last, first, every)}, last + every / 3, last + 2 * every, 0, end);
            REQUIRE(s.count > 60);
            CHECK(s.steps.from <= last);
            CHECK(s.steps.from >= 0);
            CHECK(s.steps.from + static_cast<ps>(s.count) * s.steps.step <= end);
            CHECK((last - s.steps.from) % s.steps.step == 0);
            const auto seen = octets_in(s, all, every);
            const auto whole = static_cast<std::uint64_t>(s.steps.step) * 1000 / static_cast<std::uint64_t>(every);
            const auto at = [&](ps t) { return static_cast<std::size_t>((t - s.steps.from) / s.steps.step); };
            for (std::size_t k = 0; k < s.count; ++k) {
                INFO("step " << k << " of " << s.count << ", silent from " << at(last) << " to " << at(first));
                if (k >= at(last) && k < at(first - 1)) CHECK(seen[k] == 0);
                else if (k != at(first)  && k != at(first - 1)) CHECK(seen[k] + 1 >= whole);
                CHECK(seen[k] <= whole + 2);
            }
            CHECK(seen[at(last) - 1] > 0);
            // Whatever the step: another flow's, twice as fast, in the same ones.
            const auto fast = octets_in(s, steady(every / 7, end, every / 2, end, 0), every / 2);
            CHECK(*std::max_element(fast.begin(), fast.end() - 1) - *std::min_element(fast.begin(), fast.end() - 1) <= 2);
        }
}

TEST_CASE("All flows have the same steps, as many as fit a picture") {
    const auto two = stretch_around({silence(10 * ms, 12 * ms, 100 * us), silence(10 * ms, 40 * ms, 50 * us)}, 10 * ms, 11 * ms, 0, 50 * ms);
    CHECK(two.steps.step <= 1 * ms);
    CHECK(two.count <= 240);
    const auto ever = stretch_around({silence(10 * ms, 10 * ms + 300 * us, 100 * us), silence(10 * ms, never, 50 * us)}, 10 * ms, never, 0, 50 * ms);
    CHECK(ever.steps.from + static_cast<ps>(ever.count) * ever.steps.step <= 50 * ms);
    CHECK(ever.steps.from + static_cast<ps>(ever.count + 1) * ever.steps.step > 50 * ms);
    CHECK(ever.count <= 240);
}

TEST_CASE("A frame between two silences is drawn behind its arrival, and not before") {
    stretch s;
    s.steps = {0, 10 * us};
    s.count = 100;
    const auto seen = octets_in(s, {{50 * us, 1000}, {100 * us, 1000}, {400 * us, 600}, {700 * us, 1000}, {750 * us, 1000}}, 60 * us);
    for (std::size_t k = 0; k < s.count; ++k) {
        INFO(k);
        CHECK((seen[k] > 0) == ((k >= 5 && k < 10) || (k >= 40 && k < 46) || (k >= 70 && k < 75)));
    }
}

TEST_CASE("A window without a fault, of one frame, or of none, is no trouble") {
    CHECK(stretch_around({}, 5, 6, 0, 10).count == 0);
    CHECK(stretch_around({silence(5, never, 0)}, never, never, 5, 5).count == 0);
    const stretch one = stretch_around({silence(5 * us, never, 0)}, 7 * us, never, 5 * us, 100 * us);
    CHECK(one.count > 0);
    CHECK(octets_in(one, {{5 * us + 1, 64}}, 0)[0] == 64);
}
