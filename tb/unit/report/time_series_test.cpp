#include <catch2/catch.hpp>

#include <map>
#include <random>

#include "nicteam/report/time_series.h"

using namespace nicteam;
using report::time_series;

TEST_CASE("What came when is kept in steps that grow with time and nothing is lost") {
    std::mt19937_64 random(7);
    for (int round = 0; round < 200; ++round) {
        const ps from = static_cast<ps>(random() % (3 * millisecond));
        time_series s(from);
        std::map<ps, std::uint64_t> told;
        ps at = from;
        for (int i = 0; i < 500; ++i) {
            at += static_cast<ps>(random() % (round % 2 ? microsecond : 50 * microsecond));
            const std::uint64_t octets = random() % 1500;
            s.add(at, 1, octets);
            told[at] += octets;
        }
        s.widen_to(s.step * (round % 3 ? 1 : 4));
        REQUIRE(s.intervals.size() <= time_series::most);
        std::uint64_t packets = 0;
        for (std::size_t n = 0; n < s.intervals.size(); ++n) {
            const ps begin = from + static_cast<ps>(n) * s.step;
            std::uint64_t octets = 0;
            for (auto it = told.lower_bound(begin); it != told.end() && it->first < begin + s.step; ++it) octets += it->second;
            REQUIRE(s.intervals[n].octets == octets);
            packets += s.intervals[n].packets;
        }
        CHECK(packets == 500);
    }
}
