// Timeouts and windows of the network against values computed by hand: RFC 6298, RFC 5681, RFC 6582, RFC 6675, RFC 3042.
#include <catch2/catch.hpp>

#include "nicteam/tcp/scoreboard.h"
#include "unit/tcp/bench.h"

using namespace nicteam;
using namespace nicteam::tcp;
using namespace nicteam::tcp::test;

namespace {

constexpr ps ms = millisecond;

bytes sack_option(std::initializer_list<std::pair<std::uint32_t, std::uint32_t>> blocks) {
    std::vector<sack_block> b;
    for (const auto& x : blocks) b.push_back({ours + x.first, ours + x.second});
    options_writer w;
    w.sack(b.data(), static_cast<unsigned>(b.size()));
    return bytes(w.octets().data, w.octets().data + w.octets().size);
}

// cwnd is `segments` of 1,000 octets, all of them sent; numbers start at 1.
struct flowing : bench {
    explicit flowing(unsigned segments, bool sack = false) : bench(rules_with(sack)) {
        establish(1000, 60000, sack ? bytes{1, 1, 4, 2} : bytes{});
        c->send(now, text_of(500'000), out);
        std::uint32_t acked = 1;
        now += 100 * ms;
        while (d().cwnd < segments * 1000) {                   // slow start: one segment more for each acknowledged one
            acked += 1000;
            give({flag::ack, 1, acked, {}, 60000});
        }
        base = acked;
        take();
    }
    static tcp_rules rules_with(bool sack) {
        tcp_rules r = plain();
        r.sack = sack;
        return r;
    }
    std::uint32_t base;
};

}  // namespace

TEST_CASE("RTO from samples of 100, 200 and 50 ms (RFC 6298 2)") {
    ps srtt = 0, var = 0, rto = second;
    const round_trips t{srtt, var, rto};
    timeout_limits l;
    l.least = 10 * ms;
    take_sample(t, 100 * ms, l);
    CHECK(srtt == 100 * ms);
    CHECK(var == 50 * ms);
    CHECK(rto == 300 * ms);                                    // 100 + 4 * 50
    take_sample(t, 200 * ms, l);
    CHECK(var == 62'500 * microsecond);                        // 3/4 * 50 + 1/4 * |100 - 200|
    CHECK(srtt == 112'500 * microsecond);                      // 7/8 * 100 + 1/8 * 200
    CHECK(rto == 362'500 * microsecond);
    take_sample(t, 50 * ms, l);
    CHECK(var == 62'500 * microsecond);                        // 3/4 * 62.5 + 1/4 * 62.5
    CHECK(srtt == 104'687'500 * nanosecond);
    CHECK(rto == 354'687'500 * nanosecond);
    back_off(t, l);
    CHECK(rto == 709'375 * microsecond);
    for (int k = 0; k < 10; ++k) back_off(t, l);
    CHECK(rto == 60 * second);                                 // (2.5)
    ps still = 80 * ms, none = 0;
    set_timeout({still, none, rto}, l);
    CHECK(rto == 81 * ms);                                     // G when the variance is less
    set_timeout({still, none, rto}, timeout_limits());
    CHECK(rto == second);                                      // (2.4)
}

TEST_CASE("The retransmission timer: from the first octet, anew with each new ACK, doubled each time, given up at R2 (RFC 6298 5, RFC 9293 3.8.3)") {
    bench b;
    b.establish();
    b.send(1000);
    CHECK(b.d().retransmit_at == b.now + second);
    b.now += 300 * ms;
    b.send(1000);
    CHECK(b.d().retransmit_at == b.now + 700 * ms);            // (5.1): runs already
    b.give({flag::ack, 1, 1001});
    CHECK(b.d().retransmit_at == b.now + b.d().further.rto);   // (5.3)
    b.give({flag::ack, 1, 2001});
    CHECK(b.d().retransmit_at == never);                       // (5.2)
    b.take();
    b.send(500);
    ps rto = b.d().further.rto, at = b.now;
    for (unsigned k = 0; k < 15; ++k) {
        b.take();
        b.next_timer();
        CHECK(b.now == at + rto);
        at = b.now;
        rto = std::min(2 * rto, 60 * second);
        const auto s = b.take();
        REQUIRE(s.size() == 1);
        CHECK(s[0].seq == 2001);
        CHECK(s[0].text.size() == 500);
        CHECK(b.d().cwnd == 1000);                             // the loss window
    }
    b.events();
    b.next_timer();
    CHECK(b.c->state() == connection_state::closed);
    CHECK(b.events() == (event::closed | event::timed_out));
}

TEST_CASE("What was sent again is no sample, and after SYNs sent again RTO is 3 s and the window one segment (RFC 6298 3 and 5.7, RFC 5681 3.1)") {
    bench b;
    b.c->open(b.now, b.out);
    const ps begun = b.now;
    b.next_timer();
    CHECK(b.now == begun + second);
    b.next_timer();
    CHECK(b.now == begun + 3 * second);
    CHECK(b.take().size() == 3);
    b.give({flag::syn | flag::ack, 0, 1, {}, 65535, 0, bench::mss(1000)});
    CHECK(b.d().srtt == 0);
    CHECK(b.d().further.rto >= 3 * second);
    CHECK(b.d().cwnd == 1000);
    bench lost;
    lost.c->open(lost.now, lost.out);
    for (unsigned k = 0; k < 7; ++k) lost.next_timer();
    CHECK(lost.c->state() == connection_state::closed);
    CHECK(lost.take().size() == 7);                            // and six again
    CHECK(lost.events() == (event::closed | event::timed_out));
}

TEST_CASE("Initial window, slow start, congestion avoidance (RFC 5681 3.1)") {
    const auto& p = new_reno();
    CHECK(p.initial_window(536) == 4 * 536);
    CHECK(p.initial_window(1095) == 4 * 1095);
    CHECK(p.initial_window(1460) == 3 * 1460);
    CHECK(p.initial_window(2190) == 3 * 2190);
    CHECK(p.initial_window(8960) == 2 * 8960);
    std::uint32_t cwnd = 4000, ssthresh = 6000, counted = 0;
    const congestion_window w{cwnd, ssthresh, counted};
    p.acknowledged(w, 2000, 1000);
    CHECK(cwnd == 5000);                                       // at most SMSS for each ACK
    p.acknowledged(w, 400, 1000);
    CHECK(cwnd == 5400);
    p.acknowledged(w, 1000, 1000);
    CHECK(cwnd == 6400);
    for (unsigned k = 0; k < 6; ++k) p.acknowledged(w, 1000, 1000);
    CHECK(cwnd == 6400);                                       // 6,000 of 6,400 octets
    p.acknowledged(w, 1000, 1000);
    CHECK(cwnd == 7400);                                       // one SMSS a window
    CHECK(counted == 600);
    p.timed_out(w, 7400, 1000, false);
    CHECK(ssthresh == 3700);
    CHECK(cwnd == 1000);
    p.timed_out(w, 1000, 1000, true);
    CHECK(ssthresh == 3700);                                   // the same segment again
    p.timed_out(w, 3000, 1000, false);
    CHECK(ssthresh == 2000);                                   // 2 SMSS at least
    cwnd = 50'000;
    p.idle(w, 1000);
    CHECK(cwnd == 4000);                                       // RFC 5681, 4.1
}

TEST_CASE("Fast retransmit and NewReno without SACK, step by step (RFC 6582 3.2, RFC 3042)") {
    flowing b(10);                                             // 1 ... 10 under way, by their order from `base`
    const std::uint32_t first = b.base;
    REQUIRE(b.d().cwnd == 10'000);
    REQUIRE(b.d().snd_max - b.d().snd_una == 10'000);
    const auto duplicate = [&] { return b.give({flag::ack, 1, first, {}, 60000}), b.take(); };
    // Segments 1 and 4 are lost; eight duplicates come.
    auto s = duplicate();
    REQUIRE(s.size() == 1);                                    // limited transmit
    CHECK(s[0].seq == first + 10'000);
    s = duplicate();
    REQUIRE(s.size() == 1);
    CHECK(s[0].seq == first + 11'000);
    CHECK(b.d().cwnd == 10'000);
    s = duplicate();                                           // the third
    REQUIRE(s.size() == 1);
    CHECK(s[0].seq == first);
    CHECK(b.d().ssthresh == 5'000);                            // half of 10 segments: what limited transmit sent does not count
    CHECK(b.d().cwnd == 8'000);                                // ssthresh + 3
    CHECK(b.d().further.recover == ours + first + 12'000);
    for (unsigned k = 0; k < 4; ++k) CHECK(duplicate().empty());
    CHECK(b.d().cwnd == 12'000);
    s = duplicate();                                           // the eighth
    REQUIRE(s.size() == 1);
    CHECK(s[0].seq == first + 12'000);
    CHECK(b.d().cwnd == 13'000);
    b.give({flag::ack, 1, first + 3'000, {}, 60000});          // partial: up to segment 4
    s = b.take();
    REQUIRE_FALSE(s.empty());
    CHECK(s[0].seq == first + 3'000);
    CHECK(b.d().cwnd == 11'000);                               // 13 - 3 + 1
    CHECK(s.size() == 2);                                      // 13 sent, 3 of them acknowledged: one new segment fits 11
    CHECK(s[1].seq == first + 13'000);
    b.give({flag::ack, 1, first + 13'000, {}, 60000});         // full
    CHECK(b.d().cwnd == 2'000);                                // min(ssthresh, FlightSize 1,000 + SMSS)
    CHECK_FALSE((b.d().flags & delegated_flag::in_recovery));
    CHECK(b.d().dup_ack_count == 0);
    // Duplicates right behind a recovery do not begin another one: they may be echoes of it.
    const std::uint32_t then = b.d().snd_una - ours;
    CHECK(then == first + 13'000);
}

TEST_CASE("A duplicate has no text, no FIN, the same window, and something is under way (RFC 5681 2)") {
    flowing b(8);
    b.give({flag::ack, 1, b.base, text_of(1), 60000});
    b.give({flag::ack, 2, b.base, {}, 50000});
    b.give({flag::ack, 2, b.base - 1000, {}, 50000});
    CHECK(b.d().dup_ack_count == 0);
    b.give({flag::ack, 2, b.base, {}, 50000});
    CHECK(b.d().dup_ack_count == 1);
    bench idle;
    idle.establish();
    for (unsigned k = 0; k < 4; ++k) idle.give({flag::ack, 1, 1});
    CHECK(idle.d().dup_ack_count == 0);
}

TEST_CASE("SACK: lost segments leave as the pipe allows, each once, the rest is not sent again (RFC 6675 5)") {
    flowing b(10, true);
    const std::uint32_t f = b.base;
    // 1 and 3 are lost. The peer tells of 2, 4, 5, 6 …
    const auto tell = [&](std::initializer_list<std::pair<std::uint32_t, std::uint32_t>> blocks, std::uint32_t ack) {
        b.give({flag::ack, 1, ack, {}, 60000, 0, sack_option(blocks)});
        return b.take();
    };
    CHECK(tell({{f + 1000, f + 2000}}, f).size() == 1);        // limited transmit: segments 11 and 12
    CHECK(tell({{f + 3000, f + 4000}, {f + 1000, f + 2000}}, f).size() == 1);
    auto s = tell({{f + 3000, f + 5000}, {f + 1000, f + 2000}}, f);        // the third, and more than two segments' octets above segment 1
    REQUIRE(s.size() == 1);
    CHECK(s[0].seq == f);
    CHECK(b.d().cwnd == 5'000);
    CHECK(b.d().ssthresh == 5'000);
    // Pipe: 12 segments, 3 told of, segment 1 lost but sent again: 1 + 8 (3 and 6 … 12) > 5.
    CHECK(scoreboard::pipe(b.d().further.scoreboard, b.d().snd_una, b.d().snd_max, b.d().further.high_rxt, 1000) == 9'000);
    CHECK(tell({{f + 3000, f + 6000}, {f + 1000, f + 2000}}, f).empty());        // now segment 3 is lost too: pipe 1 + 6
    CHECK(tell({{f + 3000, f + 7000}, {f + 1000, f + 2000}}, f).empty());
    CHECK(tell({{f + 3000, f + 8000}, {f + 1000, f + 2000}}, f).empty());
    s = tell({{f + 3000, f + 9000}, {f + 1000, f + 2000}}, f);                   // pipe 1 + 3: room for one
    REQUIRE(s.size() == 1);
    CHECK(s[0].seq == f + 2000);
    s = tell({{f + 3000, f + 10'000}, {f + 1000, f + 2000}}, f);                 // nothing else is lost: new data
    REQUIRE(s.size() == 1);
    CHECK(s[0].seq == f + 12'000);
    s = tell({{f + 3000, f + 12'000}}, f + 2000);                                // partial
    for (const auto& x : s) CHECK(x.seq >= f + 13'000);
    tell({}, f + 12'000);
    CHECK_FALSE((b.d().flags & delegated_flag::in_recovery));
    CHECK(b.d().cwnd == 5'000);
}

TEST_CASE("After a timeout what SACK told is forgotten, and learnt anew (RFC 2018 8)") {
    flowing b(6, true);
    const std::uint32_t f = b.base;
    b.give({flag::ack, 1, f, {}, 60000, 0, sack_option({{f + 1000, f + 2000}})});
    b.take();
    b.next_timer();
    auto s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].seq == f);
    CHECK(b.d().further.scoreboard.empty());
    b.give({flag::ack, 1, f + 1000, {}, 60000, 0, sack_option({{f + 2000, f + 4000}})});
    s = b.take();
    REQUIRE(s.size() == 2);
    CHECK(s[0].seq == f + 1000);
    CHECK(s[1].seq == f + 4000);                               // over what the peer has
}

TEST_CASE("The scoreboard keeps what is possible and joins what touches (RFC 2018, RFC 6675 4)") {
    scoreboard::blocks b;
    const sequence u = 0xFFFFFFF0;
    CHECK_FALSE(scoreboard::note(b, {u, u + 10}, u, u + 1000));        // what is acknowledged anyway
    CHECK_FALSE(scoreboard::note(b, {u + 20, u + 10}, u, u + 1000));
    CHECK_FALSE(scoreboard::note(b, {u + 990, u + 1001}, u, u + 1000));
    CHECK(scoreboard::note(b, {u + 100, u + 200}, u, u + 1000));
    CHECK_FALSE(scoreboard::note(b, {u + 100, u + 200}, u, u + 1000));
    CHECK(scoreboard::note(b, {u + 300, u + 400}, u, u + 1000));
    CHECK(scoreboard::note(b, {u + 200, u + 300}, u, u + 1000));
    REQUIRE(b.size() == 1);
    CHECK(b[0] == sack_block{u + 100, u + 400});
    CHECK(scoreboard::note(b, {u + 500, u + 600}, u, u + 1000));
    CHECK(scoreboard::octets(b) == 400);
    CHECK(scoreboard::skip(b, u + 150) == u + 400);
    CHECK(scoreboard::next_block(b, u, u + 1000) == u + 100);
    CHECK(scoreboard::is_lost(b, u, 100));                             // 400 octets above: more than two segments
    CHECK_FALSE(scoreboard::is_lost(b, u, 200));
    CHECK_FALSE(scoreboard::is_lost(b, u + 450, 50));
    scoreboard::forget_before(b, u + 350);
    CHECK(b[0] == sack_block{u + 350, u + 400});
}

TEST_CASE("After a silence longer than RTO the window begins anew (RFC 5681 4.1)") {
    flowing b(10);
    b.give({flag::ack, 1, b.d().snd_max - ours, {}, 60000});
    while (b.d().snd_max != b.d().snd_una) b.give({flag::ack, 1, b.d().snd_max - ours, {}, 60000});
    b.take();
    REQUIRE(b.d().cwnd > 10'000);
    b.now += 10 * second;
    b.send(20'000);
    CHECK(b.take().size() == 4);
}
