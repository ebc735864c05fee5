// The joint of a late source by itself: buffer 142 in front, IPsec logic 21a behind.
#include "unit/offload/block_rig.h"

#include "nicteam/offload/ipsec_logic_21a.h"
#include "nicteam/offload/receive_buffer_142.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

const clock_domain edges(period);

struct deaf : stream_sink {
    void offers_changed(ps) override {}
    void replans(const item&) override {}
    void aborts(const item&, ps passes) override { aborted = passes; }
    ps aborted = never;
};

// A frame of 200 octets that comes in from 80 ns on, offered behind 64 of them.
struct front {
    front() {
        in.connect(sink);
        octets.append({octet, octet, 200});
        item_ref p(new item);
        p->octets = 200;
        in.begin(std::move(p), octets, 0);
    }
    ps of(unsigned n) const { return octets.when(n - 1); }
    stream_source& out() { return in.output_130(); }

    deaf sink;
    span octets;
    receive_buffer_142 in{{edges, 4, 4'096, 2, false, 0, {}, {}, 64}, [](item&, ps) {}};
};

// Offers what it is given, one after the other.
struct given : stream_source {
    ps offered() const override { return at < all.size() ? since : never; }
    item_ref take(ps t) override {
        item_ref p(new item);
        p->octets = 4;
        if (all[at] == stalled) {
            p->words.append({edges.after(t), 0, 1});
            p->words.append({stalled, 0, 1});
        } else {
            plan_words(p->words, edges, t, all[at], 4);
        }
        ++at;
        since = t;
        return taken = p;
    }
    std::vector<ps> all;          // octets, or stalled: late
    std::size_t at = 0;
    ps since = 0;
    item_ref taken;
};

void drive(timed& what, ps until) {
    while (what.next() <= until) what.advance(what.next());
}

}  // namespace

TEST_CASE("a frame is offered from the edge that sees its first octets on, and its words wait for theirs") {
    front f;
    const ps seen = edges.after(f.of(64), 2);
    CHECK_FALSE(f.out().ready(seen));
    REQUIRE(f.out().ready(seen + period));
    const item_ref p = f.out().take(seen + period);
    CHECK(p->words.first() == seen + 2 * period);
    CHECK(p->words.last() == stalled);
    CHECK(f.out().offered() == never);
    f.in.end(true, f.of(200));
    REQUIRE(p->words.units() == 50);
    CHECK(p->words.last() == edges.after(f.of(200), 3));
    for (unsigned k = 0; k < 49; ++k) CHECK(p->words.when(k) == std::max(seen + period * (2 + k), edges.after(f.of(4 * k + 4), 3)));
    CHECK(f.in.level(p->words.last() - 1) == 200);
    drive(f.in, p->words.last());
    CHECK(f.in.level(p->words.last()) == 0);
}

TEST_CASE("a bad frame that nobody has taken is offered to the edge that sees its end and no longer") {
    for (const bool taken : {true, false}) {
        front f;
        const ps end = f.of(200), seen = edges.after(end, 2);
        f.in.end(false, end);
        CHECK(f.in.level(end) == 0);
        if (taken) {
            REQUIRE(f.out().ready(seen));
            const item_ref p = f.out().take(seen);
            CHECK(p->bad);
            CHECK(p->words.last() == seen + period);
            CHECK(p->words.units() == 1);
        } else {
            CHECK_FALSE(f.out().ready(seen + period));
            CHECK(f.out().offered() == never);
        }
        drive(f.in, seen + period);
        CHECK(f.in.next() == never);
    }
}

TEST_CASE("one that is bad before its first octets have been seen is never offered") {
    front f;
    span cut;
    cut.append({octet, octet, 65});
    f.in.replan(cut, f.of(65));
    f.in.end(false, f.of(64));
    CHECK(f.out().offered() == never);
    CHECK(f.in.next() == never);
}

TEST_CASE("places that come free at one edge, by a last word and by an abort, are seen at the next") {
    given from;
    from.all = {4, stalled, 4, 4, 4};
    deaf to;
    ipsec_logic_21a logic({edges, 4, 2, {}, {}, nullptr}, [](item&, ps) { return security_work{}; });
    logic.connect(from, to);
    logic.offers_changed(0);
    drive(logic, 4 * period);                        // taken at 1, its word at 2; the late one at 2
    CHECK(logic.held() == 2);
    CHECK(logic.undecided());
    const ps leaves = 6 * period, last = logic.take(leaves)->words.last();
    from.taken->bad = true;
    logic.aborts(*from.taken, last);
    CHECK(logic.undecided());
    drive(logic, last);
    CHECK(logic.held() == 0);
    CHECK_FALSE(logic.undecided());
    CHECK(logic.free(last) == 0);
    CHECK(logic.free(last + period) == 2);
    CHECK(from.at == 2);
    drive(logic, last + period);
    CHECK(from.at == 3);
}

TEST_CASE("who comes for a bad frame too late takes the next one in time") {
    front f;
    deaf to;
    ipsec_logic_21a logic({edges, 4, 1, {}, {}, nullptr}, [](item&, ps) { return security_work{}; });
    given first;
    first.all = {4};
    // The only place is free again at the edge behind which the bad frame is no longer offered.
    struct both : stream_source {
        both(stream_source& x, stream_source& y) : a(x), b(y) {}
        ps offered() const override { return std::min(a.offered(), b.offered()); }
        bool ready(ps at) const override { return a.ready(at) || b.ready(at); }
        item_ref take(ps at) override { return a.ready(at) ? a.take(at) : b.take(at); }
        stream_source &a, &b;
    } sources(first, f.out());
    f.in.connect(logic);
    logic.connect(sources, to);
    logic.offers_changed(0);
    const ps end = f.of(200), seen = edges.after(end, 2), gone = seen + period;
    drive(logic, end);
    f.in.end(false, end);
    item_ref next(new item);
    next->octets = 300;
    span octets;
    octets.append({end + 12 * octet, octet, 300});
    f.in.begin(next, octets, end + 1);
    logic.take(seen - period);                       // its word has left at `seen`
    drive(logic, gone);                              // before buffer 142 at this edge
    drive(f.in, gone);
    CHECK(next->words.empty());
    drive(logic, end + 12 * octet + 100 * octet);
    REQUIRE_FALSE(next->words.empty());
    CHECK(next->words.first() == edges.after(octets.when(63), 2) + 2 * period);
}

TEST_CASE("a loop that an aborted frame would set free is not said to have locked up") {
    for (const bool good : {true, false}) {
        fresh_kernel k;
        crypto_config c = usual();
        c.cut_through = 64;
        c.places = 1;
        c.buffer_140 = 1;
        c.priority = multiplexer_priority::feedforward_first;
        loop r(c);
        std::vector<bytes> pieces[2];
        for (auto& p : pieces) p = r.from.send(datagram(2'500), {"sa"}, 1'400);
        REQUIRE(pieces[0].size() == 2);
        ps at = octet;
        for (const unsigned piece : {0u, 1u})
            for (auto& p : pieces) r.frame_of(p[piece]), at += octet * (static_cast<ps>(r.frames.back().first->data.size()) + 20);
        r.frame_of(datagram(1'400), good);
        r.run(at + 1'000 * octet);                   // it passes, and one of the two datagrams waits in 140, the other in 22b
        CHECK(r.count("fed_back") == 1);
        CHECK(r.count("visits_122") == 0);
        CHECK_FALSE(r.locked_up());
        r.run();
        CHECK(r.locked_up() == good);
        CHECK(r.out.size() == (good ? 0 : 2));
    }
}
