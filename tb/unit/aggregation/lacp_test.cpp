// LACP between two systems, with what a line does to frames; and its machines one transition at a time.
#include <catch2/catch.hpp>

#include <functional>
#include <map>
#include <set>

#include "nicteam/aggregation/lacp.h"
#include "nicteam/base/random_stream.h"

using namespace nicteam;
using namespace nicteam::aggregation;

namespace {

constexpr ps ms = millisecond;

std::vector<lacp_port_settings> ports(unsigned n, unsigned system, std::uint16_t key = 7) {
    std::vector<lacp_port_settings> out;
    for (unsigned p = 0; p < n; ++p)
        out.push_back({static_cast<std::uint16_t>(p + 1), 255, key, {2, 0, 0, static_cast<std::uint8_t>(system), 0, static_cast<std::uint8_t>(p)}});
    return out;
}

lacp_settings system_of(unsigned n, bool fast = false, bool active = true, bool individual = true) {
    return {65535, {2, 0, 0, 0, 0, static_cast<std::uint8_t>(n)}, active, fast, individual};
}

// Two systems, port p of one wired to port p of the other unless `wiring` says otherwise.
class pair_of {
public:
    pair_of(lacp_settings a, lacp_settings b, std::vector<lacp_port_settings> pa, std::vector<lacp_port_settings> pb) : end{{a, pa, 0}, {b, pb, 0}} {
        for (unsigned p = 0; p < pa.size(); ++p) wiring.push_back(p);
    }
    void link(unsigned p, bool up) {
        end[0].enable(p, up, now);
        end[1].enable(wiring[p], up, now);
        carry();
    }
    void run_for(ps d) {
        const ps until = now + d;
        for (;;) {
            ps n = std::min(end[0].next(), end[1].next());
            if (!line.empty()) n = std::min(n, line.begin()->first);
            if (n > until) break;
            now = std::max(now, n);
            while (!line.empty() && line.begin()->first <= now) {
                auto f = std::move(line.begin()->second);
                line.erase(line.begin());
                f();
            }
            for (lacp& e : end) e.due(now);
            carry();
        }
        now = until;
    }
    unsigned distributing(unsigned e) const {
        unsigned n = 0;
        for (unsigned p = 0; p < end[e].size(); ++p) n += end[e].port(p).distributing();
        return n;
    }
    std::set<unsigned> aggregators(unsigned e) const {
        std::set<unsigned> out;
        for (unsigned p = 0; p < end[e].size(); ++p)
            if (end[e].port(p).distributing()) out.insert(end[e].port(p).aggregator);
        return out;
    }

    lacp end[2];
    std::vector<unsigned> wiring;
    ps now = 0, delay = ms;
    std::function<bool(unsigned from, unsigned port)> lost = [](unsigned, unsigned) { return false; };
    std::vector<ps> sent_at[2];                    // by port 0

private:
    void carry() {
        for (unsigned e = 0; e < 2; ++e)
            for (auto& f : end[e].take_frames()) {
                if (f.port == 0) sent_at[e].push_back(now);
                if (lost(e, f.port)) continue;
                unsigned to = f.port;
                if (e == 0) to = wiring[f.port];
                else for (unsigned p = 0; p < wiring.size(); ++p) if (wiring[p] == f.port) to = p;
                line.emplace(now + delay, [this, e, to, octets = std::move(f.octets)] { CHECK(end[1 - e].received(to, octets, now)); });
            }
    }
    std::multimap<ps, std::function<void()>> line;
};

pair_of joined(unsigned n, bool fast = false) {
    pair_of t(system_of(1, fast), system_of(2, fast), ports(n, 1), ports(n, 2));
    for (unsigned p = 0; p < n; ++p) t.link(p, true);
    t.run_for(5 * second);
    return t;
}

}  // namespace

TEST_CASE("Links between two systems become one aggregation within 5 s, and stay so") {
    for (const bool fast : {false, true})
        for (const unsigned n : {1u, 2u, 4u, 8u}) {
            pair_of t = joined(n, fast);
            for (unsigned e = 0; e < 2; ++e) {
                CHECK(t.distributing(e) == n);
                CHECK(t.aggregators(e).size() == 1);
                for (unsigned p = 0; p < n; ++p) {
                    const lacp_port& x = t.end[e].port(p);
                    CHECK(x.receive == receive_state::current);
                    CHECK(x.actor_churn == churn_state::none);
                    CHECK(x.changed_at <= 4 * second + 10 * ms);      // one to hear, two to wait, one as no more than three LACPDUs a second tell it
                    CHECK(x.partner.system == system_of(2 - e).system);
                    CHECK(x.partner.port == p + 1);
                    CHECK_FALSE(x.individual());
                }
            }
            const ps changed = t.end[0].port(0).changed_at;
            t.run_for(1000 * second);
            CHECK(t.end[0].port(0).changed_at == changed);
            CHECK(t.end[0].port(0).churns == 0);
        }
}

TEST_CASE("LACPDUs: one in 30 s, or one a second when the partner asks for it, never more than three in a second") {
    for (const bool fast : {false, true}) {
        pair_of t(system_of(1, false), system_of(2, fast), ports(2, 1), ports(2, 2));
        t.link(0, true), t.link(1, true);
        t.run_for(100 * second);
        const std::size_t before = t.sent_at[0].size();
        t.run_for(3000 * second);
        CHECK(t.sent_at[0].size() - before == (fast ? 3000u : 100u));      // this end sends as the other asks
        CHECK((t.sent_at[1].size() - before) < 110);
        for (const auto& all : t.sent_at)
            for (std::size_t i = 3; i < all.size(); ++i) REQUIRE(all[i] - all[i - 3] >= second);
    }
    // A storm of changes: what is to be told waits, and the last state is told.
    pair_of t = joined(1, true);
    for (unsigned i = 0; i < 200; ++i) {
        t.end[0].set_key(0, static_cast<std::uint16_t>(i + 1), t.now);
        t.run_for(10 * ms);
    }
    t.run_for(5 * second);
    for (std::size_t i = 3; i < t.sent_at[0].size(); ++i) REQUIRE(t.sent_at[0][i] - t.sent_at[0][i - 3] >= second);
    CHECK(t.end[1].port(0).partner.key == 200);
    CHECK(t.distributing(0) == 1);
}

TEST_CASE("A partner that falls silent is noticed after the timeout that was asked for: 3 s short, 90 s long - three seconds later it is nobody") {
    for (const bool fast : {false, true})
        for (const bool individual : {false, true}) {
            pair_of t(system_of(1, fast, true, individual), system_of(2, fast), ports(2, 1), ports(2, 2));
            t.link(0, true), t.link(1, true);
            t.run_for(200 * second);
            REQUIRE(t.distributing(0) == 2);
            ps last = 0;
            t.lost = [&](unsigned from, unsigned p) { return from == 1 && p == 0; };
            last = t.sent_at[1].back() + t.delay;
            const ps timeout = fast ? lacp_time::short_timeout : lacp_time::long_timeout;
            t.run_for(last + timeout - t.now - 1);
            CHECK(t.end[0].port(0).receive == receive_state::current);
            t.run_for(1);
            CHECK(t.end[0].port(0).receive == receive_state::expired);
            CHECK_FALSE(t.end[0].port(0).collecting());
            CHECK(t.end[0].port(0).actor.has(lacp_state::expired));
            CHECK(t.end[0].port(1).distributing());
            t.run_for(10 * ms);
            CHECK_FALSE(t.end[1].port(0).distributing());      // the other end is told: one-sided loss takes the link out at both
            t.run_for(3 * second);
            CHECK(t.end[0].port(0).receive == receive_state::defaulted);
            CHECK(t.end[0].port(0).actor.has(lacp_state::defaulted));
            t.run_for(5 * second);
            // As a link by itself, in an aggregator of its own, or not at all.
            CHECK(t.end[0].port(0).distributing() == individual);
            CHECK(t.end[0].port(0).individual());
            CHECK(t.end[0].port(0).aggregator != t.end[0].port(1).aggregator);
            t.lost = [](unsigned, unsigned) { return false; };
            t.run_for(100 * second);
            CHECK(t.distributing(0) == 2);
            CHECK(t.aggregators(0).size() == 1);
        }
}

TEST_CASE("Keys: ports of other keys are not aggregated, at either end, and a key that changes moves its port") {
    auto pa = ports(4, 1);
    pa[2].key = pa[3].key = 9;
    pair_of t(system_of(1), system_of(2), pa, ports(4, 2));
    for (unsigned p = 0; p < 4; ++p) t.link(p, true);
    t.run_for(10 * second);
    for (unsigned e = 0; e < 2; ++e) {
        CHECK(t.distributing(e) == 4);
        CHECK(t.aggregators(e).size() == 2);
        CHECK(t.end[e].port(0).aggregator == t.end[e].port(1).aggregator);
        CHECK(t.end[e].port(2).aggregator == t.end[e].port(3).aggregator);
    }
    t.end[0].set_key(1, 9, t.now);
    t.run_for(10 * second);
    CHECK(t.end[0].port(1).aggregator == t.end[0].port(2).aggregator);
    CHECK(t.end[1].port(1).aggregator == t.end[1].port(2).aggregator);
    CHECK(t.distributing(1) == 4);
}

TEST_CASE("Two systems at the other end make two aggregations") {
    lacp us(system_of(1), ports(2, 1), 0);
    lacp a(system_of(2), ports(1, 2), 0), b(system_of(3), ports(1, 3), 0);
    us.enable(0, true, 0), us.enable(1, true, 0), a.enable(0, true, 0), b.enable(0, true, 0);
    for (ps now = 0; now < 10 * second; now += 100 * ms) {
        us.due(now), a.due(now), b.due(now);
        for (auto& f : us.take_frames()) (f.port ? b : a).received(0, f.octets, now);
        for (auto& f : a.take_frames()) us.received(0, f.octets, now);
        for (auto& f : b.take_frames()) us.received(1, f.octets, now);
    }
    CHECK((us.port(0).distributing() && us.port(1).distributing()));
    CHECK(us.port(0).aggregator != us.port(1).aggregator);
}

TEST_CASE("Active and passive: one active end is enough - two passive ends do not speak, and each link is by itself") {
    for (const bool first_active : {true, false}) {
        pair_of t(system_of(1, false, first_active), system_of(2, false, false), ports(2, 1), ports(2, 2));
        t.link(0, true), t.link(1, true);
        t.run_for(60 * second);
        CHECK(t.aggregators(0).size() == (first_active ? 1 : 2));
        CHECK(t.sent_at[1].empty() == !first_active);
        CHECK(t.end[1].port(0).has_partner() == first_active);
    }
}

TEST_CASE("A link that goes down carries nothing at once, its partner's memory stays - moved to another port it is forgotten there") {
    pair_of t = joined(3);
    t.link(1, false);
    CHECK(t.distributing(0) == 2);
    CHECK(t.end[0].port(1).receive == receive_state::port_disabled);
    CHECK(t.end[0].port(1).partner.port == 2);
    t.link(1, true);
    t.run_for(5 * second);
    CHECK(t.distributing(0) == 3);
    // The cables of ports 0 and 1 of the other end change places; the one at port 1 hangs loose for now.
    t.link(0, false), t.link(1, false);
    t.wiring = {1, 0, 2};
    t.link(0, true);
    t.run_for(5 * second);
    CHECK(t.end[0].port(0).partner.port == 2);
    CHECK(t.end[0].port(1).partner.port == 0);
    CHECK(t.distributing(0) == 2);
    t.link(1, true);
    t.run_for(5 * second);
    CHECK(t.distributing(0) == 3);
    CHECK(t.aggregators(1).size() == 1);
}

TEST_CASE("With frames lost at random the aggregation comes and both ends agree - with short timeouts and much loss links flap but never lie") {
    random_stream random(9, "test", "loss");
    for (const unsigned percent : {10u, 30u, 60u}) {
        pair_of t(system_of(1, true), system_of(2, true), ports(4, 1), ports(4, 2));
        t.lost = [&](unsigned, unsigned) { return random.below(100) < percent; };
        for (unsigned p = 0; p < 4; ++p) t.link(p, true);
        unsigned whole = 0;
        for (unsigned i = 0; i < 600; ++i) {
            t.run_for(second);
            whole += t.distributing(0) == 4 && t.distributing(1) == 4;
            for (unsigned e = 0; e < 2; ++e)
                for (unsigned p = 0; p < 4; ++p)
                    for (unsigned q = 0; q < 4; ++q) {
                        const lacp_port &x = t.end[e].port(p), &y = t.end[e].port(q);
                        if (p != q && x.selected && y.selected && x.aggregator == y.aggregator) REQUIRE(x.partner.system == y.partner.system);
                    }
        }
        if (percent == 10) CHECK(whole > 540);
        t.lost = [](unsigned, unsigned) { return false; };
        t.run_for(10 * second);
        CHECK(t.distributing(0) == 4);
        CHECK(t.distributing(1) == 4);
        CHECK(t.aggregators(0).size() == 1);
    }
}

TEST_CASE("Churn: an end that does not come into step within 60 s is noticed") {
    // The partner tells of another key each time: this end begins anew each time.
    lacp us(system_of(1, true), ports(1, 1), 0);
    us.enable(0, true, 0);
    std::uint16_t key = 0;
    for (ps now = 0; now < 70 * second; now += second) {
        us.due(now);
        lacpdu u;
        u.actor = {1, {2, 0, 0, 0, 0, 9}, ++key, 1, 1, 0x07};
        u.partner = us.port(0).actor;
        bytes f;
        u.append_to(f, {2, 0, 0, 0, 0, 9});
        us.received(0, f, now);
        us.take_frames();
        CHECK((us.port(0).actor_churn == churn_state::churn) == (now >= 60 * second));
    }
    CHECK(us.port(0).churns == 2);                 // of the partner too, which never says that it is in step
}

TEST_CASE("A marker is answered with what it holds") {
    lacp us(system_of(1), ports(1, 1), 0);
    us.enable(0, true, 0);
    us.take_frames();
    marker_pdu m;
    m.port = 4, m.system = {2, 0, 0, 0, 0, 9}, m.transaction = 0xC0FFEE;
    bytes f;
    m.append_to(f, {2, 0, 0, 0, 0, 9});
    CHECK(us.received(0, f, 1));
    const auto out = us.take_frames();
    REQUIRE(out.size() == 1);
    const auto answer = marker_pdu::parse(out[0].octets);
    CHECK((answer->response && answer->transaction == 0xC0FFEE && answer->port == 4));
    CHECK(us.received(0, out[0].octets, 2));
    CHECK(us.take_frames().empty());
    CHECK_FALSE(us.received(0, bytes(60), 3));
}
