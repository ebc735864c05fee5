#include <catch2/catch.hpp>

#include "nicteam/bounds/ethernet.h"

using namespace nicteam;
using namespace nicteam::bounds;

TEST_CASE("frame rates at 100 Mb/s are those of the standard's arithmetic") {
    const struct { std::uint32_t octets; const char* rate; } rows[] = {{64, "148809.5"}, {128, "84459.5"}, {256, "45289.9"}, {512, "23496.2"},
                                                                       {1024, "11973.2"}, {1280, "9615.4"}, {1518, "8127.4"}};
    for (const auto& r : rows) {
        INFO(r.octets);
        CHECK(frame_rate(100'000'000, r.octets).decimal(1) == r.rate);
    }
    CHECK(frame_rate(10'000'000, 64).decimal(2) == "14880.95");
    CHECK(frame_rate(1'000'000'000, 64).decimal(0) == "1488095");
}

TEST_CASE("frame times are exact to the picosecond") {
    CHECK(frame_spacing(100'000'000, 64) == 6'720'000);            // 0.08 us a octet: 84 octets
    CHECK(frame_spacing(100'000'000, 1518) == 123'040'000);
    CHECK(frame_spacing(100'000'000, 64, 12, 2) == 6'240'000);     // a preamble of one octet and its delimiter
    CHECK(frame_time(100'000'000, 64, 16) == 6'400'000);
    CHECK(frame_rate(100'000'000, 64, 12, 16).decimal(1) == "135869.6");
    CHECK(frame_time(100'000'000, 64) == 5'760'000);
    CHECK(frame_spacing(1'000'000'000, 64) == 672'000);
}

TEST_CASE("frames of any lengths are summed by their mean") {
    std::uint64_t octets = 0, frames = 0;
    ps time = 0;
    for (const std::uint32_t n : {64u, 1518u, 64u, 600u, 65u}) {
        CHECK(mean_frame_rate(100'000'000, n, 1) == frame_rate(100'000'000, n));
        CHECK(mean_frame_rate(1'000'000'000, 9 * n, 9) == frame_rate(1'000'000'000, n));
        octets += n;
        time += frame_spacing(100'000'000, n);
        ++frames;
        CHECK(mean_frame_rate(100'000'000, octets, frames) == fraction{static_cast<__int128>(frames) * second, time});
    }
    CHECK(mean_frame_rate(100'000'000, 64 + 1518, 2).decimal(1) == "15413.1");
}

TEST_CASE("payload efficiency of a full wire") {
    CHECK((frame_throughput(100'000'000, 1518).numerator * 1000 / (frame_throughput(100'000'000, 1518).denominator * 100'000'000)) == 986);
}

TEST_CASE("fractions round half up and carry") {
    CHECK(fraction{1, 2}.decimal(0) == "1");
    CHECK(fraction{999, 1000}.decimal(2) == "1.00");
    CHECK(fraction{1, 3}.decimal(4) == "0.3333");
    CHECK(fraction{2, 3}.decimal(4) == "0.6667");
    CHECK(fraction{-1, 4}.decimal(2) == "-0.25");
    CHECK(fraction{1, 0}.decimal(2) == "-");
    CHECK(fraction{1, 3} < fraction{1, 2});
    CHECK(fraction{2, 4} == fraction{1, 2});
    const __int128 large = static_cast<__int128>(1) << 100;
    CHECK(fraction{large, large} == fraction{1, 1});
    CHECK(fraction{large - 1, large} < fraction{large, large + 1});
    CHECK_FALSE(fraction{large, large + 1} < fraction{large - 1, large});
    CHECK_FALSE(fraction{3, 1} < fraction{3, 1});
    CHECK(fraction{0, 5} < fraction{1, large});
    for (int a = 0; a < 12; ++a)
        for (int b = 1; b < 12; ++b)
            for (int c = 0; c < 12; ++c)
                for (int d = 1; d < 12; ++d) {
                    if ((fraction{a, b} < fraction{c, d}) != (a * d < c * b)) FAIL(a << "/" << b << " " << c << "/" << d);
                }
}
