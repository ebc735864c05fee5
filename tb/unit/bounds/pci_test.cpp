#include <catch2/catch.hpp>

#include "nicteam/bounds/pci.h"

using namespace nicteam;
using namespace nicteam::bounds;

TEST_CASE("a medium target without wait states takes N + 3 clocks either way") {
    for (std::uint32_t n : {1u, 4u, 8u, 16u, 32u, 64u, 375u}) {
        CHECK(write_clocks(n) == n + 3);
        CHECK(read_clocks(n) == n + 3);
    }
}

TEST_CASE("measured efficiencies: medium target without wait states") {
    const struct { std::uint32_t words; const char *percent, *megabytes; } rows[] = {
        {4, "57.1", "76.2"}, {8, "72.7", "97.0"}, {16, "84.2", "112.3"}, {32, "91.4", "121.9"}, {64, "95.5", "127.4"}};
    for (const auto& r : rows) {
        INFO(r.words);
        const fraction e = efficiency(r.words), t = throughput(30'000, r.words);
        CHECK(fraction{e.numerator * 100, e.denominator}.decimal(1) == r.percent);
        CHECK(fraction{t.numerator, t.denominator * 1'000'000}.decimal(1) == r.megabytes);
    }
}

TEST_CASE("DEVSEL# speed and wait states as measured on a silicon-proven bridge") {
    // First data at +1 … +4 for writes, +2, 2, 3, 4 for reads; idle one clock after the last, next FRAME# one later.
    for (unsigned d = 1; d <= 4; ++d) {
        CHECK(write_clocks(1, {d, 0, 0}) == d + 2);
        CHECK(read_clocks(1, {d, 0, 0}) == (d < 2 ? 2 : d) + 2);
    }
    CHECK(write_clocks(8, {2, 3, 1}) == 2 + 3 + 8 + 7 + 1);
    CHECK(read_clocks(8, {1, 3, 1}) == 2 + 3 + 8 + 7 + 1);
}

TEST_CASE("retries and master aborts: idle clock included") {
    CHECK(retry_clocks({}, true) == 4);         // idle at +3, measured
    CHECK(retry_clocks({}, false) == 5);        // idle at +4
    CHECK(master_abort_clocks(true) == 7);      // idle at +6
    CHECK(master_abort_clocks(false) == 8);     // idle at +7
}

TEST_CASE("tenures of any lengths are summed by their mean") {
    for (const target_timing& t : {target_timing{}, target_timing{3, 4, 0}, target_timing{2, 1, 2}}) {
        std::uint64_t words = 0, tenures = 0, bytes = 0;
        std::int64_t clocks = 0;
        for (const std::uint32_t n : {1u, 4u, 4u, 16u, 375u, 2u}) {
            words += n;
            bytes += 4 * n - n % 2;                                            // some are odd pieces
            clocks += write_clocks(n, t);
            CHECK(mean_throughput(30'000, n, 1, 4 * n, t) == throughput(30'000, n, t));
            CHECK(mean_throughput(15'000, 7 * n, 7, 28 * n, t) == throughput(15'000, n, t));
            CHECK(mean_throughput(30'000, words, ++tenures, bytes, t) == fraction{static_cast<__int128>(bytes) * second, static_cast<__int128>(clocks) * 30'000});
        }
    }
    CHECK(mean_throughput(30'000, 8, 2, 32).decimal(0) == "76190476");         // two tenures of 4 words: 7 clocks each
}

TEST_CASE("words of odd pieces") {
    CHECK(words_of(0, 4) == 1);
    CHECK(words_of(3, 1) == 1);
    CHECK(words_of(3, 2) == 2);
    CHECK(words_of(2, 1514) == 379);
}
