// Two ends over a line that loses, doubles, delays and damages: every octet once and in order, both closes.
#include <catch2/catch.hpp>

#include "unit/tcp/two_ends.h"

using namespace nicteam;
using namespace nicteam::tcp;
using namespace nicteam::tcp::test;

namespace {

tcp_rules rules_of(std::uint64_t seed) {
    random_stream dice(seed, "streams", "rules");
    tcp_rules r;
    r.window_scaling = dice.below(4);
    r.sack = dice.below(3);
    r.timestamps = dice.below(2);
    r.delayed_acknowledgements = dice.below(3);
    r.cached.flags = static_cast<std::uint8_t>(dice.below(2) ? cached_flag::nagle : 0);
    r.cached.initial_receive_window = static_cast<std::uint32_t>(dice.between(3'000, 300'000));
    r.send_capacity = static_cast<std::uint32_t>(dice.between(2'000, 300'000));
    r.timeout.least = 200 * millisecond;
    r.maximum_segment_lifetime = second;
    return r;
}

void set_up(two_ends& t, std::uint64_t seed, std::uint64_t most) {
    random_stream dice(seed, "streams", "line");
    for (unsigned k = 0; k < 2; ++k) {
        line& w = t.way[k];
        w.delay = dice.between(0, 20) * millisecond;
        w.loss = dice.between(0, 60);
        w.doubled = dice.between(0, 40);
        w.late = dice.between(0, 100);
        w.damaged = dice.between(0, 20);
        t.e[k].to_send = dice.below(most);
        if (dice.below(3) == 0) t.e[k].reads_at_once = static_cast<std::size_t>(dice.between(100, 4'000));
    }
    t.open(0);
    if (dice.below(4) == 0) t.open(1);              // both at once
}

}  // namespace

TEST_CASE("Any line and any rules: all octets once and in order, both ends closed") {
    std::uint64_t losses = 0, segments = 0, octets = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        two_ends t(seed, rules_of(2 * seed), rules_of(2 * seed + 1), seed % 3 ? 4 : 6, static_cast<std::uint32_t>(1280 + seed % 5 * 180));
        set_up(t, seed, 120'000);
        const bool ended = t.run(3'000 * second);
        CAPTURE(to_text(t.e[0].c->state()), to_text(t.e[1].c->state()), t.e[0].got, t.e[1].to_send, t.e[1].got, t.e[0].to_send, t.now);
        REQUIRE(ended);
        REQUIRE(t.all_there());
        CHECK_FALSE(((t.e[0].events | t.e[1].events) & (event::timed_out | event::was_reset)));
        losses += t.lost_text;
        segments += t.segments;
        octets += t.e[0].to_send + t.e[1].to_send;
    }
    CHECK(losses > 500);
    CHECK(segments > 20'000);
    CHECK(octets > 20'000'000);
}

TEST_CASE("A connection whose state moves to a fresh object after each call sends the same segments at the same times") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        std::uint64_t fingerprint[2], segments[2];
        for (const bool moves : {false, true}) {
            two_ends t(seed, rules_of(2 * seed), rules_of(2 * seed + 1));
            t.moves = moves;
            set_up(t, seed, 60'000);
            REQUIRE(t.run(3'000 * second));
            REQUIRE(t.all_there());
            fingerprint[moves] = t.fingerprint;
            segments[moves] = t.segments;
        }
        CHECK(segments[0] == segments[1]);
        CHECK(fingerprint[0] == fingerprint[1]);
    }
}

TEST_CASE("Losses alone: with SACK nothing is sent twice that was not lost") {
    std::uint64_t losses = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        tcp_rules r;
        r.cached.initial_receive_window = r.send_capacity = 400'000;
        r.maximum_segment_lifetime = second;
        two_ends t(seed, r, r);
        t.e[0].to_send = 500'000;
        t.way[0].loss = 10;
        t.open(0);
        REQUIRE(t.run(1'000 * second));
        REQUIRE(t.all_there());
        CHECK(t.unexplained == 0);
        losses += t.lost_text;
    }
    CHECK(losses > 80);
}
