#include <map>
#include <stdexcept>
#include <vector>

#include <catch2/catch.hpp>

#include "nicteam/sim/agenda.h"
#include "unit/base/tick_span.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;
using namespace nicteam::sim;
using namespace nicteam::test;

namespace {

struct happening {
    ps at;
    unsigned slot;
    bool operator==(const happening& o) const { return at == o.at && slot == o.slot; }
};

struct user : agenda_user {
    void due(unsigned slot, ps at) override {
        REQUIRE(at == now());
        seen.push_back({at, slot});
        if (react) react(slot, at);
    }
    std::vector<happening> seen;
    std::function<void(unsigned, ps)> react;
};

void run_until(ps t) { sc_core::sc_start(to_sc_time(t - now())); }

}  // namespace

TEST_CASE("agenda calls slots of one instant in slot order however they were set") {
    fresh_kernel k;
    user u;
    agenda a("agenda", u, 4);
    a.set(3, 100);
    a.set(1, 100);
    a.set(0, 200);
    a.set(2, 100);
    run_until(1000);
    REQUIRE(u.seen == std::vector<happening>{{100, 1}, {100, 2}, {100, 3}, {200, 0}});
    REQUIRE(a.planned(1) == never);
}

TEST_CASE("agenda forgets what was replaced or cleared") {
    fresh_kernel k;
    user u;
    agenda a("agenda", u, 2);
    a.set(0, 100);
    a.set(0, 300);
    a.set(1, 50);
    a.clear(1);
    run_until(1000);
    REQUIRE(u.seen == std::vector<happening>{{300, 0}});
}

TEST_CASE("agenda: what is due may be called before the kernel gets to it and is called once") {
    fresh_kernel k;
    user u;
    agenda a("agenda", u, 3);
    u.react = [&](unsigned slot, ps) {
        if (slot == 0) a.serve();       // within a call: the round that runs goes on
    };
    struct early : agenda_user {
        agenda* of = nullptr;
        user* seen = nullptr;
        std::size_t after = 0;
        void due(unsigned, ps) override {
            of->serve();
            after = seen->seen.size();
        }
    } e;
    e.of = &a;
    e.seen = &u;
    agenda b("other", e, 1);
    b.set(0, 100);
    a.set(0, 100);
    a.set(1, 100);
    a.set(2, 150);
    run_until(1000);
    REQUIRE(e.after == 2);
    REQUIRE(u.seen == std::vector<happening>{{100, 0}, {100, 1}, {150, 2}});
    a.serve();
    REQUIRE(u.seen.size() == 3);
}

TEST_CASE("agenda: a slot set within a call to the present instant is called within it") {
    fresh_kernel k;
    user u;
    agenda a("agenda", u, 3);
    int rounds = 0;
    u.react = [&](unsigned slot, ps at) {
        if (slot == 1 && rounds++ < 2) {
            a.set(0, at);   // behind the scan
            a.set(2, at);   // ahead of it
        }
        if (slot == 0) a.set(1, at);
    };
    a.set(1, 100);
    run_until(1000);
    for (const auto& h : u.seen) REQUIRE(h.at == 100);
    REQUIRE(u.seen == std::vector<happening>{{100, 1}, {100, 2}, {100, 0}, {100, 1}, {100, 2}, {100, 0}, {100, 1}});
}

TEST_CASE("agenda: a slot may cancel another that is due at the same instant") {
    fresh_kernel k;
    user u;
    agenda a("agenda", u, 3);
    u.react = [&](unsigned slot, ps) {
        if (slot == 0) a.clear(1);
    };
    for (unsigned s = 0; s < 3; ++s) a.set(s, 100);
    run_until(1000);
    REQUIRE(u.seen == std::vector<happening>{{100, 0}, {100, 2}});
}

TEST_CASE("agenda re-arms itself periodically from within") {
    fresh_kernel k;
    user u;
    agenda a("agenda", u, 1);
    u.react = [&](unsigned, ps at) { a.set(0, at + 30'000); };
    a.set(0, 0);
    run_until(300'001);   // sc_start stops before what falls on its end
    REQUIRE(u.seen.size() == 11);
    REQUIRE(u.seen.back() == happening{300'000, 0});
}

TEST_CASE("agenda refuses the past") {
    fresh_kernel k;
    user u;
    agenda a("agenda", u, 1);
    run_until(1000);
    REQUIRE_THROWS_AS(a.set(0, 999), std::logic_error);
    a.set(0, 1000);
    run_until(1001);
    REQUIRE(u.seen == std::vector<happening>{{1000, 0}});
}

TEST_CASE("agenda without plans leaves the kernel without events") {
    fresh_kernel k;
    user u;
    agenda a("agenda", u, 2);
    a.set(0, 100);
    a.clear(0);
    run_until(10);
    REQUIRE_FALSE(sc_core::sc_pending_activity());
}

TEST_CASE("agenda equals a sorted list under random settings") {
    fresh_kernel k;
    user u;
    agenda a("agenda", u, 5);
    dice roll(70);
    std::vector<ps> model(5, never);
    std::vector<happening> expected;
    const auto shuffle = [&](ps at) {
        for (std::int64_t n = roll(0, 2); n > 0; --n) {
            const auto slot = static_cast<unsigned>(roll(0, 4));
            const ps when = roll(0, 5) == 0 ? never : at + roll(1, 40);
            a.set(slot, when);
            model[slot] = when;
        }
    };
    u.react = [&](unsigned slot, ps at) {
        // The model's own next: the earliest, lowest slot.
        unsigned next = 0;
        for (unsigned s = 1; s < 5; ++s)
            if (model[s] < model[next]) next = s;
        expected.push_back({model[next], next});
        REQUIRE(expected.back() == happening{at, slot});
        model[next] = never;
        shuffle(at);
        if (roll(0, 3) == 0 || model == std::vector<ps>(5, never)) {
            model[0] = at + 7;
            a.set(0, at + 7);
        }
    };
    a.set(4, 3);
    model[4] = 3;
    run_until(200'000);
    REQUIRE(u.seen.size() > 10'000);
    REQUIRE(u.seen == expected);
}
