// Many connections: which one a segment is for, backlog, TIME-WAIT, shared layers, state that moves.
#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"
#include "unit/tcp/two_tables.h"

using namespace nicteam;
using namespace nicteam::tcp;
using namespace nicteam::tcp::test;
using st = connection_state;

TEST_CASE("Connections by their four-tuple, each to its own") {
    two_tables t;
    REQUIRE(t.table[1].listen(80, 1000));
    CHECK_FALSE(t.table[1].listen(80, 1));
    std::vector<state::handle> h, g;
    for (std::uint16_t k = 0; k < 300; ++k) {
        h.push_back(t.connect(static_cast<std::uint16_t>(10'000 + k)));
        g.push_back(t.table[1].accept(80));
        REQUIRE(g.back());
    }
    CHECK_FALSE(t.table[1].accept(80));
    CHECK_FALSE(t.table[0].connect(t.now, {us, them, 10'000, 80}, t.r[0]));        // there is one
    for (std::uint16_t k = 0; k < 300; ++k) t.table[0].use(h[k], t.r[0], [&](connection& c, actions& a) { c.send(t.now, text_of(100, k), a); });
    t.carry();
    for (std::uint16_t k = 0; k < 300; ++k) {
        const auto& got = t.table[1].find(g[k])->received();
        CHECK(bytes(got.data(), got.data() + got.size()) == text_of(100, k));
    }
    const auto nobody = t.connect(9'000, 81);
    CHECK((t.events(0, nobody) & event::refused));
    CHECK(t.table[1].counted().resets_sent == 1);
}

TEST_CASE("A backlog holds what it may, SYNs beyond are dropped, half-open ones go in time, accepted ones make room") {
    two_tables t;
    t.table[1].listen(80, 2);
    results lost;
    for (std::uint16_t k = 0; k < 5; ++k) {                    // SYNs of nobody: their answers are lost
        segment_fields f{static_cast<std::uint16_t>(20'000 + k), 80, 1000, 0, flag::syn, 1000, 0};
        t.table[1].on_segment(t.now, us, them, build_segment(f, {}, {}, us, them), lost);
    }
    CHECK(lost.segments.size() == 2);
    CHECK(t.table[1].counted().backlog_full == 3);
    CHECK(t.table[1].size() == 2);
    t.run_until(t.now + 400 * second);
    CHECK(t.table[1].size() == 0);
    const auto a = t.connect(1), b = t.connect(2), c = t.connect(3);
    CHECK(t.table[0].find(a)->state() == st::established);
    CHECK(t.table[0].find(b)->state() == st::established);
    CHECK(t.table[0].find(c)->state() == st::syn_sent);
    REQUIRE(t.table[1].accept(80));
    t.run_until(t.now + 2 * second);                           // the SYN again
    CHECK(t.table[0].find(c)->state() == st::established);
    t.table[1].stop_listening(t.now, 80, t.r[1]);
    t.carry();
    CHECK(t.table[1].size() == 1);
    CHECK((t.events(0, b) & event::was_reset));
}

TEST_CASE("TIME-WAIT keeps the four-tuple, a new SYN with later numbers follows it (RFC 9293 3.6.1, RFC 6191)") {
    two_tables t;
    t.table[1].listen(80, 10);
    const auto h = t.connect(1);
    const auto g = t.table[1].accept(80);
    t.table[1].release(t.now, g, t.r[1]);                      // the server closes first
    t.carry();
    t.table[0].release(t.now, h, t.r[0]);
    t.carry();
    CHECK(t.table[0].size() == 0);
    REQUIRE(t.table[1].size() == 1);
    CHECK(t.table[1].find(g)->state() == st::time_wait);
    const sequence last = t.table[1].find(g)->delegated().snd_max;
    t.now += 10 * second;
    const auto again = t.connect(1);
    CHECK(t.table[0].find(again)->state() == st::established);
    CHECK(t.table[1].counted().time_wait_followed == 1);
    const auto next = t.table[1].accept(80);
    REQUIRE(next);
    CHECK(after(t.table[1].find(next)->delegated().further.iss, last));
    CHECK_FALSE(t.table[1].find(g));
    two_tables u;
    u.table[1].listen(80, 10);
    const auto x = u.connect(1);
    const auto y = u.table[1].accept(80);
    u.table[0].release(u.now, x, u.r[0]);
    u.carry();
    u.table[1].release(u.now, y, u.r[1]);
    u.carry();
    CHECK(u.table[0].find(x)->state() == st::time_wait);
    u.run_until(u.now + 239 * second);
    CHECK(u.table[0].size() == 1);
    u.run_until(u.now + 2 * second);
    CHECK(u.table[0].size() == 0);
}

TEST_CASE("A table that is full takes no more, and its timers do not pile up") {
    two_tables t(3);
    t.table[1].listen(80, 10);
    for (std::uint16_t k = 1; k <= 3; ++k) CHECK(t.connect(k));
    CHECK_FALSE(t.connect(4));
    CHECK(t.table[0].counted().table_full == 1);
    CHECK(t.table[0].size() == 3);
}

TEST_CASE("One neighbour update and one path update do for all connections, a message of a router must quote what is under way (RFC 5927)") {
    two_tables t;
    t.table[1].listen(80, 1000);
    std::vector<state::handle> h;
    for (std::uint16_t k = 0; k < 200; ++k) h.push_back(t.connect(static_cast<std::uint16_t>(10'000 + k))), t.table[1].accept(80);
    neighbor_cached moved = t.hop[0]->cached();
    moved.destination = {2, 0, 0, 0, 0, 9};
    t.hop[0]->update(moved);
    for (const auto x : h) CHECK(t.table[0].find(x)->over()->next_hop()->cached().destination == moved.destination);
    CHECK(t.hop[0]->cached().host_reachable_at == t.now);
    const auto size_now = [&](state::handle x) { return t.table[0].find(x)->cached().effective_mss; };
    CHECK(size_now(h[0]) == 1448);
    t.table[0].use(h[0], t.r[0], [&](connection& c, actions& a) { c.send(t.now, text_of(3000), a); });
    const auto sent = t.r[0].segments.at(0).segment;
    t.r[0].segments.clear();
    packet::path_told told;
    told.destination = them;
    told.protocol = 6;
    told.mtu = 1000;
    bytes quoted(sent.begin(), sent.begin() + 8);
    quoted[4] ^= 0x40;                                         // another number
    told.rest = quoted;
    CHECK_FALSE(t.table[0].too_big(t.now, us, told, t.r[0]));
    told.rest = packet::octets(sent.data(), 8);
    CHECK(t.table[0].too_big(t.now, us, told, t.r[0]));
    CHECK(t.r[0].segments.size() == 3);                        // by 948; the rest is small, and Nagle keeps it
    CHECK(size_now(h[0]) == 948);
    CHECK(size_now(h[1]) == 1448);                             // nobody has walked there …
    t.table[0].use(h[1], t.r[0], [&](connection& c, actions& a) { c.send(t.now, text_of(3000), a); });
    CHECK(size_now(h[1]) == 948);                              // … it sees it when it sends
}

TEST_CASE("State moves from one table to another while data flows, and back") {
    two_tables t;
    t.table[1].listen(80, 10);
    const auto h = t.connect(1);
    const auto g = t.table[1].accept(80);
    connection_table nic(t.by, [&](auto&, auto&) { return t.way[0]; }, {5, 6}, 10);
    t.table[0].use(h, t.r[0], [&](connection& c, actions& a) { c.send(t.now, text_of(30'000), a); });
    auto m = t.table[0].take_out(t.now, h);
    CHECK(t.table[0].size() == 0);
    CHECK(m.unsent.size() == 30'000);
    const ps shift = 77 * second;                              // the NIC's clock
    results r;
    const auto n = nic.put_in(t.now + shift, {us, them, 1, 80}, std::move(m), r);
    REQUIRE(n);
    CHECK(nic.next_deadline() > t.now + shift);
    CHECK(nic.next_deadline() < t.now + shift + 2 * second);
    for (unsigned round = 0; round < 50; ++round) {
        auto to_peer = std::move(round ? r.segments : t.r[0].segments);
        r.segments.clear(), t.r[0].segments.clear();
        for (auto& s : to_peer) t.table[1].on_segment(t.now, s.from, s.to, s.segment, t.r[1]);
        t.table[1].use(g, t.r[1], [&](connection& c, actions& a) { (void)c, (void)a; });
        for (auto& s : t.r[1].segments) nic.on_segment(t.now + shift, s.from, s.to, s.segment, r);
        t.r[1].segments.clear();
    }
    CHECK(t.table[1].find(g)->received().size() == 30'000);
    CHECK(t.hop[0]->cached().host_reachable_at >= t.now);
    moved_connection nothing;
    CHECK_FALSE(nic.put_in(t.now, {us, them, 2, 80}, nothing, r));
    CHECK(nic.size() == 1);
}

TEST_CASE("Parts of the state: what is written is read, any octet changed is refused or a state that holds, CONST must be the same") {
    bench b;
    b.by.rules.cached.type_of_service = 0x10;
    b.establish();
    b.send(3000);
    for (const auto p : {state::part::constant, state::part::cached, state::part::delegated}) {
        bytes o;
        b.c->set_time(b.now);
        b.c->save(p, o);
        CHECK(b.c->load(p, o.data(), o.size()));
        bytes again;
        b.c->save(p, again);
        CHECK(o == again);
        for (std::size_t n = 0; n < o.size(); ++n) CHECK_FALSE(b.c->load(p, o.data(), n));
        bytes longer = o;
        longer.push_back(0);
        CHECK_FALSE(b.c->load(p, longer.data(), longer.size()));
        if (p == state::part::constant)
            for (std::size_t k = 0; k < o.size(); ++k) {
                bytes other = o;
                other[k] ^= 1;
                CHECK_FALSE(b.c->load(p, other.data(), other.size()));
            }
    }
    bytes o;
    b.c->save(state::part::delegated, o);
    for (std::size_t k = o.size() - 10; k < o.size() - 2; ++k) o[k] = 0x7F;      // the last of the times
    CHECK_FALSE(b.c->load(state::part::delegated, o.data(), o.size()));
    path p({them, us}, {1400});
    p.set_identifications({40'000, 0});
    std::uint16_t id = 0;
    for (unsigned k = 0; k < 32'768; ++k) id = p.next_identification();
    CHECK(id == static_cast<std::uint16_t>(40'000 + 32'767));          // Cur_IPID = [Start + (Counter mod 32K)] mod 64K
    CHECK(p.next_identification() == 40'000);
    neighbor n;
    for (const auto part : {state::part::constant, state::part::cached, state::part::delegated}) {
        bytes o, q;
        p.save(part, o);
        CHECK(p.load(part, o.data(), o.size()));
        CHECK_FALSE(p.load(part, o.data(), o.size() - 1));
        n.save(part, q);
        CHECK(n.load(part, q.data(), q.size()));
        CHECK_FALSE(n.load(part, q.data(), q.size() - 1));
    }
}

TEST_CASE("Any octets as a segment: a clear outcome in every state") {
    random_stream dice(3, "table_test", "octets");
    for (unsigned round = 0; round < 3000; ++round) {
        bench b;
        if (round % 4) b.establish(static_cast<std::uint16_t>(dice.next()), static_cast<std::uint32_t>(dice.below(65536)));
        else b.c->open(b.now, b.out);
        b.send(dice.below(5000));
        if (round % 3 == 0) b.c->close(b.now, b.out);
        for (unsigned k = 0; k < 10; ++k) {
            bytes o(dice.below(120));
            for (auto& x : o) x = static_cast<std::uint8_t>(dice.next());
            if (dice.below(8) && o.size() >= 20) {             // near what is right, with a good checksum
                segment_fields f;
                f.source_port = 80;
                f.destination_port = 1111;
                f.sequence = theirs + static_cast<sequence>(dice.below(2000)) - 500;
                f.acknowledgement = ours + static_cast<sequence>(dice.below(6000)) - 500;
                f.flags = static_cast<std::uint8_t>(dice.next());
                f.window = static_cast<std::uint16_t>(dice.next());
                f.urgent = static_cast<std::uint16_t>(dice.next());
                const std::size_t options = 4 * dice.below(std::min<std::size_t>(o.size() / 4, 10) + 1);
                o = build_segment(f, packet::octets(o).first(options), packet::octets(o).from(options), them, us);
            }
            b.c->on_segment(b.now, segment_view::parse(o, them, us), b.out);
            b.take();
            if (dice.below(3) == 0) b.next_timer();
            CHECK(at_or_before(b.d().snd_una, b.d().snd_max));
            CHECK(b.c->received().size() + b.c->out_of_order().octets() <= 65535);
        }
    }
}
