// The machines of IEEE 802.1AX-2008, 5.4, state by state: each row is one transition of a figure, driven from outside by frames and time.
#include <catch2/catch.hpp>

#include "nicteam/aggregation/lacp.h"

using namespace nicteam;
using namespace nicteam::aggregation;

namespace {

constexpr ps ms = millisecond;
const mac_address we{2, 0, 0, 0, 0, 1}, they{2, 0, 0, 0, 0, 2};

// One port and a partner whose every bit the test writes.
struct bench {
    explicit bench(bool fast = true, bool active = true, bool individual = true) : us({65535, we, active, fast, individual}, {{1, 255, 7, we}}, 0) {}
    const lacp_port& port() const { return us.port(0); }
    void to(ps t) {
        while (us.next() <= t) {
            now = std::max(now, us.next());
            us.due(now);
        }
        now = t;
    }
    // The partner tells its own state, and what it holds of us: the truth unless `of_us` differs.
    void tell(std::uint8_t state, int of_us = -1, std::uint16_t key = 3) {
        lacpdu u;
        u.actor = {1, they, key, 1, 5, state};
        u.partner = port().actor;
        if (of_us >= 0) u.partner.state = static_cast<std::uint8_t>(of_us);
        bytes f;
        u.append_to(f, they);
        us.received(0, f, now);
    }
    std::vector<lacpdu> sent() {
        std::vector<lacpdu> out;
        for (auto& f : us.take_frames()) out.push_back(*lacpdu::parse(f.octets));
        return out;
    }
    lacp us;
    ps now = 0;
};

constexpr std::uint8_t A = lacp_state::activity, T = lacp_state::short_timeout, G = lacp_state::aggregation, S = lacp_state::synchronization, C = lacp_state::collecting,
                       D = lacp_state::distributing;

}  // namespace

TEST_CASE("Receive machine, figure 5-10: every transition") {
    bench b;
    CHECK(b.port().receive == receive_state::port_disabled);           // BEGIN, INITIALIZE, PORT_DISABLED
    b.tell(A | G);
    CHECK(b.port().receive == receive_state::port_disabled);           // nothing is taken
    CHECK_FALSE(b.port().has_partner());
    b.us.enable(0, true, b.now);
    CHECK(b.port().receive == receive_state::expired);
    CHECK(b.port().actor.has(lacp_state::expired));
    CHECK(b.port().partner.has(T));                                    // so that we send often
    CHECK_FALSE(b.port().partner.has(S));
    CHECK(b.port().current_while == 3 * second);
    b.to(3 * second);
    CHECK(b.port().receive == receive_state::defaulted);
    CHECK_FALSE(b.port().actor.has(lacp_state::expired));
    CHECK(b.port().actor.has(lacp_state::defaulted));
    b.tell(A | G);
    CHECK(b.port().receive == receive_state::current);                 // DEFAULTED → CURRENT
    CHECK_FALSE(b.port().actor.has(lacp_state::defaulted));
    CHECK(b.port().current_while == 6 * second);
    b.to(5 * second);
    b.tell(A | G);
    CHECK(b.port().current_while == 8 * second);                       // CURRENT → CURRENT
    b.to(8 * second);
    CHECK(b.port().receive == receive_state::expired);                 // CURRENT → EXPIRED
    CHECK(b.port().partner.key == 3);
    b.tell(A | G);
    CHECK(b.port().receive == receive_state::current);                 // EXPIRED → CURRENT
    CHECK_FALSE(b.port().actor.has(lacp_state::expired));
    b.us.enable(0, false, b.now);
    CHECK(b.port().receive == receive_state::port_disabled);           // any → PORT_DISABLED
    CHECK(b.port().partner.key == 3);                                  // remembered
    b.to(100 * second);
    CHECK(b.port().receive == receive_state::port_disabled);
    bench slow(false);
    slow.us.enable(0, true, 0);
    slow.tell(A | G);
    CHECK(slow.port().current_while == 90 * second);
}

TEST_CASE("recordPDU: the partner is in step only when it says so, holds the truth of us or is alone, and either end keeps LACP up") {
    const std::uint8_t ours = A | T | G;
    for (const bool we_active : {true, false})
        for (const std::uint8_t theirs : {0, +A, +S, A | S, A | S | G, S | G, A | G})
            for (const int of_us : {static_cast<int>(ours), static_cast<int>(T | G), static_cast<int>(A | T)}) {       // truth or not, of aggregation and activity
                bench b(true, we_active);
                b.us.enable(0, true, 0);
                b.tell(theirs, of_us);
                const bool agreed = (of_us & G) || !(theirs & G);      // aggregation is compared, activity is not
                const bool kept_up = (theirs & A) || (we_active && (of_us & A));
                CHECK(b.port().partner.has(S) == (agreed && kept_up && (theirs & S)));
            }
    bench b;
    b.us.enable(0, true, 0);
    lacpdu u;
    u.actor = {1, they, 3, 1, 5, A | S | G};
    for (unsigned field = 0; field < 5; ++field) {
        u.partner = b.port().actor;
        if (field == 0) ++u.partner.port;
        if (field == 1) ++u.partner.port_priority;
        if (field == 2) ++u.partner.system[5];
        if (field == 3) ++u.partner.system_priority;
        if (field == 4) ++u.partner.key;
        bytes f;
        u.append_to(f, they);
        b.us.received(0, f, 0);
        CHECK_FALSE(b.port().partner.has(S));
    }
    b.tell(A | S | G);
    CHECK(b.port().partner.has(S));
}

TEST_CASE("Periodic machine, figure 5-11: none, fast, slow, by the partner's timeout - from slow to fast it sends at once") {
    bench b(false);
    CHECK(b.port().periodic == periodic_state::none);
    b.us.enable(0, true, 0);
    CHECK(b.port().periodic == periodic_state::fast);
    b.tell(A | G);                                                     // long timeout
    CHECK(b.port().periodic == periodic_state::slow);
    b.to(20 * second);
    b.tell(A | G);
    b.to(29 * second);
    b.sent();
    const ps due = b.port().periodic_due;
    b.to(due - 1);
    CHECK(b.sent().empty());
    b.to(due);
    CHECK(b.sent().size() == 1);
    CHECK(b.port().periodic_due == due + 30 * second);
    b.to(due + 5 * second);
    b.tell(A | G | T);
    CHECK(b.sent().size() == 1);
    CHECK(b.port().periodic == periodic_state::fast);
    CHECK(b.port().periodic_due == b.now + second);
    b.tell(G | T, A | G | T);
    CHECK(b.port().periodic == periodic_state::fast);                  // we are active
    b.us.enable(0, false, b.now);
    CHECK(b.port().periodic == periodic_state::none);
    bench passive(false, false);
    passive.us.enable(0, true, 0);
    CHECK(passive.port().periodic == periodic_state::none);
    passive.tell(A | G);
    CHECK(passive.port().periodic == periodic_state::slow);
    passive.tell(G);
    CHECK(passive.port().periodic == periodic_state::none);
}

TEST_CASE("Mux machine, figure 5-13: every transition, with what it tells") {
    bench b;
    CHECK(b.port().mux == mux_state::detached);
    b.us.enable(0, true, 0);
    b.tell(A | G);
    CHECK(b.port().mux == mux_state::waiting);
    CHECK(b.port().selected);
    b.sent();
    b.to(2 * second - 1);
    b.tell(A | G);
    CHECK(b.port().mux == mux_state::waiting);
    b.to(2 * second);
    CHECK(b.port().mux == mux_state::attached);                        // Ready, after the wait
    CHECK(b.port().actor.has(S));
    CHECK_FALSE(b.port().collecting());
    b.to(4 * second);
    b.tell(A | G | S);
    CHECK(b.port().mux == mux_state::collecting);
    CHECK(b.port().actor.has(S | C));
    CHECK_FALSE(b.port().actor.has(D));
    CHECK(b.sent().back().actor.has(S | C));
    b.tell(A | G | S | C);
    CHECK(b.port().mux == mux_state::distributing);
    CHECK(b.port().actor.has(S | C | D));
    b.to(5 * second);
    b.tell(A | G | S);
    CHECK(b.port().mux == mux_state::collecting);                      // the partner collects no more
    b.tell(A | G | S | C);
    b.tell(A | G);
    CHECK(b.port().mux == mux_state::attached);                        // out of step: through collecting
    b.tell(A | G | S | C);
    CHECK(b.port().mux == mux_state::distributing);
    b.tell(A | G | S | C, -1, 4);                                      // another key: unselected, and chosen anew
    CHECK(b.port().mux == mux_state::waiting);
    CHECK_FALSE(b.port().actor.has(S));
    b.tell(A | G | S | C, -1, 5);
    CHECK(b.port().mux == mux_state::waiting);                         // WAITING → DETACHED → WAITING: the wait begins anew
    CHECK(b.port().wait_while == b.now + 2 * second);
}

TEST_CASE("A port that joins waits for the others of its aggregator that wait") {
    lacp us({65535, we, true, true, true}, {{1, 255, 7, we}, {2, 255, 7, we}}, 0);
    const auto tell = [&](unsigned p, ps now) {
        lacpdu u;
        u.actor = {1, they, 3, 1, static_cast<std::uint16_t>(p), A | G};
        u.partner = us.port(p).actor;
        bytes f;
        u.append_to(f, they);
        us.received(p, f, now);
    };
    us.enable(0, true, 0), us.enable(1, true, 0);
    tell(0, 0);
    tell(1, 1500 * ms);
    CHECK(us.port(0).aggregator == us.port(1).aggregator);
    us.due(2000 * ms);
    CHECK(us.port(0).mux == mux_state::waiting);
    us.due(3499 * ms);
    CHECK(us.port(0).mux == mux_state::waiting);
    us.due(3500 * ms);
    CHECK((us.port(0).mux == mux_state::attached && us.port(1).mux == mux_state::attached));
}

TEST_CASE("A port in standby waits - one that is put there goes out of step and tells so - taken from there it needs no new wait") {
    bench b;
    b.us.set_standby(0, true, 0);
    b.us.enable(0, true, 0);
    b.tell(A | G | S | C);
    b.to(2500 * ms);
    CHECK(b.port().mux == mux_state::waiting);
    CHECK_FALSE(b.port().actor.has(S));
    b.us.set_standby(0, false, b.now);
    CHECK(b.port().mux == mux_state::distributing);
    b.sent();
    b.to(4 * second);
    b.tell(A | G | S | C);
    b.sent();
    b.us.set_standby(0, true, b.now);
    CHECK(b.port().mux == mux_state::waiting);
    CHECK_FALSE(b.sent().back().actor.has(S));
}

TEST_CASE("update_NTT: a partner that holds something else of us is told at once, of anything that matters") {
    const std::uint8_t truth = A | T | G;
    for (const std::uint8_t bit : {A, T, S, G, C, D}) {
        bench b;
        b.us.enable(0, true, 0);
        b.tell(A | G, truth);
        b.to(1500 * ms);
        b.tell(A | G, truth);
        b.sent();
        b.to(2600 * ms);
        const std::uint8_t held = b.port().actor.state;
        b.sent();
        b.tell(A | G, held ^ bit);
        CHECK(b.sent().size() == ((bit & (A | T | S | G)) ? 1 : 0));
    }
}
