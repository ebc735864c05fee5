// Two stations that begin at the same instant on a half-duplex link, thousands of times, against closed forms of truncated binary exponential
// back-off (IEEE 802.3 4.2.3.2.5). Each bound is that of 99.9 % confidence for the number of contests, and the seed is given: a run
// is within it or is not, for ever.
#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "unit/peer/two_peers.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr double confidence = 3.29;          // 99.9 %, two-sided, in standard deviations
constexpr ps apart = 2 * millisecond;        // two frames and 300 slots of back-off are over by then
constexpr unsigned contests = 4000;

// What happened at both stations, in order of time: 'a' or 'b' sent a frame, '*' both met.
struct contest_record {
    unsigned collisions = 0;
    std::string sent;
};

std::vector<contest_record> contend(unsigned frames_each, std::size_t octets, std::uint64_t seed) {
    auto a = at("02:00:00:00:00:0a", "192.0.2.10"), b = at("02:00:00:00:00:0b", "192.0.2.11");
    a.duplex = b.duplex = peer::wire_duplex::half;
    two_peers p({}, false, seed, a, b);
    recorder seen[2];
    peer::peer* const stations[] = {p.a.get(), p.b.get()};
    for (unsigned s = 0; s < 2; ++s) {
        auto frames = std::make_unique<script>();
        for (unsigned n = 0; n < contests; ++n)
            for (unsigned i = 0; i < frames_each; ++i) frames->add(millisecond + n * apart, bytes(octets - 4, std::uint8_t{0xFF}));
        stations[s]->add_source(std::move(frames));
        seen[s].attach(p.kernel.session(), s ? "b.port" : "a.port");
    }
    p.run(millisecond + contests * apart);
    std::vector<contest_record> all(contests);
    std::vector<std::pair<ps, char>> sent;
    for (unsigned s = 0; s < 2; ++s)
        for (const recorder::item& i : seen[s].items) {
            if (i.way != sim::direction::out) continue;
            if (i.comment.empty()) sent.emplace_back(i.at, s ? 'b' : 'a');
            else if (s == 0) ++all.at(static_cast<std::size_t>((i.at - millisecond) / apart)).collisions;
        }
    std::sort(sent.begin(), sent.end());
    for (const auto& [when, who] : sent) all.at(static_cast<std::size_t>((when - millisecond) / apart)).sent += who;
    return all;
}

// After k collisions of both, both draw from 2^k slots and meet again if they draw the same one: a contest has at least k collisions with
// probability 2^-1 * 2^-2 * ... * 2^-(k-1).
double at_least(unsigned k) { return std::pow(0.5, k * (k - 1) / 2.0); }

// The capture effect. Who has just won begins with a new frame when the other comes back with its old one, and they meet: the winner draws
// from 2^a slots, the other from 2^b > 2^a. With which probability the winner wins again.
double wins_again(unsigned a, unsigned b) {
    if (b > 16) return 1;
    const double few = std::pow(2, a), many = std::pow(2, b);
    return 1 - (few + 1) / (2 * many) + wins_again(a + 1, b + 1) / many;
}

}  // namespace

TEST_CASE("two stations that begin at once collide as often as binary exponential back-off says") {
    const auto all = contend(1, 64, 1);
    double mean = 0, squares = 0;
    for (unsigned k = 1; k <= 16; ++k) mean += at_least(k), squares += (2 * k - 1) * at_least(k);
    CHECK(mean == Approx(1.6416).margin(0.00005));
    double collisions = 0, met[4] = {};
    for (const contest_record& c : all) {
        REQUIRE(c.sent.size() == 2);
        REQUIRE(c.collisions >= 1);
        collisions += c.collisions;
        ++met[std::min(c.collisions, 4u) - 1];
    }
    CHECK(collisions / contests == Approx(mean).margin(confidence * std::sqrt((squares - mean * mean) / contests)));
    double chi_squared = 0;
    for (unsigned k = 1; k <= 4; ++k) {
        const double expected = contests * (at_least(k) - (k < 4 ? at_least(k + 1) : 0));
        chi_squared += (met[k - 1] - expected) * (met[k - 1] - expected) / expected;
    }
    CHECK(chi_squared < 16.27);              // three degrees of freedom
}

TEST_CASE("neither of two stations is favoured and who has won wins again as often as the capture effect says") {
    // Frames of 1518 octets: longer than the back-off of the other after fewer than five collisions, so that it meets the winner's next one.
    const auto all = contend(2, 1518, 2);
    double again = 0, first = 0, expected = 0;
    for (unsigned k = 1; k <= 16; ++k) expected += (at_least(k) - at_least(k + 1)) * wins_again(1, k + 1);
    CHECK(expected == Approx(0.8782).margin(0.00005));
    for (const contest_record& c : all) {
        REQUIRE(c.sent.size() == 4);
        again += c.sent[0] == c.sent[1];
        first += c.sent[0] == 'a';
    }
    const double share = confidence * std::sqrt(expected * (1 - expected) / contests);
    CHECK(again / contests == Approx(expected).margin(share + at_least(5)));
    CHECK(first / contests == Approx(0.5).margin(confidence * 0.5 / std::sqrt(contests)));
}
