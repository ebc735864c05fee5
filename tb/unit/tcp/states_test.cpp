// RFC 9293, 3.3.2 and 3.10: which segment leads from which state to which, and what is answered.
#include <catch2/catch.hpp>

#include "unit/tcp/bench.h"

using namespace nicteam;
using namespace nicteam::tcp;
using namespace nicteam::tcp::test;
using st = connection_state;

namespace {

// A connection in that state; the peer's next number is theirs_next, ours ours_next.
struct in_state : bench {
    std::uint32_t their_next = 1, our_next = 1;
    explicit in_state(st s, bool passive = false) {
        if (s == st::syn_received && passive) {
            const bytes syn = octets({flag::syn, 0, 0, {}, 65535, 0, mss(1000)});
            c->open(now, segment_view::parse(syn, them, us), out);
        } else if (s == st::syn_sent || s == st::syn_received) {
            c->open(now, out);
            if (s == st::syn_received) give({flag::syn, 0, 0, {}, 65535, 0, mss(1000)});
        } else {
            establish();
        }
        const auto peer_fin = [&] { give({flag::ack | flag::fin, their_next++, our_next}); };
        switch (s) {
        case st::fin_wait_1: c->close(now, out), ++our_next; break;
        case st::fin_wait_2: c->close(now, out), give({flag::ack, 1, ++our_next}); break;
        case st::close_wait: peer_fin(); break;
        case st::closing: c->close(now, out), peer_fin(), ++our_next; break;
        case st::last_ack: peer_fin(), c->close(now, out), ++our_next; break;
        case st::time_wait: c->close(now, out), give({flag::ack, 1, ++our_next}), peer_fin(); break;
        default: break;
        }
        REQUIRE(c->state() == s);
        take();
        events();
    }
};

const st synchronized_states[] = {st::established, st::fin_wait_1, st::fin_wait_2, st::close_wait, st::closing, st::last_ack, st::time_wait};

}  // namespace

TEST_CASE("Three-way handshake, active (RFC 9293 3.5, figure 6)") {
    bench b;
    b.c->open(b.now, b.out);
    auto s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].is(flag::syn));
    CHECK(s[0].seq == 0);
    CHECK(*s[0].options.maximum_segment_size == 1460);
    CHECK(b.give({flag::syn | flag::ack, 0, 1, {}, 1000, 0, bench::mss(800)}) == fate::taken);
    s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].is(flag::ack));
    CHECK(s[0].seq == 1);
    CHECK(s[0].ack == 1);
    CHECK(b.c->state() == st::established);
    CHECK(b.events() == (event::connected | event::writable));
    CHECK(b.c->constant().remote_mss == 800);
    CHECK(b.c->cached().effective_mss == 800);
    CHECK(b.c->delegated().snd_wnd == 1000);
}

TEST_CASE("Three-way handshake, passive, and the SYN again gets SYN-ACK again (RFC 9293 3.5)") {
    in_state b(st::syn_received, true);
    CHECK(b.give({flag::syn, 0, 0, {}, 65535, 0, bench::mss(1000)}) == fate::repeated_syn);
    auto s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].is(flag::syn | flag::ack));
    CHECK(s[0].seq == 0);
    CHECK(s[0].ack == 1);
    CHECK(b.give({flag::ack, 1, 1, {1, 2, 3}}) == fate::taken);
    CHECK(b.c->state() == st::established);
    CHECK(b.c->received().size() == 3);
    CHECK(b.take().at(0).ack == 4);
}

TEST_CASE("Both open at once (RFC 9293 3.5, figure 7)") {
    for (const bool syn_ack : {true, false}) {          // the figure's SYN-ACK, or an ACK alone
        in_state b(st::syn_received);
        CHECK(b.give({static_cast<std::uint8_t>(flag::ack | (syn_ack ? flag::syn : 0)), syn_ack ? 0u : 1u, 1}) == fate::taken);
        CHECK(b.c->state() == st::established);
        CHECK(b.events() & event::connected);
    }
    bench b;
    b.c->open(b.now, b.out);
    b.take();
    b.give({flag::syn, 0, 0});
    const auto s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].is(flag::syn | flag::ack));
    CHECK(s[0].seq == 0);
    CHECK(s[0].ack == 1);
}

TEST_CASE("SYN-SENT (RFC 9293 3.10.7.3)") {
    struct row { std::uint8_t flags; std::uint32_t ack; fate f; st then; std::uint8_t answer; };
    for (const row& r : {row{flag::ack, 0, fate::wrong_acknowledgement, st::syn_sent, flag::rst},
                         row{flag::ack, 2, fate::wrong_acknowledgement, st::syn_sent, flag::rst},
                         row{flag::ack, 1, fate::not_wanted, st::syn_sent, 0},
                         row{flag::syn | flag::ack, 2, fate::wrong_acknowledgement, st::syn_sent, flag::rst},
                         row{flag::rst | flag::ack, 2, fate::not_wanted, st::syn_sent, 0},
                         row{flag::rst, 0, fate::not_wanted, st::syn_sent, 0},
                         row{flag::rst | flag::ack, 1, fate::reset, st::closed, 0},
                         row{flag::fin, 0, fate::not_wanted, st::syn_sent, 0},
                         row{0, 0, fate::not_wanted, st::syn_sent, 0},
                         row{flag::syn, 0, fate::taken, st::syn_received, flag::syn | flag::ack},
                         row{flag::syn | flag::ack, 1, fate::taken, st::established, flag::ack}}) {
        in_state b(st::syn_sent);
        CHECK(b.give({r.flags, 0, r.ack}) == r.f);
        CHECK(b.c->state() == r.then);
        const auto s = b.take();
        CHECK(s.size() == (r.answer ? 1u : 0u));
        if (r.answer && !s.empty()) CHECK(s[0].is(r.answer));
        if (r.answer == flag::rst && !s.empty()) CHECK(s[0].seq == r.ack);     // <SEQ=SEG.ACK><CTL=RST>
        if (r.f == fate::reset) CHECK(b.events() == (event::closed | event::refused | event::was_reset));
    }
}

TEST_CASE("RST in each state: at RCV.NXT it ends, elsewhere in the window it is challenged, outside dropped (RFC 9293 3.10.7.4, RFC 5961 3.2)") {
    for (const st s : synchronized_states) {
        CAPTURE(to_text(s));
        in_state exact(s);
        CHECK(exact.give({flag::rst, exact.their_next, 0}) == fate::reset);
        CHECK(exact.c->state() == st::closed);
        CHECK(exact.take().empty());
        CHECK((exact.events() & event::was_reset ? 1 : 0) == (s < st::closing ? 1 : 0));
        in_state inside(s);
        CHECK(inside.give({flag::rst, inside.their_next + 1, 0}) == fate::challenged);
        CHECK(inside.c->state() == s);
        const auto answer = inside.take();
        REQUIRE(answer.size() == 1);
        CHECK(answer[0].is(flag::ack));
        CHECK(answer[0].ack == inside.their_next);
        CHECK(answer[0].seq == inside.our_next);
        in_state outside(s);
        CHECK(outside.give({flag::rst, outside.their_next - 1, 0}) == fate::outside_window);
        CHECK(outside.give({flag::rst, outside.their_next + 65535, 0}) == fate::outside_window);
        CHECK(outside.c->state() == s);
        CHECK(outside.take().empty());
    }
    in_state active(st::syn_received);
    CHECK(active.give({flag::rst, 1, 0}) == fate::reset);
    CHECK(active.events() == (event::closed | event::refused | event::was_reset));
    in_state passive(st::syn_received, true);
    CHECK(passive.give({flag::rst, 1, 0}) == fate::back_to_listen);
    CHECK(passive.events() == event::closed);
}

TEST_CASE("SYN in each synchronised state is challenged, in SYN-RECEIVED of a listener it ends (RFC 5961 4.2, RFC 9293 3.10.7.4)") {
    for (const st s : synchronized_states) {
        CAPTURE(to_text(s));
        for (const std::uint8_t flags : {flag::syn, std::uint8_t(flag::syn | flag::ack)}) {
            in_state b(s);
            CHECK(b.give({flags, b.their_next + 5, b.our_next}) == fate::challenged);
            CHECK(b.c->state() == s);
            const auto answer = b.take();
            REQUIRE(answer.size() == 1);
            CHECK(answer[0].is(flag::ack));
            CHECK(answer[0].ack == b.their_next);
        }
    }
    in_state passive(st::syn_received, true);
    CHECK(passive.give({flag::syn, 7, 0}) == fate::back_to_listen);
    in_state active(st::syn_received);
    CHECK(active.give({flag::syn, 7, 0}) == fate::challenged);
}

TEST_CASE("ACK in each state: of nothing new, of what was never sent, of what is long past, missing (RFC 9293 3.10.7.4, RFC 5961 5.2)") {
    for (const st s : synchronized_states) {
        CAPTURE(to_text(s));
        in_state unsent(s);
        CHECK(unsent.give({flag::ack, unsent.their_next, unsent.our_next + 1}) == fate::challenged);
        CHECK(unsent.take().size() == 1);
        in_state ancient(s);
        CHECK(ancient.give({flag::ack, ancient.their_next, 1 - 65535u - 2}) == fate::challenged);
        CHECK(ancient.take().size() == 1);
        in_state past(s);
        CHECK(past.give({flag::ack, past.their_next, 0 - 65000u}) == fate::taken);          // within MAX.SND.WND
        CHECK(past.c->state() == s);
        in_state none(s);
        CHECK(none.give({0, none.their_next, 0, {1}}) == fate::no_acknowledgement);
        CHECK(none.c->received().empty());
        CHECK(none.take().empty());
    }
    for (const std::uint32_t ack : {0u, 2u}) {
        in_state b(st::syn_received, true);
        CHECK(b.give({flag::ack, 1, ack}) == fate::wrong_acknowledgement);
        const auto s = b.take();
        REQUIRE(s.size() == 1);
        CHECK(s[0].is(flag::rst));
        CHECK(s[0].seq == ack);
        CHECK(b.c->state() == st::syn_received);
    }
}

TEST_CASE("The ACK of our FIN, and the peer's FIN, in each state (RFC 9293 3.10.7.4)") {
    struct row { st from; bool acks_fin, fin; st then; };
    for (const row& r : {row{st::established, false, true, st::close_wait}, row{st::fin_wait_1, true, false, st::fin_wait_2},
                         row{st::fin_wait_1, false, true, st::closing}, row{st::fin_wait_1, true, true, st::time_wait},
                         row{st::fin_wait_2, false, true, st::time_wait}, row{st::closing, true, false, st::time_wait},
                         row{st::last_ack, true, false, st::closed}, row{st::close_wait, false, false, st::close_wait},
                         row{st::time_wait, false, false, st::time_wait}}) {
        CAPTURE(to_text(r.from), to_text(r.then));
        in_state b(r.from);
        const bool needs = r.from == st::fin_wait_1 || r.from == st::closing || r.from == st::last_ack;
        const std::uint32_t ack = needs && !r.acks_fin ? b.our_next - 1 : b.our_next;
        CHECK(b.give({static_cast<std::uint8_t>(flag::ack | (r.fin ? flag::fin : 0)), b.their_next, ack}) == fate::taken);
        CHECK(b.c->state() == r.then);
        const auto s = b.take();
        if (r.fin) {
            REQUIRE(s.size() == 1);
            CHECK(s[0].is(flag::ack));
            CHECK(s[0].ack == b.their_next + 1);
            CHECK((b.events() & event::peer_closed));
        } else {
            CHECK(s.empty());
        }
        if (r.then == st::closed) CHECK(b.events() == event::closed);
    }
    // In SYN-RECEIVED: established by its ACK, and CLOSE-WAIT at once.
    in_state b(st::syn_received, true);
    CHECK(b.give({flag::ack | flag::fin, 1, 1}) == fate::taken);
    CHECK(b.c->state() == st::close_wait);
}

TEST_CASE("FIN again is answered, and in TIME-WAIT the wait begins anew (RFC 9293 3.10.7.4)") {
    for (const st s : {st::close_wait, st::closing, st::last_ack, st::time_wait}) {
        CAPTURE(to_text(s));
        in_state b(s);
        const ps waits = b.c->next_deadline();
        b.now += 10 * second;
        const std::uint32_t unacknowledged = s == st::closing || s == st::last_ack ? 1 : 0;
        CHECK(b.give({flag::ack | flag::fin, b.their_next - 1, b.our_next - unacknowledged}) == fate::outside_window);
        CHECK(b.c->state() == s);
        const auto answer = b.take();
        REQUIRE(answer.size() == 1);
        CHECK(answer[0].ack == b.their_next);
        if (s == st::time_wait) {
            CHECK(b.c->next_deadline() == waits + 10 * second);
            CHECK(b.c->next_deadline() == b.now + 240 * second);           // 2 MSL
            b.next_timer();
            CHECK(b.c->state() == st::closed);
            CHECK(b.events() == event::closed);
        }
    }
}

TEST_CASE("Text in each state: taken before the peer's FIN, ignored behind it (RFC 9293 3.10.7.4, seventh)") {
    for (const st s : synchronized_states) {
        CAPTURE(to_text(s));
        in_state b(s);
        b.give({flag::ack, b.their_next, b.our_next == 1 ? 1 : b.our_next - 1, text_of(10)});
        const bool takes = s == st::established || s == st::fin_wait_1 || s == st::fin_wait_2;
        CHECK(b.c->received().size() == (takes ? 10u : 0u));
    }
}

TEST_CASE("The user's calls in each state (RFC 9293 3.10.2 to 3.10.5)") {
    struct row { st from, closed, aborted; bool sends, rst; };
    for (const row& r : {row{st::syn_sent, st::closed, st::closed, true, false}, row{st::syn_received, st::syn_received, st::closed, true, true},
                         row{st::established, st::fin_wait_1, st::closed, true, true}, row{st::fin_wait_1, st::fin_wait_1, st::closed, false, true},
                         row{st::fin_wait_2, st::fin_wait_2, st::closed, false, true}, row{st::close_wait, st::last_ack, st::closed, true, true},
                         row{st::closing, st::closing, st::closed, false, false}, row{st::last_ack, st::last_ack, st::closed, false, false},
                         row{st::time_wait, st::time_wait, st::closed, false, false}}) {
        CAPTURE(to_text(r.from));
        in_state a(r.from);
        a.c->close(a.now, a.out);
        CHECK(a.c->state() == r.closed);
        in_state b(r.from);
        b.c->abort(b.now, b.out);
        CHECK(b.c->state() == st::closed);
        const auto s = b.take();
        CHECK(s.size() == (r.rst ? 1u : 0u));
        if (!s.empty()) {
            CHECK((s[0].flags & flag::rst));
            CHECK(s[0].seq == b.our_next);
        }
        CHECK(b.c->next_deadline() == never);
        in_state d(r.from);
        CHECK((d.c->send(d.now, text_of(5), d.out) == 5) == r.sends);
    }
    // Closed before it was established: the FIN goes when it is.
    in_state b(st::syn_received, true);
    b.c->send(b.now, text_of(5), b.out);
    b.c->close(b.now, b.out);
    CHECK(b.take().empty());
    b.give({flag::ack, 1, 1});
    CHECK(b.c->state() == st::fin_wait_1);
    const auto s = b.take();
    REQUIRE(s.size() == 1);
    CHECK(s[0].is(flag::ack | flag::fin));
    CHECK(s[0].text == text_of(5));
}

TEST_CASE("Acceptance test: the four cases (RFC 9293 3.4)") {
    struct row { std::uint32_t seq; std::size_t text; bool good; };
    for (const std::uint32_t window : {1000u, 0u}) {
        std::vector<row> rows{{1, 0, true}, {2, 0, false}, {0, 0, false}};
        if (window)
            rows = {{1, 0, true}, {1000, 0, true}, {1001, 0, false}, {0, 0, false}, {1, 1, true}, {1000, 1, true}, {1001, 1, false},
                    {1000, 500, true}, {0xFFFFFFFF, 2, false}, {0xFFFFFFFF, 3, true}, {0xFFFFFFFF, 1300, true}};
        for (const row& r : rows) {
            CAPTURE(window, r.seq, r.text);
            tcp_rules rules = bench::plain();
            rules.cached.initial_receive_window = window;
            bench b(rules);
            b.establish();
            CHECK((b.give({flag::ack, r.seq, 1, text_of(r.text)}) == fate::taken) == r.good);
            if (!r.good) CHECK(b.take().size() == 1);                  // <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
            CHECK(b.c->received().size() + b.c->out_of_order().octets() <= window);
        }
    }
}

TEST_CASE("A closed connection answers nothing, the table does (RFC 9293 3.10.7.1)") {
    bench b;
    CHECK(b.give({flag::ack, 1, 1}) == fate::no_connection);
    CHECK(b.out.segments.empty());
    const bytes with_ack = b.octets({flag::ack | flag::fin, 9, 77, text_of(3)});
    const auto r1 = reset_for(segment_view::parse(with_ack, them, us), them, us);
    const auto v1 = segment_view::parse(r1, us, them);
    CHECK(v1.flags == flag::rst);
    CHECK(v1.sequence == ours + 77);
    const bytes without = b.octets({flag::syn, 9, 0, text_of(3)});
    const auto r2 = reset_for(segment_view::parse(without, them, us), them, us);
    const auto v2 = segment_view::parse(r2, us, them);
    CHECK(v2.flags == (flag::rst | flag::ack));
    CHECK(v2.sequence == 0);
    CHECK(v2.acknowledgement == theirs + 9 + 4);
    const bytes rst = b.octets({flag::rst, 9, 0});
    CHECK(reset_for(segment_view::parse(rst, them, us), them, us).empty());
}
