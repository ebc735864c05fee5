// Cut-through: a frame passes into 21a while it still comes in, or is aborted.
#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

crypto_config cut(std::uint32_t octets, ps clock = period) {
    crypto_config c = usual();
    c.cut_through = octets;
    c.period = clock;
    return c;
}

void number(rig& r) {
    for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
}

// When the last octet of a frame around a plain datagram leaves the block.
ps delivered_at(std::uint32_t octets, std::size_t payload, ps clock) {
    fresh_kernel k;
    rig r(cut(octets, clock));
    r.frame_of(datagram(payload));
    r.run();
    REQUIRE(r.out.size() == 1);
    return r.out[0].last;
}

}  // namespace

TEST_CASE("cut-through saves the words that a frame is longer by, or the wire's time behind the first octets") {
    for (const ps clock : {30'000, 320'000, 400'000, 1'000'000})
        for (const std::size_t payload : {10, 18, 19, 100, 700, 1'400})
            for (const std::uint32_t octets : {64u, 256u, 1'000u}) {
                const std::uint32_t n = std::max<std::uint32_t>(64, static_cast<std::uint32_t>(14 + 20 + 8 + payload + 4));
                const clock_domain edges(clock);
                const auto seen = [&](std::uint32_t of) { return edges.index(edges.after(octet + octet * (of - 1), 2)); };
                const std::int64_t saved = n > octets ? std::min<std::int64_t>((n + 3) / 4, seen(n) - seen(octets)) : 0;
                INFO(clock << " ps, frame of " << n << ", behind " << octets);
                CHECK(delivered_at(0, payload, clock) - delivered_at(octets, payload, clock) == saved * clock);
            }
}

TEST_CASE("a frame that is bad behind its first octets is aborted and nothing in the block knows of it") {
    fresh_kernel k;
    books b;
    crypto_config c = cut(128);
    c.places = 1;
    rig r(c, &b);
    sender s;
    s.table.add(tunnel(0x1234));
    r.block.install(tunnel(0x1234));
    const bytes packet = s.send(datagram(600), {"sa"})[0];
    r.frame_of(packet, false);
    r.frame_of(packet);                   // its window has not moved
    r.frame_of(datagram(40), false);      // 86 octets: never offered
    r.frame_of(datagram(40));
    number(r);
    r.run();
    REQUIRE(r.out.size() == 2);
    CHECK(r.out[0].packet == datagram(600));
    CHECK(r.count("aborted") == 1);
    CHECK(r.count("visits_130") == 3);
    CHECK(r.count("frames") == 2);
    CHECK(r.count("replayed") == 0);
    CHECK(r.count("bad_icv") == 0);
    CHECK(r.count("step_200") == 2);
    CHECK(r.count("engine_visits") == 1);
    CHECK(b.ends.count(1) == 0);          // the MAC has counted it
}

TEST_CASE("a datagram that waits for the multiplexer passes where the last word of an aborted frame would") {
    for (const bool good : {true, false}) {
        fresh_kernel k;
        books b;
        crypto_config c = cut(64);
        c.transport_clocks = 300;
        loop r(c, &b);
        const auto pieces = r.from.send(datagram(560), {"sa"}, 576);
        REQUIRE(pieces.size() == 2);
        r.frame_of(pieces[0]);
        r.frame_of(pieces[1]);            // completes it; the next frame passes by then
        r.frame_of(datagram(1'400), good);
        number(r);
        r.run();
        ps last = octet;
        for (const auto& f : r.frames) last += octet * (static_cast<ps>(f.first->data.size()) + 20);
        last -= octet * 21;               // of the last frame
        const clock_domain edges(period);
        REQUIRE(b.stages["mux_122"].size() == 1);
        CHECK(b.stages["mux_122"][0] == edges.after(last, 3));
        CHECK(r.count("aborted") == (good ? 0 : 1));
        CHECK(r.count("waits_for_feedforward") == 1);
        CHECK(r.out.size() == (good ? 2 : 1));
    }
}

TEST_CASE("frames are aborted while the outlet stalls and their places are free for others") {
    fresh_kernel k;
    crypto_config c = cut(64);
    c.places = 4;
    rig r(c);
    r.room = false;
    for (int n = 0; n < 12; ++n) r.frame_of(datagram(300u + static_cast<unsigned>(n)), n % 3 != 1);
    r.run(2 * millisecond);
    CHECK(r.out.empty());
    // Offered one, in 22b one, in 21a four: the sixth good one is the ninth frame. Those behind it stay in 142, and the bad among them are withdrawn.
    CHECK(r.count("aborted") == 3);
    CHECK(r.count("lost_142") == 0);
    r.room = true;
    r.block.room_again();
    r.run(4 * millisecond);
    REQUIRE(r.out.size() == 8);
    for (unsigned n = 0, m = 0; n < 12; ++n)
        if (n % 3 != 1) CHECK(r.out[m++].packet == datagram(300u + n));
    CHECK(r.count("aborted") == 3);
}

TEST_CASE("a reset finds a frame once that passes while it comes in, and one that is aborted not at all") {
    fresh_kernel k;
    books b;
    rig r(cut(64), &b);
    r.frame_of(datagram(1'000));
    r.frame_of(datagram(1'000), false);
    r.frame_of(datagram(100));
    number(r);
    const ps first = octet * (1'046 / 2);
    r.timers.set(2, first);
    r.run(first + 1);
    CHECK(b.ends.at(1) == "block_reset");
    const ps judged = octet + octet * (1'046 - 1) + 21 * octet + octet * (1'046 - 1);
    r.run(judged + 1);
    CHECK(r.count("aborted") == 1);
    r.timers.set(2, judged + 2);
    r.run();
    CHECK(b.ends.count(2) == 0);
    REQUIRE(r.out.size() == 1);
    CHECK(r.out[0].packet == datagram(100));
}

TEST_CASE("a frame that the link cuts and one that overruns buffer 142 are aborted") {
    SECTION("cut, and its end is told late") {
        fresh_kernel k;
        rig r(cut(64));
        r.frame_of(datagram(1'000), false);
        r.frame_of(datagram(200));
        r.run(octet * 500);
        span octets;
        octets.append({octet, octet, 500});
        r.block.replan(octets);
        r.run();
        CHECK(r.count("aborted") == 1);
        REQUIRE(r.out.size() == 1);
    }
    SECTION("overrun by what waits for 22b") {
        fresh_kernel k;
        books b;
        crypto_config c = cut(64);
        c.bypass = true;
        rig r(c, &b);
        r.room = false;
        for (int n = 0; n < 5; ++n) r.frame_of(datagram(1'000));      // offered, in 22b, and three wait
        sender s;
        s.table.add(tunnel(0x1234));
        r.block.install(tunnel(0x1234));
        r.frame_of(s.send(datagram(1'000), {"sa"})[0]);
        number(r);
        r.run(2 * millisecond);
        CHECK(r.count("lost_142") == 1);
        CHECK(r.count("aborted") == 1);
        CHECK(b.ends.at(6) == "lost_142");
        r.room = true;
        r.block.room_again();
        r.run(4 * millisecond);
        CHECK(r.out.size() == 5);
        CHECK(r.block.level_142(sim::now()) == 0);
    }
}

TEST_CASE("what does not go with cut-through is refused by name") {
    const auto refused = [](auto change) {
        crypto_config c = cut(64);
        change(c);
        const auto found = check(c);
        return found.size() == 1 && found[0].parameter == "cut_through" ? found[0].message : "";
    };
    CHECK(refused([](auto&) {}) == "");
    CHECK(refused([](auto& c) { c.cut_through = 63; }).find("64 B at least") != std::string::npos);
    CHECK(refused([](auto& c) { c.buffer_142 = 0; }).find("buffer_142") != std::string::npos);
    CHECK(refused([](auto& c) { c.chips = 2; }).find("chips") != std::string::npos);
    CHECK(refused([](auto& c) { c.feedback_input = feedback_input::separate_150; }).find("feedback_input") != std::string::npos);
    CHECK(refused([](auto& c) { c.engines_shared = true; }).find("engines_shared") != std::string::npos);
}
