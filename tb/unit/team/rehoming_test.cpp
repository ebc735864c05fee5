// Policies of where associations lie, without devices: a table of places, in which steps end at once, or later in any order.
#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

#include "nicteam/team/rehoming.h"

using namespace nicteam::team;

namespace {

enum class lies : std::uint8_t { out, going_in, in, going_out };

// Two members and so many associations. `refuses`: what is there already is not taken again, as a unit has it.
struct places {
    explicit places(unsigned n) : at{std::vector<lies>(n), std::vector<lies>(n)} {}
    std::vector<lies> at[2];
    unsigned home = no_member, through = no_member, added = 0, refused = 0;
    bool sends[2] = {};
    std::string log;

    whereabouts look() const {
        whereabouts w;
        w.home = home;
        w.through = through;
        for (unsigned m = 0; m < 2; ++m) {
            for (const lies l : at[m]) {
                w.at[m].out += l == lies::out;
                w.at[m].going_in += l == lies::going_in;
                w.at[m].in += l == lies::in;
                w.at[m].going_out += l == lies::going_out;
            }
            w.at[m].sends = sends[m];
        }
        if (home != no_member) w.at[home].added = added >= at[home].size();
        return w;
    }
    void change(unsigned to) {
        home = to;
        added = 0;
    }
    unsigned count(unsigned m, lies what) const {
        unsigned n = 0;
        for (const lies l : at[m]) n += l == what;
        return n;
    }
    bool begin(const rehoming_policy& p) {
        using kind = rehoming_step::kind;
        const rehoming_step s = p.next(look());
        const auto turn = [&](lies from, lies to) {
            for (lies& l : at[s.member])
                if (l == from) {
                    l = to;
                    return;
                }
            FAIL("a step for an association that is not so");
        };
        switch (s.what) {
            case kind::none: return false;
            case kind::flip: through = s.member; log += "f"; break;
            case kind::install: turn(lies::out, lies::going_in); log += "i" + std::to_string(s.member); break;
            case kind::remove: turn(lies::in, lies::going_out); log += "r" + std::to_string(s.member); break;
            case kind::add:
                log += "a" + std::to_string(s.member);
                if (lies& l = at[s.member][added++]; l == lies::out) l = lies::going_in;
                else ++refused;
                break;
            case kind::add_listed:                       // the list is all that there are
                log += "l" + std::to_string(s.member);
                if (lies& l = at[s.member][added++]; l == lies::out) l = lies::going_in;
                break;
            case kind::sweep: FAIL("nothing is dead");
        }
        return true;
    }
    bool end_one(unsigned from = 0) {
        for (unsigned k = 0; k < 2 * at[0].size(); ++k) {
            lies& l = at[(k + from) / at[0].size() % 2][(k + from) % at[0].size()];
            if (l != lies::going_in && l != lies::going_out) continue;
            l = l == lies::going_in ? lies::in : lies::out;
            return true;
        }
        return false;
    }
    std::string settle(const rehoming_policy& p) {
        log.clear();
        for (unsigned k = 0; k < 1'000; ++k)
            if (!begin(p) && !end_one()) return log;
        FAIL("it never settles");
        return log;
    }
};

rehoming_config of(rehoming_kind k, bool exposes = false) {
    rehoming_config c;
    c.policy = k;
    c.exposes = exposes;
    return c;
}

}  // namespace

TEST_CASE("Rehoming: the order of steps at a start and at a change, by policy") {
    struct row { rehoming_kind kind; const char *start, *change; unsigned left; };
    const row rows[] = {{rehoming_kind::install_on_failover, "fi0i0", "fi1i1r0r0", 0},
                        {rehoming_kind::delete_flip_add, "fi0i0", "r0r0fi1i1", 0},
                        {rehoming_kind::add_only, "fa0a0", "fa1a1", 2},
                        {rehoming_kind::stay, "fi0i0", "f", 2},
                        {rehoming_kind::as_listed, "fl0l0", "r0r0fl1l1", 0}};
    for (const row& r : rows) {
        const auto p = make_rehoming(of(r.kind, true));
        CAPTURE(p->policy_name());
        places all(2);
        CHECK(all.settle(*p).empty());                   // no active member, nothing to do
        all.change(0);
        CHECK(all.settle(*p) == r.start);
        all.change(1);
        CHECK(all.settle(*p) == r.change);
        CHECK(all.count(1, lies::in) == (r.kind == rehoming_kind::stay ? 0 : 2));
        CHECK(all.count(0, lies::in) == r.left);
    }
    CHECK(!make_rehoming({}));
    std::string names = "pre_install";
    for (const row& r : rows) names += std::string("|") + make_rehoming(of(r.kind))->policy_name();
    CHECK(names == rehoming_choices);
}

TEST_CASE("Rehoming: what a former member still sends names its associations, which stay so long") {
    const auto p = make_install_on_failover();
    places all(2);
    all.change(0);
    all.settle(*p);
    all.sends[0] = true;
    all.change(1);
    CHECK(all.settle(*p) == "fi1i1");
    all.sends[0] = false;
    CHECK(all.settle(*p) == "r0r0");
}

TEST_CASE("Rehoming: added again at each change, associations are refused from the third on, taken out, they never are") {
    for (const bool ours : {false, true}) {
        const auto p = ours ? make_install_on_failover() : make_add_only();
        places all(3);
        for (unsigned k = 0; k < 6; ++k) {
            all.change(k % 2);
            all.settle(*p);
        }
        CHECK(all.refused == (ours ? 0 : 12));
        CHECK(all.count(0, lies::in) == (ours ? 0 : 3));
    }
}

TEST_CASE("Rehoming: whenever changes come, it ends with all at home, and ours with none elsewhere") {
    std::mt19937 random(7);
    for (const rehoming_kind k : {rehoming_kind::install_on_failover, rehoming_kind::delete_flip_add}) {
        const auto p = make_rehoming(of(k, true));
        for (unsigned run = 0; run < 500; ++run) {
            places all(1 + random() % 5);
            for (unsigned step = 0; step < 60; ++step) {
                if (random() % 8 == 0) all.change(random() % 2);
                if (random() % 2) all.begin(*p);
                else all.end_one(random() % 10);
            }
            if (all.home == no_member) continue;
            all.settle(*p);
            REQUIRE(all.through == all.home);
            REQUIRE(all.count(all.home, lies::in) == all.at[0].size());
            REQUIRE(all.count(1 - all.home, lies::in) == 0);
        }
    }
}

TEST_CASE("Rehoming: what its user has deleted comes out wherever it is, before anything goes in - a naive policy leaves it") {
    whereabouts w;
    w.home = w.through = 1;
    w.at[0].in = w.at[0].dead = 1;
    w.at[1].in = 2;
    w.at[1].out = 1;
    w.at[1].added = true;
    const auto ours = make_install_on_failover(), naive = make_as_listed();
    CHECK(ours->sweeps());
    CHECK(!naive->sweeps());
    CHECK((ours->next(w).what == rehoming_step::kind::sweep && ours->next(w).member == 0));
    CHECK(naive->next(w).what == rehoming_step::kind::none);
    w.at[0] = {};
    CHECK(ours->next(w).what == rehoming_step::kind::install);
}

TEST_CASE("Rehoming: what contradicts itself is refused") {
    const auto told = [](const rehoming_config& c, mode_kind m) {
        mode_config mode;
        mode.mode = m;
        std::string all;
        for (const team_problem& p : problems_of(c, mode)) all += p.key + " ";
        return all;
    };
    CHECK(told({}, mode_kind::alb).empty());
    for (const mode_kind m : {mode_kind::aft, mode_kind::active_backup}) CHECK(told(of(rehoming_kind::install_on_failover), m).empty());
    for (const mode_kind m : {mode_kind::alb, mode_kind::balance_rr, mode_kind::balance_xor, mode_kind::broadcast, mode_kind::ieee_802_3ad, mode_kind::balance_tlb, mode_kind::balance_alb})
        CHECK(told(of(rehoming_kind::install_on_failover), m) == "rehoming.policy ");
    CHECK(told(of(rehoming_kind::delete_flip_add), mode_kind::aft) == "rehoming.policy ");
    CHECK(told(of(rehoming_kind::delete_flip_add, true), mode_kind::aft).empty());
    CHECK(told(of(rehoming_kind::install_on_failover, true), mode_kind::aft) == "rehoming.exposes ");
}
