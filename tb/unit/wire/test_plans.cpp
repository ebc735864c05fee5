#include <catch2/catch.hpp>

#include "nicteam/wire/link.h"

using namespace nicteam;
using namespace nicteam::wire;

TEST_CASE("a plan of octets ends exactly and starts where it is told at any rate") {
    for (const std::int64_t rate : {10'000'000ll, 100'000'000ll, 1'000'000'000ll, 3'000'000ll, 7'777'777ll, 2'500'000'000ll})
        for (const std::uint32_t n : {1u, 2u, 3u, 72u, 1526u}) {
            const span p = octet_plan(1'000, n, rate);
            REQUIRE(p.units() == n);
            CHECK(p.first() == 1'000);
            CHECK(p.last() == 1'000 + octets_time(n - 1, rate));
            for (std::uint32_t k = 0; k < n; k += 7) {
                const auto exact = static_cast<ps>(static_cast<__int128>(k) * 8 * second / rate);
                CHECK(p.when(k) <= 1'000 + exact + 1);
                CHECK(p.when(k) >= 1'000 + exact - static_cast<ps>(n) - 1);
            }
        }
    CHECK(octet_plan(0, 0, 10'000'000).empty());
}

TEST_CASE("a moved plan keeps its shape") {
    span in, out;
    in.append({100, 80, 5});
    in.append({1000, 40, 3});
    shift_plan(out, in, 56);
    REQUIRE(out.units() == 8);
    for (unsigned k = 0; k < 8; ++k) CHECK(out.when(k) == in.when(k) + 56);
}
