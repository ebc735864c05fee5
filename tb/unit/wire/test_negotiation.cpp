// What two ends of a cable come to, and when (IEEE 802.3 clause 28).
#include <catch2/catch.hpp>

#include "nicteam/wire/cable.h"
#include "unit/wire/ends.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::wire;

namespace {

using role = phy_setting::role;
constexpr std::int64_t fast = 100'000'000, slow = 10'000'000;

phy_setting asks(unsigned a = every_mode) { return {role::negotiates, static_cast<std::uint16_t>(a)}; }
phy_setting forced(unsigned a) { return {role::forced, static_cast<std::uint16_t>(a)}; }

struct row {
    const char* name;
    phy_setting self, other;
    std::int64_t line;
    bool up;
    std::int64_t rate;
    bool full, other_full, pause;
};
const row rows[] = {
    {"everything with everything", asks(), asks(), fast, true, fast, true, true, false},
    {"both with pause", asks(every_mode | pause_frames), asks(every_mode | pause_frames), fast, true, fast, true, true, true},
    {"one with pause", asks(every_mode | pause_frames), asks(), fast, true, fast, true, true, false},
    {"pause takes full duplex", asks(half_100 | pause_frames), asks(every_mode | pause_frames), fast, true, fast, false, false, false},
    {"100 half before 10 full", asks(half_100 | full_10), asks(), fast, true, fast, false, false, false},
    {"10 full before 10 half", asks(half_10 | full_10), asks(), fast, true, slow, true, true, false},
    {"a line of 10", asks(), asks(), slow, true, slow, true, true, false},
    {"nothing in common", asks(full_100), asks(half_10 | full_10 | half_100), fast, false, 0, false, false, false},
    {"parallel detection: a duplex mismatch", asks(), forced(full_100), fast, true, fast, false, true, false},
    {"parallel detection: both half", asks(), forced(half_10), fast, true, slow, false, false, false},
    {"parallel detection finds no full duplex alone", asks(full_100), forced(full_100), fast, false, 0, false, false, false},
    {"both forced", forced(full_100), forced(full_100), fast, true, fast, true, true, false},
    {"both forced apart in duplex", forced(full_10), forced(half_10), fast, true, slow, true, false, false},
    {"both forced apart in rate", forced(full_100), forced(full_10), fast, false, 0, false, false, false},
    {"silence", asks(), {role::silent, every_mode}, fast, false, 0, false, false, false},
    {"a rate without a code word", asks(every_mode | pause_frames), asks(every_mode | pause_frames), 1'000'000'000, true, 1'000'000'000, true, true, true},
};

class phy_end : public scripted_end {
public:
    phy_end(const char* n, phy_setting s) : scripted_end(n), setting(s) {}
    phy_setting phy() const override { return setting; }
    phy_setting setting;
};

// A cable between two ends that negotiate in time.
struct bench {
    phy_end a, b;
    cable line;
    explicit bench(phy_setting x, phy_setting y, negotiation_mode how = negotiation_mode::timed, far_end_fault f = far_end_fault::as_negotiated)
        : a("a", x), b("b", y), line("line", config(how, f), a, b) {
        sim::session::current().settle_order();
    }
    static cable_config config(negotiation_mode how, far_end_fault f = far_end_fault::as_negotiated) {
        cable_config c;
        c.far_end = f;
        c.negotiation = how;
        c.cold = true;
        return c;
    }
    void run(ps to) { sc_core::sc_start(sim::to_sc_time(to - sim::now())); }
};

constexpr ps break_link = 1200 * millisecond, words = 12 * 16 * millisecond, monitor = 330 * microsecond, detection = 500 * millisecond;

}  // namespace

// IEEE 802.3 28.3.2: an end that negotiates and has lost its link is silent, and so is lost to the other; one set to a mode sends idle whatever it hears.
TEST_CASE("negotiation: of an end that hears nothing the other end sees what it sends, or is told, and nothing passes either way") {
    struct { phy_setting deaf; far_end_fault rule; bool other_keeps; } const cases[] = {
        {asks(), far_end_fault::as_negotiated, false}, {forced(full_100), far_end_fault::as_negotiated, true},
        {asks(), far_end_fault::none, true},           {forced(full_100), far_end_fault::none, true},
        {asks(), far_end_fault::indicated, false},     {forced(full_100), far_end_fault::indicated, false},
    };
    for (const auto& one : cases)
        for (const auto how : {negotiation_mode::instant, negotiation_mode::timed}) {
            INFO("deaf end forced " << (one.deaf.how == role::forced) << ", rule " << static_cast<int>(one.rule) << ", timed " << (how == negotiation_mode::timed));
            fresh_kernel k;
            bench t(asks(), one.deaf, how, one.rule);
            t.a.add(3'100 * millisecond, 64);
            t.b.add(3'100 * millisecond, 64);
            t.run(3 * second);                           // both have a link
            REQUIRE(t.line.up());
            const std::size_t before = t.a.carrier.size();
            const auto fault = [&](bool begin) {
                for (auto& f : k.session().faults())
                    if (f.path == "line.a_to_b" && f.info->name == std::string("link_down")) f.act(begin, 0, sim::now());
            };
            fault(true);
            CHECK_FALSE(t.b.line->link_up());
            CHECK(t.b.carrier.back() == std::pair<ps, bool>{3 * second, false});
            CHECK(t.a.line->link_up() == one.other_keeps);
            CHECK(t.a.carrier.size() == before + !one.other_keeps);
            t.run(4 * second);
            CHECK(t.a.got.empty());
            CHECK(t.b.got.empty());
            CHECK(counted_at(k.session(), "line.a_to_b.lost_link_down") == 1);
            CHECK(counted_at(k.session(), "line.b_to_a.lost_link_down") == 1);
            fault(false);
            const bool asked = one.deaf.how == role::negotiates;
            const ps begun = asked || !one.other_keeps ? std::max(3 * second + break_link, 4 * second) : 4 * second;       // who asks and lost its link began anew then
            const ps since = begun + (asked ? words : detection);
            t.run(8 * second);
            CHECK(t.line.up());
            CHECK(t.b.carrier.back() == std::pair<ps, bool>{how == negotiation_mode::timed ? since + monitor : 4 * second, true});
            CHECK(t.a.line->link_up());
            CHECK(t.a.carrier.size() == before + 2 * !one.other_keeps);
        }
}

TEST_CASE("negotiation: an end that hears nothing, and then a cable that is cut and repaired: the other end is alone in getting its link back") {
    fresh_kernel k;
    bench t(asks(), forced(full_100), negotiation_mode::instant);
    const auto fault = [&](const char* at, bool begin) {
        for (auto& f : k.session().faults())
            if (f.path == at && f.info->name == std::string("link_down")) f.act(begin, 0, sim::now());
    };
    const auto after = [&](const char* at, bool begin) {
        t.run(sim::now() + millisecond);
        fault(at, begin);
        return std::pair{t.a.line->link_up(), t.b.line->link_up()};
    };
    CHECK(after("line.a_to_b", true) == std::pair{true, false});
    CHECK(after("line", true) == std::pair{false, false});
    CHECK(after("line", false) == std::pair{true, false});
    CHECK(after("line.b_to_a", true) == std::pair{false, false});
    CHECK(after("line.a_to_b", false) == std::pair{false, false});       // a asks, and is silent while it hears nothing
    CHECK(after("line.b_to_a", false) == std::pair{true, true});
    CHECK(t.a.carrier.size() == 4);
    CHECK(t.b.carrier.size() == 2);
}

TEST_CASE("negotiation: what both ends come to") {
    for (const row& r : rows) {
        INFO(r.name);
        const negotiated n = resolve(r.self, r.other, r.line), m = resolve(r.other, r.self, r.line);
        CHECK(n.up == r.up);
        CHECK(m.up == r.up);
        if (!r.up) continue;
        CHECK(n.rate == r.rate);
        CHECK(m.rate == r.rate);
        CHECK(n.full_duplex == r.full);
        CHECK(m.full_duplex == r.other_full);
        CHECK(n.pause == r.pause);
        CHECK(n.partner_negotiates == (r.self.how == role::negotiates && r.other.how == role::negotiates));
        CHECK(n.partner == (n.partner_negotiates ? r.other.abilities : 0));
    }
}

TEST_CASE("negotiation: instant brings the link up before the run and tells nobody") {
    for (const row& r : rows) {
        if (r.line != fast) continue;
        INFO(r.name);
        fresh_kernel k;
        bench t(r.self, r.other, negotiation_mode::instant);
        t.run(microsecond);
        CHECK(t.line.up() == r.up);
        CHECK(t.a.line->link_up() == r.up);
        CHECK(t.a.line->bits_per_second() == (r.up ? r.rate : fast));
        CHECK(t.a.carrier.empty());
    }
}

TEST_CASE("negotiation: in time it takes silence and the exchange of words") {
    fresh_kernel k;
    bench t(asks(), asks());
    t.run(2 * second);
    const ps at = break_link + words + monitor;
    REQUIRE(t.a.carrier == std::vector<std::pair<ps, bool>>{{at, true}});
    CHECK(t.b.carrier == t.a.carrier);
    CHECK(t.a.line->outcome().full_duplex);
}

TEST_CASE("negotiation: parallel detection waits for the idle signal to stay") {
    fresh_kernel k;
    bench t(asks(), forced(full_100));
    t.run(2 * second);
    REQUIRE(t.a.carrier == std::vector<std::pair<ps, bool>>{{break_link + detection + monitor, true}});
    CHECK_FALSE(t.a.line->outcome().full_duplex);
    CHECK(t.b.line->outcome().full_duplex);
}

TEST_CASE("negotiation: two forced ends only look at the idle signal") {
    fresh_kernel k;
    bench t(forced(half_100), forced(half_100));
    t.run(second);
    CHECK(t.a.carrier == std::vector<std::pair<ps, bool>>{{monitor, true}});
}

TEST_CASE("negotiation: a lost link is negotiated anew from the loss or from the cable's return") {
    for (const ps out : {100 * millisecond, 3 * second}) {
        fresh_kernel k;
        bench t(asks(), asks());
        t.run(2 * second);
        t.line.set_link(false, sim::now());
        t.run(2 * second + out);
        t.line.set_link(true, sim::now());
        t.run(8 * second);
        REQUIRE(t.a.carrier.size() == 3);
        CHECK(t.a.carrier[1] == std::pair<ps, bool>{2 * second, false});
        CHECK(t.a.carrier[2] == std::pair<ps, bool>{2 * second + std::max(out, break_link) + words + monitor, true});
    }
}

TEST_CASE("negotiation: an end that changes its mind takes the link down at both and up in the new mode") {
    fresh_kernel k;
    bench t(asks(), asks());
    t.run(2 * second);
    t.a.line->set_phy(asks(half_10), sim::now());
    CHECK_FALSE(t.line.up());
    t.run(4 * second);
    CHECK(t.b.carrier.back() == std::pair<ps, bool>{2 * second + break_link + words + monitor, true});
    CHECK(t.b.line->outcome().rate == slow);
    CHECK(t.b.line->bits_per_second() == slow);
    CHECK_FALSE(t.b.line->outcome().full_duplex);
    CHECK(t.b.line->outcome().partner == half_10);
    t.a.line->set_phy({role::silent, 0}, sim::now());
    t.run(6 * second);
    CHECK_FALSE(t.line.up());
}

TEST_CASE("negotiation: a cut at the instant at which the link comes up comes after it") {
    const ps at = break_link + words + monitor;
    fresh_kernel k;
    bench t(asks(), asks());
    t.a.call(at, [&] { t.line.set_link(false, at); });
    t.run(2 * second);
    CHECK(t.a.carrier == std::vector<std::pair<ps, bool>>{{at, true}, {at, false}});
}

TEST_CASE("negotiation: frames cross at the rate that was agreed on") {
    fresh_kernel k;
    bench t(asks(full_10), asks(), negotiation_mode::instant);
    t.b.add(10 * microsecond, 64);
    t.run(millisecond);
    REQUIRE(t.a.got.size() == 1);
    CHECK(t.a.got[0].last - t.a.got[0].first == 71 * 800 * nanosecond);
}

TEST_CASE("negotiation: each of its times moves the link by what it says") {
    struct change { const char* key; std::int64_t value; bool forced; ps at; };
    const change changes[] = {
        {"negotiation", 0, false, never},                                 // instant: up before anybody looks
        {"break_link_time", 1500 * millisecond, false, 1500 * millisecond + words + monitor},
        {"burst_interval", 8 * millisecond, false, break_link + words / 2 + monitor},
        {"bursts", 14, false, break_link + words / 12 * 14 + monitor},
        {"link_monitor_time", millisecond, false, break_link + words + millisecond},
        {"parallel_detection_time", 750 * millisecond, true, break_link + 750 * millisecond + monitor},
    };
    for (const change& c : changes) {
        fresh_kernel k;
        cable_config config = bench::config(negotiation_mode::timed);
        for (const parameter_info& p : cable_info.parameters)
            if (std::string(p.name) == c.key) {
                value v;
                v.integer = c.value;
                p.store(&config, v);
            }
        phy_end a("a", asks()), b("b", c.forced ? forced(half_100) : asks());
        cable line("line", config, a, b);
        sim::session::current().settle_order();
        sc_core::sc_start(sim::to_sc_time(2 * second));
        INFO(c.key);
        CHECK(line.up());
        CHECK((a.carrier.empty() ? never : a.carrier[0].first) == c.at);
    }
}

TEST_CASE("negotiation: in a run that starts ready only what is lost takes time") {
    fresh_kernel k;
    cable_config config = bench::config(negotiation_mode::timed);
    config.cold = false;
    phy_end a("a", asks()), b("b", asks());
    cable line("line", config, a, b);
    sim::session::current().settle_order();
    CHECK(line.up());
    sc_core::sc_start(sim::to_sc_time(millisecond));
    line.set_link(false, sim::now());
    line.set_link(true, sim::now());
    sc_core::sc_start(sim::to_sc_time(2 * second));
    CHECK(a.carrier == std::vector<std::pair<ps, bool>>{{millisecond, false}, {millisecond + break_link + words + monitor, true}});
}
