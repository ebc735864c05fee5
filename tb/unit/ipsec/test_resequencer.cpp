#include <catch2/catch.hpp>

#include <algorithm>

#include "nicteam/base/random_stream.h"
#include "nicteam/ipsec/resequencer.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using numbers = std::vector<std::uint64_t>;

TEST_CASE("what comes behind a gap goes on when it is filled, all in order") {
    resequencer<std::uint64_t> r(8, 100);
    numbers on;
    const auto come = [&](std::uint32_t n, ps now) {
        on.clear();
        r.put(n, n, now, on);
        return on;
    };
    REQUIRE(come(1, 0) == numbers{1});
    REQUIRE(come(3, 10).empty());
    REQUIRE(come(5, 20).empty());
    REQUIRE(r.next() == 110);
    REQUIRE(come(2, 30) == numbers{2, 3});
    REQUIRE(r.next() == 120);
    REQUIRE(come(5, 35).empty());                            // once more: behind the first
    REQUIRE(come(4, 40) == numbers{4, 5, 5});
    REQUIRE(r.next() == never);
    REQUIRE(come(2, 50) == numbers{2});                      // late: for the window
    REQUIRE(r.gaps() == 0);
}

TEST_CASE("a gap is given up after the wait, or for want of places") {
    resequencer<std::uint64_t> r(3, 100);
    numbers on;
    r.put(2, 2, 0, on);
    r.put(4, 4, 50, on);
    r.due(99, on);
    REQUIRE(on.empty());
    r.due(100, on);
    REQUIRE(on == numbers{2});                               // 4 came later: 3 may still come
    REQUIRE(r.next() == 150);
    r.put(6, 6, 60, on);
    r.put(8, 8, 70, on);
    REQUIRE(r.waiting() == 3);
    r.put(10, 10, 80, on);
    REQUIRE(on == numbers{2, 4});
    REQUIRE(r.waiting() == 3);
    REQUIRE(r.gaps() == 2);
}

TEST_CASE("numbers pass 2^32") {
    resequencer<std::uint64_t> r(4, 10);
    numbers on;
    for (std::uint64_t n = 1; n <= (std::uint64_t{1} << 32); n += 0x3fffffff) {
        r.put(static_cast<std::uint32_t>(n), n, 0, on);
        r.due(never - 1, on);
    }
    on.clear();
    const std::uint64_t top = 1 + 4 * std::uint64_t{0x3fffffff};
    for (std::uint64_t n : {top + 2, top + 1, top + 4, top + 3, top + 6, top + 5}) r.put(static_cast<std::uint32_t>(n), n, 0, on);
    REQUIRE(on == numbers{top + 1, top + 2, top + 3, top + 4, top + 5, top + 6});
}

TEST_CASE("over random ways: each packet once, in order if and only if wait and places reach to the longest way") {
    random_stream r(1, "resequencer", "test");
    unsigned in_order = 0, not_in_order = 0;
    for (unsigned round = 0; round < 300; ++round) {
        const ps gap = 10, longer = 5 + static_cast<ps>(10 * r.below(40));            // between packets; of the second way: a number and a half of gaps
        const unsigned ways = 2 + static_cast<unsigned>(r.below(3));
        const ps wait = static_cast<ps>(10 * r.below(50));
        const std::size_t places = r.below(50);
        struct arrival { ps at; std::uint64_t number; };
        std::vector<arrival> all;
        for (std::uint64_t n = 1; n <= 400; ++n) all.push_back({static_cast<ps>(n) * gap + (n % ways == 1 ? longer : 0), n});
        std::stable_sort(all.begin(), all.end(), [](const arrival& a, const arrival& b) { return a.at < b.at; });
        resequencer<std::uint64_t> buffer(places, wait);
        numbers on;
        std::size_t most = 0;
        for (const arrival& a : all) {
            while (buffer.next() <= a.at) buffer.due(buffer.next(), on);
            buffer.put(static_cast<std::uint32_t>(a.number), a.number, a.at, on);
            most = std::max(most, buffer.waiting());
            REQUIRE(buffer.waiting() <= places);
        }
        while (buffer.next() != never) buffer.due(buffer.next(), on);
        // Each that waits for n, sent k gaps behind it by a short way, k * gap < longer: so many at most, and the first of them for longer - gap.
        std::size_t needed = 0;
        for (ps k = 1; k * gap < longer; ++k) needed += static_cast<unsigned>(k) % ways != 0;
        const bool enough = places >= needed && (wait > longer - gap || needed == 0);
        const bool sorted = std::is_sorted(on.begin(), on.end());
        INFO("ways " << ways << " longer " << longer << " wait " << wait << " places " << places << " needed " << needed << " most " << most);
        REQUIRE(sorted == enough);
        (sorted ? in_order : not_in_order)++;
        std::sort(on.begin(), on.end());
        REQUIRE(on.size() == 400);
        for (std::uint64_t n = 1; n <= 400; ++n) REQUIRE(on[n - 1] == n);
    }
    REQUIRE(in_order > 50);
    REQUIRE(not_in_order > 50);
}
