// What either side may send and promise: RFC 9293 3.7 and 3.8, RFC 7323, RFC 5961; and the path's MTU.
#include <catch2/catch.hpp>

#include "unit/tcp/bench.h"

using namespace nicteam;
using namespace nicteam::tcp;
using namespace nicteam::tcp::test;

namespace {

constexpr ps ms = millisecond;
bytes scale(std::uint8_t s) { return {1, 3, 3, s}; }
bytes stamp(std::uint32_t value, std::uint32_t echo = 0) {
    options_writer w;
    w.timestamps({value, echo});
    return bytes(w.octets().data, w.octets().data + w.octets().size);
}

}  // namespace

TEST_CASE("MSS: the option, its absence, a tiny one, timestamps taken off, the path's limit (RFC 9293 3.7.1, RFC 6691)") {
    struct row { bytes option; bool stamps; std::uint32_t mtu; unsigned remote, effective; };
    for (const row& r : {row{bench::mss(1000), false, 1500, 1000, 1000}, row{{}, false, 1500, 536, 536}, row{bench::mss(0), false, 1500, 64, 64},
                         row{bench::mss(9000), false, 1500, 9000, 1460}, row{bench::mss(1000), true, 1500, 1000, 988},
                         row{bench::mss(1460), false, 600, 1460, 560},
                         row{bench::mss(65535), false, 100'000, 65535, 65535}}) {
        tcp_rules rules = bench::plain();
        rules.timestamps = r.stamps;
        bench b(rules);
        b.over->update({r.mtu});
        b.c->open(b.now, b.out);
        CHECK(*b.take().at(0).options.maximum_segment_size == std::min(r.mtu - 40, 65535u));
        bytes o = r.option;
        if (r.stamps) {
            const bytes t = stamp(1);
            o.insert(o.end(), t.begin(), t.end());
        }
        b.give({flag::syn | flag::ack, 0, 1, {}, 65535, 0, o});
        CHECK(b.c->constant().remote_mss == r.remote);
        CHECK(b.c->cached().effective_mss == r.effective);
        CHECK((b.c->constant().flags & constant_flag::timestamps ? 1 : 0) == (r.stamps ? 1 : 0));
    }
}

TEST_CASE("Window scale: offered as the buffer needs it, agreed on by both, above 14 taken as 14, never in a SYN (RFC 7323 2)") {
    for (const std::uint32_t window : {65535u, 65536u, 1u << 20, 0xFFFFu << 14}) {
        tcp_rules rules = bench::plain();
        rules.window_scaling = true;
        rules.cached.initial_receive_window = window;
        for (const int peer : {-1, 0, 7, 14, 15, 255}) {
            bench b(rules);
            b.c->open(b.now, b.out);
            const auto syn = b.take().at(0);
            const unsigned shift = *syn.options.window_scale;
            CHECK(window >> shift <= 65535);
            CHECK((shift == 0 || window >> (shift - 1) > 65535));
            CHECK(syn.window == std::min(window, 65535u));
            b.give({flag::syn | flag::ack, 0, 1, {}, 1000, 0, peer < 0 ? bytes() : scale(static_cast<std::uint8_t>(peer))});
            CHECK(b.d().snd_wnd == 1000);                              // the SYN's window is as it stands
            CHECK(b.c->constant().send_scale == std::clamp(peer, 0, 14));
            CHECK(b.c->constant().receive_scale == (peer < 0 ? 0 : shift));
            const auto ack = b.take().at(0);
            const std::uint64_t promised = std::uint64_t{ack.window} << (peer < 0 ? 0 : shift);
            CHECK(promised == (peer < 0 ? std::min(window, 65535u) : window >> shift << shift));
            b.give({flag::ack, 1, 1, {}, 1000});
            CHECK(b.d().snd_wnd == 1000u << std::clamp(peer, 0, 14));
        }
    }
}

TEST_CASE("The promised right edge never moves back, whatever the scale (RFC 7323 2.4, RFC 9293 3.8.6)") {
    tcp_rules rules = bench::plain();
    rules.window_scaling = true;
    rules.cached.initial_receive_window = 300'000;                     // shift 3
    bench b(rules);
    b.establish(1000, 65535, scale(0));
    std::uint32_t at = 1, edge = 0;
    for (unsigned k = 0; k < 400; ++k) {
        const std::size_t n = 1 + k * 7 % 997;
        if (at + n > b.d().further.rcv_adv - theirs) break;
        b.give({flag::ack, at, 1, text_of(n)});
        at += static_cast<std::uint32_t>(n);
        for (const auto& s : b.take()) {
            const std::uint32_t now_edge = s.ack + (std::uint32_t{s.window} << 3);
            CHECK(now_edge >= edge);
            edge = now_edge;
        }
        if (k % 5 == 0) b.c->consume(b.now, 700, b.out);
    }
    CHECK(b.c->received().size() <= 300'000 + 8);
}

TEST_CASE("PAWS: old timestamps are answered and dropped, RSTs not judged, an outdated TS.Recent not believed (RFC 7323 5)") {
    tcp_rules rules = bench::plain();
    rules.timestamps = true;
    bench b(rules);
    b.establish(1000, 65535, stamp(1000));
    CHECK(b.d().ts_recent == 1000);
    CHECK(b.give({flag::ack, 1, 1, text_of(10), 65535, 0, stamp(999)}) == fate::old_timestamp);
    auto s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].ack == 1);
    CHECK(s[0].options.timestamps->echo == 1000);
    CHECK(b.give({flag::ack, 1, 1, text_of(10), 65535, 0, stamp(1000)}) == fate::taken);
    CHECK(b.give({flag::ack, 11, 1, text_of(10), 65535, 0, stamp(0x80000000u + 1000 - 1)}) == fate::taken);      // ahead, just so
    CHECK(b.d().ts_recent == 0x800003E7);
    CHECK(b.give({flag::ack, 21, 1, text_of(10)}) == fate::no_timestamp);                  // RFC 7323, 3.2
    CHECK(b.c->received().size() == 20);
    b.take();
    // Behind Last.ACK.sent alone: a segment beyond a hole does not set TS.Recent (4.3).
    CHECK(b.give({flag::ack, 31, 1, text_of(10), 65535, 0, stamp(0x800003F0)}) == fate::taken);
    CHECK(b.d().ts_recent == 0x800003E7);
    b.now += 25LL * 24 * 3600 * second;                                // 24 days are over
    CHECK(b.give({flag::ack, 21, 1, text_of(10), 65535, 0, stamp(5)}) == fate::taken);
    CHECK(b.d().ts_recent == 5);
    CHECK(b.give({flag::rst, 41, 1, {}, 0, 0, stamp(1)}) == fate::reset);
}

TEST_CASE("Challenge ACKs are limited, each connection by itself, and come again later (RFC 5961 7)") {
    bench b, other;
    b.establish();
    other.establish();
    for (unsigned k = 0; k < 50; ++k) CHECK(b.give({flag::rst, 100 + k, 0}) == fate::challenged);
    CHECK(b.take().size() == 10);
    other.give({flag::syn, 100, 0});
    CHECK(other.take().size() == 1);
    b.now += 5 * second - 1;
    b.give({flag::syn, 100, 0});
    CHECK(b.take().empty());
    b.now += 1;
    b.give({flag::syn, 100, 0});
    CHECK(b.take().size() == 1);
    CHECK(b.c->state() == connection_state::established);
}

TEST_CASE("Nagle: one small segment under way, full ones and the end at once (RFC 9293 3.7.4)") {
    tcp_rules rules = bench::plain();
    rules.cached.flags = cached_flag::nagle;
    bench b(rules);
    b.establish();
    b.send(10);
    CHECK(b.take().size() == 1);
    b.send(10);
    b.send(10);
    CHECK(b.take().empty());
    b.send(1000);
    auto s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].text.size() == 1000);
    b.give({flag::ack, 1, 1011});
    s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].text.size() == 20);
    CHECK((s[0].flags & flag::psh));
    b.send(10);
    CHECK(b.take().empty());
    b.c->close(b.now, b.out);
    s = b.take();
    REQUIRE(s.size() == 1);
    CHECK((s[0].flags & flag::fin));
    bench off;
    off.establish();
    off.send(10);
    off.send(10);
    CHECK(off.take().size() == 2);
}

TEST_CASE("Delayed ACK: every second segment, else after 200 ms, at once for holes and FIN (RFC 9293 3.8.6.3, RFC 5681 4.2)") {
    tcp_rules rules = bench::plain();
    rules.delayed_acknowledgements = true;
    bench b(rules);
    b.establish();
    b.give({flag::ack, 1, 1, text_of(100)});
    CHECK(b.take().empty());
    const ps came = b.now;
    b.next_timer();
    CHECK(b.now == came + 200 * ms);
    CHECK(b.take().at(0).ack == 101);
    b.give({flag::ack, 101, 1, text_of(100)});
    CHECK(b.take().empty());
    b.give({flag::ack, 201, 1, text_of(100)});
    CHECK(b.take().at(0).ack == 301);
    CHECK(b.c->next_deadline() == never);
    b.give({flag::ack, 401, 1, text_of(100)});                 // behind a hole: a duplicate at once
    CHECK(b.take().at(0).ack == 301);
    b.give({flag::ack, 301, 1, text_of(100)});                 // fills it
    CHECK(b.take().at(0).ack == 501);
    b.give({flag::ack, 501, 1, text_of(10)});
    b.c->send(b.now, text_of(5), b.out);                       // data takes the ACK along
    CHECK(b.take().size() == 1);
    CHECK(b.c->delegated().further.delayed_ack_at == never);
    b.give({flag::ack | flag::fin, 511, 6});
    CHECK(b.take().at(0).ack == 512);
}

TEST_CASE("SACK blocks: the one that changed last first, as many as fit (RFC 2018 4)") {
    tcp_rules rules = bench::plain();
    rules.sack = true;
    bench b(rules);
    b.establish(1000, 65535, {1, 1, 4, 2});
    const auto hole = [&](std::uint32_t at) { return b.give({flag::ack, at, 1, text_of(100)}), b.take().at(0).options; };
    CHECK(hole(101).sack[0] == sack_block{theirs + 101, theirs + 201});
    hole(501);
    auto o = hole(301);
    REQUIRE(o.sack_blocks == 3);
    CHECK(o.sack[0] == sack_block{theirs + 301, theirs + 401});
    CHECK(o.sack[1] == sack_block{theirs + 501, theirs + 601});
    CHECK(o.sack[2] == sack_block{theirs + 101, theirs + 201});
    hole(701);
    o = hole(901);
    CHECK(o.sack_blocks == 4);                                 // of five
    o = hole(201);                                             // joins the first and the third
    CHECK(o.sack[0] == sack_block{theirs + 101, theirs + 401});
    b.give({flag::ack, 1, 1, text_of(100)});
    CHECK(b.take().at(0).ack == 401);
    bench without;
    without.establish();
    without.give({flag::ack, 101, 1, text_of(100)});
    CHECK(without.take().at(0).options.sack_blocks == 0);
}

TEST_CASE("A closed window is probed, by RTO, doubled, as long as the peer answers (RFC 9293 3.8.6.1)") {
    bench b;
    b.establish(1000, 2000);
    b.send(5000);
    CHECK(b.take().size() == 2);
    b.give({flag::ack, 1, 2001, {}, 0});
    CHECK(b.take().empty());
    CHECK(b.d().retransmit_at == never);
    ps apart = b.d().further.persist_at - b.now;
    for (unsigned k = 0; k < 40; ++k) {
        const ps was = b.now;
        b.next_timer();
        CHECK(b.now - was == apart);
        apart = std::min(2 * apart, 60 * second);
        const auto s = b.take();
        REQUIRE(s.size() == 1);
        CHECK(s[0].seq == 2001);
        CHECK(s[0].text.size() == 1);
        b.give({flag::ack, 1, 2001, {}, 0});
    }
    b.give({flag::ack, 1, 2002, {}, 3000});                    // taken, and open
    auto s = b.take();
    REQUIRE(s.size() == 3);
    CHECK(s[0].seq == 2002);
    CHECK(b.d().further.persist_at == never);
    bench silent;
    silent.establish(1000, 2000);
    silent.send(5000);
    silent.give({flag::ack, 1, 2001, {}, 0});
    for (unsigned k = 0; k < 16; ++k) silent.next_timer();
    CHECK(silent.c->state() == connection_state::closed);
    CHECK((silent.events() & event::timed_out));
}

TEST_CASE("Silly windows, sender: full segments, half the largest window, or after the override time (RFC 9293 3.8.6.2.1)") {
    bench b;
    b.establish(1000, 4000);
    b.send(10'000);
    b.take();
    b.give({flag::ack, 1, 4001, {}, 400});                     // a window of 400: less than a segment, less than half of 4,000
    CHECK(b.take().empty());
    const ps since = b.now;
    b.next_timer();
    CHECK(b.now == since + 200 * ms);
    auto s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].text.size() == 400);
    bench half;
    half.establish(1000, 700);
    half.send(10'000);
    s = half.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].text.size() == 700);                            // all of the only window it has seen
}

TEST_CASE("Silly windows, receiver: the edge moves by a segment or half the buffer (RFC 9293 3.8.6.2.2)") {
    tcp_rules rules = bench::plain();
    rules.cached.initial_receive_window = 4000;
    bench b(rules);
    b.establish();
    for (unsigned k = 0; k < 4; ++k) b.give({flag::ack, 1 + 1000 * k, 1, text_of(1000)});
    auto s = b.take();
    CHECK(s.back().window == 0);
    b.c->consume(b.now, 999, b.out);
    CHECK(b.take().empty());
    CHECK(b.give({flag::ack, 4001, 1, {1}}) == fate::taken);   // a probe: its ACK counts, its octet does not
    s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].ack == 4001);
    CHECK(s[0].window == 0);
    b.c->consume(b.now, 1, b.out);
    s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].window == 1000);
    b.c->consume(b.now, 3000, b.out);
    CHECK(b.take().at(0).window == 4000);
}

TEST_CASE("Keep-alive: off unless asked for, after the interval, so many times, then the end (RFC 9293 3.8.4)") {
    bench off;
    off.establish();
    CHECK(off.c->next_deadline() == never);
    tcp_rules rules = bench::plain();
    rules.cached.flags = cached_flag::keep_alive;
    bench b(rules);
    b.establish();
    CHECK(b.c->next_deadline() == b.now + 7200 * second);
    b.next_timer();
    auto s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].seq == 0);                                      // SND.NXT - 1
    CHECK(s[0].text.empty());
    b.give({flag::ack, 1, 1});
    CHECK(b.d().keep_alive_probe_count == 0);
    CHECK(b.c->next_deadline() == b.now + 7200 * second);
    for (unsigned k = 0; k < 9; ++k) b.next_timer();
    CHECK(b.take().size() == 9);
    CHECK(b.c->state() == connection_state::established);
    const ps was = b.now;
    b.next_timer();
    CHECK(b.now == was + 75 * second);
    CHECK(b.c->state() == connection_state::closed);
    CHECK(b.events() == (event::connected | event::writable | event::closed | event::timed_out));
}

TEST_CASE("Urgent data: the pointer names the octet behind it, also when the window is closed and when it is far (RFC 9293 3.8.5)") {
    bench b;
    b.establish();
    b.c->send_urgent(b.now, text_of(10), b.out);
    auto s = b.take();
    REQUIRE(s.size() == 1);
    CHECK((s[0].flags & flag::urg));
    CHECK(s[0].urgent == 10);
    b.give({flag::ack, 1, 11});
    b.send(10);
    CHECK_FALSE((b.take().at(0).flags & flag::urg));
    b.give({flag::ack | flag::urg, 1, 21, text_of(5), 65535, 8});
    CHECK((b.events() & event::urgent));
    CHECK(b.c->urgent_octets() == 8);
    b.c->consume(b.now, 5, b.out);
    CHECK(b.c->urgent_octets() == 3);
    b.give({flag::ack | flag::urg, 6, 21, text_of(5), 65535, 3});          // the same place again is no news
    CHECK_FALSE((b.events() & event::urgent));
    b.c->consume(b.now, 5, b.out);
    CHECK(b.c->urgent_octets() == 0);
    bench far;
    far.establish(1000, 65535);
    far.c->send(far.now, text_of(100'000), far.out);
    far.c->send_urgent(far.now, text_of(1), far.out);
    far.take();
    far.give({flag::ack, 1, 4001, {}, 65535});
    CHECK(far.take().at(0).urgent == 65535);
}

TEST_CASE("A path that carries less: one change, and each connection sends smaller segments, what was too big at once (RFC 1191 6.4)") {
    bench b, other;
    b.establish(1400, 65535);
    b.send(2800);
    CHECK(b.take().size() == 2);
    CHECK(b.c->quotes(ours + 1401));
    CHECK_FALSE(b.c->quotes(ours + 2801));
    CHECK_FALSE(b.c->quotes(ours));
    const std::uint32_t cwnd = b.d().cwnd;
    CHECK_FALSE(b.over->too_big(1500));
    CHECK_FALSE(b.over->too_big(67));
    CHECK(b.over->too_big(740));
    b.c->on_path(b.now, b.out);
    const auto s = b.take();
    REQUIRE(s.size() == 4);
    CHECK(s[0].seq == 1);
    CHECK(s[0].text.size() == 700);
    CHECK(b.d().cwnd == cwnd);
    CHECK(b.c->cached().effective_mss == 700);
    // Another one over the same path finds it when it sends next.
    connection second_one(b.by, b.over, 1112, 80, 7);
    actions a;
    second_one.open(b.now, a);
    const auto v = segment_view::parse(a.segments.at(0), us, them);
    CHECK(*options_read::parse(v.options).maximum_segment_size == 700);
}

TEST_CASE("Nobody reads: data behind it is answered with RST, unread data too, and FIN-WAIT-2 ends (RFC 9293 3.6.1)") {
    bench b;
    b.establish();
    b.c->abandon(b.now, b.out);
    b.take();
    b.give({flag::ack, 1, 2, text_of(1)});
    CHECK((b.take().at(0).flags & flag::rst));
    CHECK(b.c->state() == connection_state::closed);
    bench unread;
    unread.establish();
    unread.give({flag::ack, 1, 1, text_of(1)});
    unread.take();
    unread.c->abandon(unread.now, unread.out);
    CHECK((unread.take().at(0).flags & flag::rst));
    bench quiet;
    quiet.establish();
    quiet.c->abandon(quiet.now, quiet.out);
    quiet.give({flag::ack, 1, 2});
    CHECK(quiet.c->state() == connection_state::fin_wait_2);
    const ps since = quiet.now;
    quiet.next_timer();
    CHECK(quiet.now == since + 60 * second);
    CHECK(quiet.c->state() == connection_state::closed);
}
