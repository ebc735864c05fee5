#include <catch2/catch.hpp>

#include "nicteam/bounds/limit.h"

using namespace nicteam;
using namespace nicteam::bounds;

namespace {
resource make(const char* path, int used, int capacity, int missing = 0) {
    return {path, "bus", {used, 1}, {capacity, 1}, "clocks", "", "", static_cast<std::uint64_t>(missing), {missing, 1}};
}
wait make_wait(const char* from, std::int64_t total) { return {from, "next", "a to b", 1, total}; }
}  // namespace

TEST_CASE("the highest use is named - ties go to the first") {
    const auto l = find_limit({make("a", 50, 100), make("b", 97, 100), make("c", 194, 200)}, {make_wait("x", 5)});
    CHECK(l.by == 1);
    CHECK(l.limited);
    CHECK(l.waited_for == -1);
}

TEST_CASE("of full resources the one is named that more was meant for than came through") {
    const auto l = find_limit({make("wire", 100, 100), make("bus", 10, 100, 90), make("cpu", 96, 100, 80), make("disk", 97, 100, 75)}, {});
    CHECK(l.by == 2);
    CHECK(l.limited);
    CHECK(l.full == std::vector<int>{0});
    CHECK(l.as_well == std::vector<int>{3});             // 172 against 176: who could tell
    const auto idle = find_limit({make("cpu", 94, 100, 1000), make("wire", 10, 100)}, {});
    CHECK_FALSE(idle.limited);                           // it had time left
    CHECK(idle.by == 0);
}

TEST_CASE("95 per cent is a limit and 94.9 is none") {
    CHECK(find_limit({make("a", 950, 1000)}, {}).limited);
    CHECK_FALSE(find_limit({make("a", 949, 1000)}, {}).limited);
}

TEST_CASE("without a limit the longest wait is named") {
    const auto l = find_limit({make("a", 10, 100)}, {make_wait("x", 5), make_wait("y", 50), make_wait("z", 50)});
    CHECK(l.by == 0);
    CHECK_FALSE(l.limited);
    CHECK(l.waited_for == 1);
}

TEST_CASE("nothing to look at is no limit") {
    const auto l = find_limit({}, {});
    CHECK(l.by == -1);
    CHECK(l.waited_for == -1);
    CHECK(find_limit({make("a", 1, 0)}, {}).by == -1);
}
