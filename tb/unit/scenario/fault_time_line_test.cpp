// When faults begin and end, and what a fault that comes again wants.
#include "scenario/running/faults.h"

#include <utility>

#include "nicteam/report/result.h"
#include "unit/elaborate.h"
#include "unit/fresh_kernel.h"
#include "unit/scenario/text_scenario.h"

#include <catch2/catch.hpp>

using namespace nicteam;
using namespace nicteam::test;

namespace {

using change = std::pair<bool, ps>;               // begins, when

constexpr fault_info down{"link_down", "", "of the test"};

std::vector<change> changes(const std::string& fault, ps until) {
    text_scenario s;
    const auto read = s.read(std::string(small) + "[[fault]]\nat = \"lan0\"\nwhat = \"link_down\"\n" + fault);
    INFO(read.found.to_string());
    REQUIRE(read.found.none());
    fresh_kernel k;
    std::vector<change> all;
    k.session().bind_fault("lan0", down, [&](bool begin, std::int64_t, ps at) {
        CHECK(at == sim::now());
        all.emplace_back(begin, at);
    });
    scenario::fault_time_line line("line", *read.what, k.session());
    elaborate();
    sc_core::sc_start(sim::to_sc_time(until));
    return all;
}

std::string said(const std::string& fault) {
    text_scenario s;
    return s.errors(std::string(small) + "[[fault]]\nat = \"lan0\"\nwhat = \"link_down\"\n" + fault);
}

}  // namespace

TEST_CASE("a fault comes once, or again with its period as often as is said") {
    const ps us = microsecond;
    CHECK(changes("from = \"3 us\"\n", 50 * us) == std::vector<change>{{true, 3 * us}});
    CHECK(changes("from = \"3 us\"\nfor = \"4 us\"\n", 50 * us) == std::vector<change>{{true, 3 * us}, {false, 7 * us}});
    CHECK(changes("from = \"3 us\"\nfor = \"4 us\"\nevery = \"10 us\"\ntimes = 2\n", 50 * us) ==
          std::vector<change>{{true, 3 * us}, {false, 7 * us}, {true, 13 * us}, {false, 17 * us}});
    CHECK(changes("from = \"3 us\"\nfor = \"4 us\"\nevery = \"10 us\"\ntimes = 1\n", 50 * us) == std::vector<change>{{true, 3 * us}, {false, 7 * us}});
}

TEST_CASE("without a number of times a fault comes as long as the run lasts") {
    for (const ps period : {5 * nanosecond, 7 * nanosecond, microsecond}) {
        const auto all = changes("for = \"4 ns\"\nevery = \"" + std::to_string(period) + " ps\"\n", 20 * microsecond);
        CHECK(all.size() == static_cast<std::size_t>((20 * microsecond + period - 1) / period + (20 * microsecond - 4 * nanosecond + period - 1) / period));
        for (std::size_t n = 0; n < all.size(); ++n) {
            CHECK(all[n].first == (n % 2 == 0));
            CHECK(all[n].second == static_cast<ps>(n / 2) * period + (n % 2 ? 4 * nanosecond : 0));
        }
    }
}

TEST_CASE("what comes again is over before") {
    CHECK(said("for = \"4 us\"\nevery = \"5 us\"\n") == "");
    CHECK(said("for = \"4 us\"\nevery = \"4 us\"\n")
              .find("fault.every = \"4 us\": is no longer than for = \"4 us\", which it lasts each time; allowed: longer") != std::string::npos);
    CHECK(said("every = \"4 us\"\n").find("fault.every = \"4 us\": without for: ") != std::string::npos);
    CHECK(said("for = \"1 us\"\ntimes = 2\n").find("fault.times = 2: without every: ") != std::string::npos);
    CHECK(said("for = \"1 us\"\nevery = \"4 us\"\ntimes = 0\n").find("fault.times = 0: ") != std::string::npos);
}

TEST_CASE("how often it came is told in words") {
    CHECK(report::repeated({"f", "link_down", "lan0", 0, microsecond, never, 1, ""}) == "");
    CHECK(report::repeated({"f", "link_down", "lan0", 0, microsecond, 5 * millisecond, 1200, ""}) == ", every 5.00 ms, 1 200 times");
}
