// The line that says how far a sweep is, in whole.
#include <catch2/catch.hpp>

#include "sweep/running/progress.h"

using nicteam::sweep::progress;
using nicteam::sweep::text_of;

TEST_CASE("how far a sweep is, and when it will be done") {
    CHECK(text_of({36, 0}, 5) == "0 of 36 runs");
    CHECK(text_of({36, 12}, 0) == "12 of 36 runs");
    CHECK(text_of({36, 12}, 3) == "12 of 36 runs, 4.0/s, 0:00:06 left");
    CHECK(text_of({36, 12, 1, 2, 3}, 3) == "12 of 36 runs, 1 broken, 2 failed, 3 killed, 4.0/s, 0:00:06 left");
    CHECK(text_of({1000, 250}, 10) == "250 of 1000 runs, 25/s, 0:00:30 left");
    CHECK(text_of({10'000, 1}, 2.25) == "1 of 10000 runs, 0.4/s, 6:14:58 left");  // 9,999 times 2.25 s
    CHECK(text_of({36, 36}, 9) == "36 of 36 runs, 4.0/s, 0:00:00 left");
}

TEST_CASE("what an earlier sweep has run says nothing about the rate of this one") {
    progress p{36, 12};
    p.known = 12;
    CHECK(text_of(p, 3) == "12 of 36 runs");
    p.known = 6;
    CHECK(text_of(p, 3) == "12 of 36 runs, 2.0/s, 0:00:12 left");
}
