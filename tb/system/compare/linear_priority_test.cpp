// Linear priority between stations, in closed form: who begins when. The clocked reference says the same.
#include <sstream>

#include <catch2/catch.hpp>

#include "reference/nic/medium.h"
#include "system/compare/medium_model.h"

namespace {

using nicteam::test::medium_case;
using ps = std::int64_t;

constexpr ps octet_periods[] = {800'000, 80'000};          // 10 and 100 Mb/s
constexpr unsigned gap = 12, slot = 64, frame = 64, preamble = 8;

struct begin {
    ps at;
    unsigned station;
};

// Begins in order of time; model and reference agree on every stamp of the run.
std::vector<begin> begins(const medium_case& c, std::size_t& collisions) {
    const std::string text = compare::run_medium(c, 1, false);
    REQUIRE(text == reference::nic::run_medium(c, compare::draws(c.stations.size(), 1, false)));
    std::vector<begin> out;
    collisions = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        begin b{};
        char what[16] = {};
        if (std::sscanf(line.c_str(), "%ld station %u %15s", &b.at, &b.station, what) != 3) continue;
        if (std::string(what) == "begin") out.push_back(b);
        collisions += std::string(what) == "collision";
    }
    return out;
}

medium_case::station contender(unsigned n, bool after_both, std::vector<medium_case::frame> frames) {
    medium_case::station s;
    s.fifo = true;
    s.priority = n;
    s.priority_after_reception = after_both;
    s.frames = std::move(frames);
    return s;
}

// Two stations at the ends of a cable without length: the last octet of a frame that began at `t` reaches the other with the edge at which it leaves.
constexpr ps last_of(ps t, ps octet) { return t + (preamble + frame - 1) * octet; }

}  // namespace

TEST_CASE("linear priority: between two frames of its own a station leaves the medium to the other") {
    for (const ps octet : octet_periods)
        for (const bool after_both : {false, true})
            for (unsigned n = 0; n <= 7; ++n) {
                medium_case c;
                c.octet_period = octet;
                c.repeater = false;
                c.stations = {contender(n, after_both, {{0, frame}, {0, frame}}), contender(0, after_both, {{20 * octet, frame}})};
                std::size_t collisions = 0;
                const auto b = begins(c, collisions);
                INFO(octet << ' ' << after_both << ' ' << n);
                const ps first = b.at(0).at, idle = last_of(first, octet) + octet;
                CHECK(b[0].station == 0);
                CHECK(b.at(1).at == idle + gap * octet);
                if (n == 0) {                                   // both begin there
                    CHECK(b.at(2).at == b[1].at);
                    CHECK(collisions >= 2);
                    continue;
                }
                REQUIRE(b.size() == 3);
                CHECK(b[1].station == 1);
                CHECK(b[2].station == 0);
                CHECK(collisions == 0);
                const ps heard = last_of(b[1].at, octet) + octet;
                const ps own = idle + (gap + n * slot) * octet;  // is not over sooner because another has sent
                CHECK(b[2].at == std::max(own, heard + (gap + (after_both ? n : 0) * slot) * octet));
            }
}

TEST_CASE("linear priority: behind the frame of a third station the lower number wins the medium") {
    for (const ps octet : octet_periods)
        for (unsigned one = 0; one <= 7; ++one)
            for (unsigned two = 0; two <= 7; ++two) {
                medium_case c;
                c.octet_period = octet;
                c.latency = 6 * octet;
                c.stations = {contender(0, true, {{0, 300}}), contender(one, true, {{50 * octet, frame}}), contender(two, true, {{50 * octet, frame}})};
                std::size_t collisions = 0;
                const auto b = begins(c, collisions);
                INFO(octet << ' ' << one << ' ' << two);
                const ps heard = b.at(0).at + (preamble + 300 - 1) * octet + c.latency + octet;
                const unsigned lower = std::min(one, two), higher = std::max(one, two);
                CHECK(b.at(1).at == heard + (gap + lower * slot) * octet);
                if (one == two) {
                    CHECK(b.at(2).at == b[1].at);
                    CHECK(collisions >= 2);
                    continue;
                }
                REQUIRE(b.size() == 3);
                CHECK(collisions == 0);
                CHECK(b[1].station == (one < two ? 1 : 2));
                CHECK(b[2].at == last_of(b[1].at, octet) + c.latency + octet + (gap + higher * slot) * octet);
            }
}

TEST_CASE("linear priority: in the first mode it makes no difference behind the frame of a third station") {
    for (const ps octet : octet_periods) {
        medium_case c;
        c.octet_period = octet;
        c.latency = 6 * octet;
        c.stations = {contender(0, false, {{0, 300}}), contender(1, false, {{50 * octet, frame}}), contender(7, false, {{50 * octet, frame}})};
        std::size_t collisions = 0;
        const auto b = begins(c, collisions);
        CHECK(b.at(1).at == b.at(0).at + (preamble + 300) * octet + c.latency + gap * octet);
        CHECK(b.at(2).at == b[1].at);
        CHECK(collisions >= 2);
    }
}
