// Return over the transmit path 152 (source document 004, 27 and 28): both sides of the block, and what is to be sent beside it. What was
// received comes back to 22b, decrypted, and never reaches 16a in any form.
#include "nicteam/bounds/feedback_loop.h"
#include "nicteam/offload/transmit_block.h"
#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

constexpr unsigned all = 8;

struct both : loop, transmit_block_user {
    explicit both(const crypto_config& c, books* b = nullptr) : loop(c, b), sends("crypto_transmit", c, &block, *this), work("work", *this) {
        sim::session::current().settle_order();
    }
    void left_fifo(ps) override {}
    ps room(std::uint32_t, ps edge) const override { return paused ? never : edge; }
    void comes(const ref<nicteam::frame>& f, std::uint32_t, const span&, ps) override { to_16a.push_back(f->data); }

    // Frames of the host's, without protection, one each `every`.
    struct host : sim::agenda_user {
        explicit host(both& b) : rig(b) {}
        void due(unsigned, ps at) override { rig.from_host(at); }
        both& rig;
    };
    void from_host(ps at) {
        const ref<nicteam::frame> f = nicteam::frame::make();
        packet::append_ethernet(f->data, {2, 0, 0, 0, 0, 2}, {2, 0, 0, 0, 0, 1}, packet::ether_type::ipv4);
        f->data.resize(1'000, static_cast<std::uint8_t>(0xC0 + sent.size()));
        ipsec::outcome why = ipsec::outcome::done;
        REQUIRE(sends.add(f, 1'000, {}, why) == transmit_refusal::none);
        sent.push_back(f->data);
        if (sent.size() < to_send) work.timers.set(0, at + every);
    }
    void send(unsigned frames, ps spaced) {
        to_send = frames;
        every = spaced;
        work.timers.set(0, octet);
    }
    std::uint64_t sends_count(const std::string& name) const {
        for (const sim::bound_metric& m : sim::session::current().metrics())
            if (m.path == "crypto_transmit." + name && m.as_counter) return m.as_counter->value();
        FAIL("no metric " + name);
        return 0;
    }
    // Of all that came to 16a: what the host sent, in order, and nothing else.
    void only_the_host_s() const {
        REQUIRE(to_16a.size() <= sent.size());
        for (std::size_t n = 0; n < to_16a.size(); ++n) CHECK(bytes(to_16a[n].begin(), to_16a[n].begin() + 1'000) == sent[n]);
    }
    void all_come_back() const {
        REQUIRE(out.size() == all);
        for (std::size_t n = 0; n < all; ++n) CHECK(out[n].packet == datagram(560 + n));
    }

    struct timer {
        timer(const char* name, both& b) : of(b), timers(name, of, 1) {}
        host of;
        sim::agenda timers;
    };
    bool paused = false;
    std::vector<bytes> sent, to_16a;
    unsigned to_send = 0;
    ps every = 0;
    transmit_block sends;
    timer work;
};

crypto_config over(feedback_input f) {
    crypto_config c = slow();
    c.feedback_input = f;
    c.bubble_rule = true;
    c.buffer_140 = 2;
    return c;
}

}  // namespace

TEST_CASE("what goes back over path 152 is decrypted, comes back to 22b and never reaches 16a") {
    for (const auto f : {feedback_input::transmit_152_tag, feedback_input::transmit_152_control})
        for (const bool engines_shared : {false, true}) {
            INFO(static_cast<int>(f) << (engines_shared ? " shared engines" : ""));
            fresh_kernel k;
            crypto_config c = over(f);
            c.engines_shared = engines_shared;
            both r(c);
            r.interleaved(all);
            r.send(20, 100 * microsecond);
            r.run(50 * millisecond);
            r.all_come_back();
            CHECK(r.out[0].way == "200 206 210 214 216 218 202 204");
            CHECK(r.count("visits_152") == all);
            CHECK(r.count("visits_122") == 0);
            CHECK(r.to_16a.size() == 20);
            r.only_the_host_s();
            CHECK(r.sends_count("received_clocks") > 0);
            CHECK(r.sends_count("waits_for_received") > 0);          // each is in the other's way
            CHECK(r.sends_count("waits_for_transmit") > 0);
            CHECK(!r.locked_up());
        }
}

// A datagram of n octets alone: W(n) words of path 152, one more with a tag, then its look-up.
TEST_CASE("a tag is one word more on path 152 and a control signal none") {
    for (const auto f : {feedback_input::transmit_152_tag, feedback_input::transmit_152_control}) {
        fresh_kernel k;
        crypto_config c = over(f);
        books b;
        both r(c, &b);
        for (const bytes& piece : r.from.send(datagram(700), {"sa"}, 576)) r.frame_of(piece);
        for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
        r.run(10 * millisecond);
        REQUIRE(r.out.size() == 1);
        const std::size_t whole = packet::ethernet_header + r.from.send(datagram(700), {"sa"}, 60'000)[0].size() + packet::fcs_octets;
        const std::size_t words = (whole + 3) / 4 + (f == feedback_input::transmit_152_tag);
        REQUIRE(b.stages["path_152"].size() == 1);
        REQUIRE(b.stages["engines_start"].size() == 1);
        CHECK(b.stages["engines_start"][0] - b.stages["path_152"][0] == static_cast<ps>(words + c.lookup_clocks) * c.period);
        CHECK(b.stages["path_152"][0] == b.stages["fed_back"][0] + c.period);
    }
}

TEST_CASE("while a peer's PAUSE stops 16a what goes back waits behind what is to be sent and frames are lost in front") {
    fresh_kernel k;
    crypto_config c = over(feedback_input::transmit_152_tag);
    c.buffer_142 = 2'048;
    both r(c);
    r.paused = true;
    r.interleaved(all);
    for (unsigned n = 0; n < 3; ++n) r.frame_of(datagram(1'000));
    r.send(3, 10 * microsecond);                     // two places of 21a, and one waits in 22a
    r.run(20 * millisecond);
    CHECK(r.out.empty());
    CHECK(r.to_16a.empty());
    CHECK(r.count("lost_142") > 0);
    CHECK(r.count("fed_back") == 2);
    CHECK(!r.locked_up());                           // 16a will go on
    r.paused = false;
    r.sends.room_again();
    r.run(40 * millisecond);
    CHECK(r.to_16a.size() == 3);
    CHECK(r.count("fed_back") > 2);
    CHECK(r.count("delivered_clear") == r.count("fed_back"));
    r.only_the_host_s();
}

TEST_CASE("over path 152 the loop locks up under hold-off unless the bubble rule counts what goes round") {
    for (const auto p : {multiplexer_priority::feedback_first, multiplexer_priority::feedforward_first, multiplexer_priority::alternate})
        for (const unsigned places_140 : {0u, 1u, 2u})
            for (const bool bubble : {true, false}) {
                INFO(static_cast<int>(p) << ", " << places_140 << " in 140" << (bubble ? ", bubble rule" : ""));
                fresh_kernel k;
                crypto_config c = over(feedback_input::transmit_152_tag);
                c.engines = {"3des-cascade", "sha1", "aes-128-round"};
                c.priority = p;
                c.buffer_140 = places_140;
                c.places = 1;
                c.bubble_rule = bubble;
                c.lookup_clocks = 2'000;             // what goes round takes longer than what comes
                both r(c);
                r.interleaved(all);
                r.run(90 * millisecond);
                r.only_the_host_s();
                CHECK(r.locked_up() == bounds::may_lock_up(false, bubble, p == multiplexer_priority::feedback_first, places_140, true));
                if (bubble) r.all_come_back();
                else CHECK(r.out.size() < all);
            }
}

TEST_CASE("a reset of the receive side takes what is on path 152 with it and leaves what is to be sent") {
    fresh_kernel k;
    books b;
    both r(over(feedback_input::transmit_152_control), &b);
    r.interleaved(all);
    for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
    r.send(40, 60 * microsecond);
    r.timers.set(2, 1'300'001'000);
    r.run(40 * millisecond);
    CHECK(r.out.size() < all);
    CHECK(r.to_16a.size() == 40);
    r.only_the_host_s();
    CHECK(!r.locked_up());
    std::size_t reset = 0;
    for (const auto& [id, how] : b.ends) reset += how == "block_reset";
    CHECK(reset > 0);
    // And the loop goes on: another datagram goes round.
    const std::size_t before = r.out.size();
    r.next_ = r.frames.size();
    for (const bytes& piece : r.from.send(datagram(700), {"sa"}, 576)) r.frame_of(piece);
    r.timers.set(0, sim::now() + octet);
    r.run(60 * millisecond);
    CHECK(r.out.size() == before + 1);
}

TEST_CASE("an association is refused that no engine of the transmit side could take off over path 152") {
    fresh_kernel k;
    crypto_config c = over(feedback_input::transmit_152_tag);
    c.transmit_engines = {"3des-cascade", "sha1"};
    rig r(c);
    CHECK(r.block.install(tunnel(0x99)) != "");
}
