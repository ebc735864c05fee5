#include <catch2/catch.hpp>

#include "nicteam/report/decimal.h"

using namespace nicteam;
using namespace nicteam::report;

TEST_CASE("Times carry the unit that fits and three digits") {
    CHECK(time_text(0) == "0 ps");
    CHECK(time_text(999) == "999 ps");
    CHECK(time_text(30'000) == "30.0 ns");
    CHECK(time_text(1'234'567) == "1.23 us");
    CHECK(time_text(123'456'789) == "123 us");
    CHECK(time_text(999'960'000) == "1.00 ms");
    CHECK(time_text(10 * second) == "10.0 s");
    CHECK(time_text(-30'000) == "-30.0 ns");
}

TEST_CASE("Rates carry a prefix of thousands") {
    CHECK(scaled(148'809, 1, "frames/s") == "149 kframes/s");
    CHECK(scaled(99'730'000, 1, "b/s") == "99.7 Mb/s");
    CHECK(scaled(1, 2, "packets/s") == "0.50 packets/s");
    CHECK(scaled(7, 1, "B") == "7 B");
    CHECK(scaled(1, 0, "B") == "-");
}

TEST_CASE("Shares and grouping") {
    CHECK(percent(973, 1000) == "97.3 %");
    CHECK(percent(1, 0) == "-");
    CHECK(grouped(1'234'567) == "1 234 567");
    CHECK(grouped(999) == "999");
    CHECK(grouped(-1'000) == "-1 000");
    CHECK(grouped(103'806, 2, 1) == "51 903.0");
    CHECK(grouped(-123'456'789, 100, 2) == "-1 234 567.89");
    CHECK(grouped(-999, 1, 0) == "-999");
    CHECK(grouped(1, 3, 1) == "0.3");
    CHECK(shortest(5, 2, 3) == "2.5");
    CHECK(shortest(4, 2, 3) == "2");
    CHECK(integer(static_cast<__int128>(INT64_MAX) * 10) == "92233720368547758070");
}
