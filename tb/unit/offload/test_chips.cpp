// 21a on a chip of its own: how long a joint between two chips takes, what crosses and what does not.
#include "nicteam/bounds/feedback_loop.h"
#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

crypto_config on(unsigned chips) {
    crypto_config c = usual();
    c.chips = chips;
    c.link_word = 2;
    c.link_latency = 5;
    c.crossing = 3;
    return c;
}

// From one stage of a datagram's way to another, alone.
ps between(const crypto_config& c, const char* from, const char* to) {
    fresh_kernel k;
    books b;
    loop r(c, &b);
    r.frame_of(r.from.send(datagram(700), {"sa"})[0]);
    const_cast<frame&>(*r.frames[0].first).id = 1;
    r.run(5 * millisecond);
    REQUIRE(r.out.size() == 1);
    CHECK(r.out[0].packet == datagram(700));
    return b.stages.at(to).at(0) - b.stages.at(from).at(0);
}

}  // namespace

TEST_CASE("a packet takes the closed form of its lanes between two chips") {
    sender from;
    from.table.add(tunnel(0x1234));
    const auto protected_octets = static_cast<std::int64_t>(packet::ethernet_header + from.send(datagram(700), {"sa"})[0].size() + packet::fcs_octets);
    const auto clear_octets = static_cast<std::int64_t>(packet::ethernet_header + datagram(700).size() + packet::fcs_octets);
    for (const unsigned word : {1u, 2u, 8u})
        for (const unsigned latency : {0u, 5u}) {
            crypto_config c = on(2);
            c.link_word = word;
            c.link_latency = latency;
            CHECK(between(c, "mux_130", "engines_start") == bounds::over_link(protected_octets, word, latency, c.crossing, c.period) + static_cast<ps>(c.lookup_clocks) * c.period);
            // Behind the engines: 22b takes at the next edge, and works behind the last word.
            CHECK(between(c, "engines_done", "delivered_22b") ==
                  c.period + bounds::over_link(clear_octets, word, latency, c.crossing, c.period) + static_cast<ps>(c.transport_clocks) * c.period);
        }
    // A clock of its own: no shorter, and at most a clock of each longer.
    crypto_config c = on(2);
    c.link_period = 70'001;
    const std::int64_t words = (protected_octets + 1) / 2;
    const ps lookup = static_cast<ps>(c.lookup_clocks) * c.period, least = (words + c.link_latency - 1) * c.link_period + (c.crossing - 1) * c.period;
    const ps took = between(c, "mux_130", "engines_start") - lookup;
    CHECK(took > least);
    CHECK(took <= least + c.link_period + c.period);
}

TEST_CASE("words over a lane are counted and within one chip there are none") {
    for (const unsigned chips : {1u, 2u, 3u}) {
        fresh_kernel k;
        crypto_config c = on(chips);
        c.bypass = true;
        loop r(c);
        for (const bytes& piece : r.from.send(datagram(700), {"sa"}, 576)) r.frame_of(piece);
        r.frame_of(datagram(100));
        r.run(5 * millisecond);
        CHECK(r.out.size() == 2);
        CHECK((r.count("link_to_21a") > 0) == (chips > 1));
        CHECK((r.count("link_from_21a") > 0) == (chips > 1));
        CHECK((r.count("link_past_21a") > 0) == (chips > 2));
        if (chips == 1) continue;
        std::uint64_t words = 0;
        for (std::size_t n = 0; n < 2; ++n) words += (r.frames[n].first->data.size() + 1) / 2;
        const std::size_t whole = packet::ethernet_header + r.from.send(datagram(700), {"sa"}, 60'000)[0].size() + packet::fcs_octets;
        CHECK(r.count("link_to_21a") == words + (whole + 1) / 2);        // piece by piece, and once more as a whole
    }
}

TEST_CASE("an early start of 16a is refused where words come from another chip") {
    crypto_config c = on(2);
    CHECK(check(c).empty());
    c.frame_start = frame_start::early;
    REQUIRE(check(c).size() == 1);
    CHECK(check(c)[0].parameter == "frame_start");
    c.chips = 1;
    CHECK(check(c).empty());
}
