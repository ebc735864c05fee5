// When media sense comes to a verdict, against closed forms.
#include <catch2/catch.hpp>

#include "simulated_team.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

monitor_config media(ps miimon, ps updelay, ps downdelay, bool use_carrier) {
    monitor_config c;
    c.miimon = miimon, c.updelay = updelay, c.downdelay = downdelay, c.use_carrier = use_carrier;
    return c;
}

}  // namespace

TEST_CASE("Media sense: a lost link is known between downdelay and miimon + downdelay, on average miimon / 2 later than downdelay") {
    random_stream random(3, "test", "phases");
    for (const bool use_carrier : {false, true})
        for (const ps look_time : {ps{0}, 300 * microsecond}) {
            const ps miimon = 100 * millisecond, downdelay = 230 * millisecond, kept = 200 * millisecond;
            double sum = 0;
            constexpr int runs = 1000;
            for (int i = 0; i < runs; ++i) {
                mode_config mc;
                simulated_team t(3, mc, media(miimon, 0, downdelay, use_carrier));
                t.drivers_tell = use_carrier;
                t.look_time = look_time;
                t.start();
                t.run_to(second + random.between(0, miimon - 1));
                const ps fault = t.now;
                t.pull(0);
                t.run_for(second);
                REQUIRE(t.active() == 1);
                const ps t_d = t.moves.back().at - fault;
                REQUIRE(t_d == t.monitors[0]->decided_at(0) - fault);
                const ps asked = use_carrier ? 0 : look_time;
                REQUIRE(t_d >= kept);
                REQUIRE(t_d <= miimon + kept + asked);
                sum += static_cast<double>(t_d - kept - asked);
            }
            // Uniform: the mean of n is within 4 / sqrt(12 n) intervals of one half.
            CHECK(std::abs(sum / runs / static_cast<double>(miimon) - 0.5) < 4 / std::sqrt(12.0 * runs));
        }
}

TEST_CASE("Media sense: a link that is back is used updelay later, rounded down to whole intervals") {
    for (const ps updelay : {ps{0}, 99 * millisecond, 100 * millisecond, 350 * millisecond}) {
        mode_config mc;
        simulated_team t(2, mc, media(100 * millisecond, updelay, 0, false));
        t.all[0].primary = true;
        t.start();
        t.run_to(second + 50 * millisecond);
        t.pull(0);
        t.run_for(second);
        REQUIRE(t.active() == 1);
        t.plug(0);
        const ps kept = updelay / (100 * millisecond) * (100 * millisecond), seen = t.now + 50 * millisecond;
        t.run_for(2 * second);
        REQUIRE(t.active() == 0);
        CHECK(t.moves.back().at == seen + kept);
    }
}

TEST_CASE("Media sense: a link that flaps faster than the delays changes nothing - flapping without delays is followed") {
    for (const ps delay : {ps{0}, 300 * millisecond}) {
        mode_config mc;
        simulated_team t(2, mc, media(10 * millisecond, delay, delay, false));
        t.all[0].primary = true;
        t.start();
        t.run_for(second);
        const std::size_t before = t.moves.size();
        for (int i = 0; i < 20; ++i) {
            t.pull(0);
            t.run_for(100 * millisecond);
            t.plug(0);
            t.run_for(100 * millisecond);
        }
        CHECK(t.moves.size() - before == (delay ? 0 : 40));
        t.run_for(second);
        CHECK(t.active() == 0);
    }
}

TEST_CASE("Media sense: updelay is not waited for when no link is left, by one member only: the one that would be next") {
    mode_config mc;
    simulated_team t(3, mc, media(100 * millisecond, 10 * second, 0, false));
    t.start();
    CHECK(t.active() == 0);                        // at the beginning as well
    t.run_for(30 * second);                        // the others waited
    for (unsigned m = 0; m < 3; ++m) REQUIRE(t.monitors[0]->good(m));
    for (unsigned m = 0; m < 3; ++m) t.pull(m);
    t.run_for(second);
    CHECK(t.active() == no_member);
    t.plug(2);
    t.run_for(250 * millisecond);
    CHECK(t.active() == 2);
    t.plug(1);
    t.run_for(second);
    CHECK_FALSE(t.monitors[0]->good(1));           // one is good: this one waits
    t.plug(0);
    t.run_for(second);
    t.pull(2);
    t.run_for(150 * millisecond);
    CHECK(t.active() == 1);                        // it has waited longer
    CHECK_FALSE(t.monitors[0]->good(0));
}

TEST_CASE("Media sense: a device that is gone is bad at once") {
    for (const bool use_carrier : {false, true}) {
        mode_config mc;
        simulated_team t(2, mc, media(100 * millisecond, 0, 10 * second, use_carrier));
        t.start();
        t.run_to(second + 1);
        t.remove(0);
        CHECK(t.active() == 1);
        CHECK(t.monitors[0]->decided_at(0) == second + 1);
        t.insert(0, own_mac(40));
        t.run_for(second);
        CHECK(t.monitors[0]->good(0));
    }
}

TEST_CASE("Without a monitor a lost link is not noticed") {
    mode_config mc;
    simulated_team t(2, mc, media(0, 0, 0, false));
    t.drivers_tell = true;
    t.start();
    t.pull(0);
    t.run_for(100 * second);
    CHECK(t.active() == 0);
}
