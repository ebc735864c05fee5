// What source document 004 leaves open on the receive side, each choice against the others on the same frames: the priority of the
// multiplexer, a separate input 150, hold-off in the place of either buffer.
#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

// A block that is slower than the wire, so that frames wait in buffer 142.
crypto_config slow() {
    crypto_config c = usual();
    c.period = 400'000;
    c.buffer_142 = 65'536;
    c.buffer_140 = 1;
    return c;
}

struct loop : rig {
    explicit loop(const crypto_config& c, sim::packet_observer* o = nullptr) : rig(c, o) {
        from.table.add(tunnel(0x1234));
        block.install(tunnel(0x1234));
    }
    // Datagrams in two pieces each, whose first pieces come before all last ones: each last piece completes one.
    void interleaved(unsigned datagrams) {
        std::vector<bytes> last;
        for (unsigned n = 0; n < datagrams; ++n) {
            const auto pieces = from.send(datagram(560 + n), {"sa"}, 576);
            REQUIRE(pieces.size() == 2);
            frame_of(pieces[0]);
            last.push_back(pieces[1]);
        }
        for (const bytes& p : last) frame_of(p);
    }
    level& standing() const {
        for (const sim::bound_metric& m : sim::session::current().metrics())
            if (m.path == "crypto.locked_up") return *m.as_level;
        throw std::logic_error("no metric");
    }
    bool locked_up() const { return standing().value() == 1; }

    sender from;
};

constexpr unsigned all = 8;

// What comes out, and whether the loop stood still in the end.
std::pair<std::size_t, bool> outcome(crypto_config c) {
    fresh_kernel k;
    loop r(c);
    r.interleaved(all);
    r.run(50 * millisecond);
    for (std::size_t n = 0; n < r.out.size(); ++n) CHECK(r.out[n].packet == datagram(560 + n));
    return {r.out.size(), r.locked_up()};
}

crypto_config with(multiplexer_priority p, bool bubble = false) {
    crypto_config c = slow();
    c.priority = p;
    c.bubble_rule = bubble;
    return c;
}

const std::pair<std::size_t, bool> good{all, false};

}  // namespace

TEST_CASE("feedback first brings every datagram where the other priorities lock up and the bubble rule mends them") {
    CHECK(outcome(with(multiplexer_priority::feedback_first)) == good);
    for (const auto p : {multiplexer_priority::feedforward_first, multiplexer_priority::alternate}) {
        INFO(static_cast<int>(p));
        const auto [came, locked_up] = outcome(with(p));
        CHECK(came < all);
        CHECK(locked_up);
        CHECK(outcome(with(p, true)) == good);
    }
}

TEST_CASE("a loop that has locked up is told from the edge on and a reset ends it") {
    fresh_kernel k;
    loop r(with(multiplexer_priority::feedforward_first));
    r.interleaved(all);
    r.timers.set(2, 10 * millisecond);
    r.run(10 * millisecond - 1);
    CHECK(r.locked_up());
    const ps stood = static_cast<ps>(r.standing().integral(10 * millisecond));
    CHECK(stood > 5 * millisecond);
    r.run(20 * millisecond);
    CHECK(!r.locked_up());
    CHECK(static_cast<ps>(r.standing().integral(20 * millisecond)) == stood);
    const std::size_t before = r.out.size();
    r.next_ = r.frames.size();
    r.frame_of(r.from.send(datagram(300), {"sa"})[0]);
    r.timers.set(0, sim::now() + octet);
    r.run(30 * millisecond);
    CHECK(r.out.size() == before + 1);
}

TEST_CASE("through input 150 a datagram passes beside what comes forward and waits for nobody's last word") {
    ps through[2];
    for (const auto input : {feedback_input::mux_120, feedback_input::separate_150}) {
        fresh_kernel k;
        crypto_config c = slow();
        c.places = 16;
        c.buffer_140 = 8;
        c.feedback_input = input;
        books b;
        loop r(c, &b);
        r.interleaved(all);
        for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
        r.run(50 * millisecond);
        REQUIRE(r.out.size() == all);
        through[static_cast<unsigned>(input)] = r.out.back().last;
        CHECK((r.count("waits_for_feedforward") > 0) == (input == feedback_input::mux_120));
        CHECK(!r.locked_up());
    }
    CHECK(through[1] < through[0]);              // input 124 is the bottleneck that what goes back shares, or not
}

TEST_CASE("without buffer 140 a datagram goes back from 22b itself, which takes nothing until its last word has left") {
    crypto_config c = slow();
    c.buffer_140 = 0;
    CHECK(outcome(c).second);                    // even with feedback first: nothing gives 22b free
    c.bubble_rule = true;
    CHECK(outcome(c) == good);
    c.feedback_input = feedback_input::separate_150;
    CHECK(outcome(c) == good);
    c.places = 1;
    REQUIRE(check(c).size() == 1);
    CHECK(check(c)[0].parameter == "bubble_rule");
    c.buffer_140 = 1;
    CHECK(check(c).empty());
}

TEST_CASE("without buffer 142 a frame that comes while 16b holds off is lost whole") {
    fresh_kernel k;
    crypto_config c = usual();
    c.buffer_142 = 0;
    books b;
    loop r(c, &b);
    for (int n = 0; n < 4; ++n) r.frame_of(datagram(1'000));       // the block is faster than the wire
    for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
    r.run(millisecond);
    CHECK(r.out.size() == 4);
    CHECK(r.count("lost_142") == 0);
    r.room = false;
    r.next_ = 4;
    for (int n = 0; n < 8; ++n) r.frame_of(datagram(1'000));
    for (std::size_t n = 4; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
    r.timers.set(0, sim::now() + octet);
    r.run(5 * millisecond);
    // One is offered, one waits in 22b, two are in 21a, one is held by 16b.
    CHECK(r.count("lost_142") == 8 - 5);
    for (trace_id id = 10; id <= 12; ++id) CHECK(b.ends.at(id) == "lost_142");
    r.room = true;
    r.block.room_again();
    r.run(10 * millisecond);
    CHECK(r.out.size() == 4 + 5);
}

TEST_CASE("a buffer 142 that holds no whole frame is refused and none is a choice") {
    crypto_config c = usual();
    c.buffer_142 = 1'535;
    REQUIRE(check(c).size() == 1);
    CHECK(check(c)[0].parameter == "buffer_142");
    c.buffer_142 = 1'536;
    CHECK(check(c).empty());
    c.buffer_142 = 0;
    CHECK(check(c).empty());
}
