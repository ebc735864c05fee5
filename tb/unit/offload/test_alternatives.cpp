// What source document 004 leaves open on the receive side, each choice against the others on the same frames: the priority of the
// multiplexer, a separate input 150, hold-off in the place of either buffer.
#include "nicteam/offload/association_cache.h"
#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

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

TEST_CASE("buffer 142 tells by present plans when an octet makes it hold so many") {
    fresh_kernel k;
    crypto_config c = usual();
    c.buffer_142 = 8'192;
    loop r(c);
    r.room = false;                                // one is offered, one waits in 22b, two are in 21a: these four leave 142
    for (unsigned n = 0; n < 6; ++n) r.frame_of(datagram(1'000));
    r.run(2 * octet);
    const auto whole = static_cast<std::uint32_t>(r.frames[0].first->data.size());
    CHECK(r.block.reaches_142(100) == 100 * octet);
    CHECK(r.block.reaches_142(whole + 1) == never);
    r.run(10 * millisecond);
    CHECK(r.block.level_142(sim::now()) == 2 * whole);
    CHECK(r.block.reaches_142(2 * whole) <= sim::now());
    CHECK(r.block.reaches_142(2 * whole + 1) == never);
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

TEST_CASE("what needs no IPsec goes past 21a and waits for no engine") {
    ps at[2];
    for (const bool bypass : {false, true}) {
        fresh_kernel k;
        crypto_config c = slow();
        c.bypass = bypass;
        books b;
        loop r(c, &b);
        r.frame_of(r.from.send(datagram(1'200), {"sa"})[0]);
        r.frame_of(datagram(100));
        r.run(50 * millisecond);
        REQUIRE(r.out.size() == 2);
        CHECK(r.out[bypass ? 0 : 1].packet == datagram(100));
        CHECK(r.out[bypass ? 0 : 1].record.verdict == verdict::plain);
        CHECK(r.out[bypass ? 0 : 1].record.flags == (checksums_checked | checksums_good));
        CHECK(r.out[bypass ? 1 : 0].packet == datagram(1'200));
        CHECK(r.count("past_21a") == bypass);
        CHECK(r.count("visits_130") == (bypass ? 1u : 2u));
        at[bypass] = r.out[bypass ? 0 : 1].last;
    }
    CHECK(at[1] < at[0]);
}

TEST_CASE("fragments go through 21a even where whole plain packets go past it") {
    fresh_kernel k;
    crypto_config c = usual();
    c.bypass = true;
    loop r(c);
    ipsec::association_parameters p = tunnel(0x4501, "in_udp");
    p.udp = ipsec::udp_ports{};
    r.from.table.add(p);
    REQUIRE(r.block.install(p) == "");
    // Of ESP in UDP only the first fragment shows what it is: the whole is asked anew and fed back.
    for (const bytes& f : r.from.send(datagram(1'300), {"in_udp"}, 576)) r.frame_of(f);
    std::vector<bytes> plain;
    const bytes whole = datagram(900);
    bytes may_be_cut = whole;
    may_be_cut[6] = 0;
    packet::finish_ip(may_be_cut);
    packet::fragment({may_be_cut.data(), may_be_cut.size()}, 576, 77, plain);
    REQUIRE(plain.size() == 2);
    for (const bytes& f : plain) r.frame_of(f);
    r.frame_of(r.from.send(datagram(200), {"in_udp"})[0]);          // shows its port: for 21a
    r.run();
    REQUIRE(r.out.size() == 3);
    CHECK(r.count("past_21a") == 0);
    CHECK(r.count("visits_130") == 3 + 2 + 1);
    CHECK(r.count("fed_back") == 1);
    CHECK(r.out[0].packet == datagram(1'300));
}

TEST_CASE("with room kept for them only frames that need IPsec are lost") {
    for (const bool kept : {false, true}) {
        fresh_kernel k;
        crypto_config c = slow();
        c.buffer_142 = 8'192;
        c.bypass = true;
        c.bypass_room = kept ? 4'096 : 0;
        books b;
        loop r(c, &b);
        for (int n = 0; n < 40; ++n) {
            r.frame_of(r.from.send(datagram(1'000), {"sa"})[0]);
            r.frame_of(datagram(200));
        }
        for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
        r.run(50 * millisecond);
        CHECK(r.count("lost_142") > 10);
        CHECK((r.count("lost_plain") == 0) == kept);
        CHECK(r.count("past_21a") == 40 - r.count("lost_plain"));
        unsigned plain_lost = 0;
        for (const auto& [id, how] : b.ends) plain_lost += how == "lost_142" && id % 2 == 0;
        CHECK(plain_lost == r.count("lost_plain"));
    }
}

TEST_CASE("a cache of associations costs a fetch for each that is not at hand, by its sets and what goes from them") {
    const auto misses = [](unsigned entries, unsigned ways, cache_replacement replacement, const std::vector<unsigned>& order) {
        fresh_kernel k;
        crypto_config c = usual();
        c.cache_entries = entries;
        c.cache_ways = ways;
        c.cache_replacement = replacement;
        c.cache_miss_clocks = 100;
        books b;
        rig r(c, &b);
        sender s;
        for (unsigned n = 0; n < 4; ++n) {
            const std::string name = "sa" + std::to_string(n);
            s.table.add(tunnel(0x1000 + n, name.c_str()));
            REQUIRE(r.block.install(tunnel(0x1000 + n, name.c_str())) == "");
        }
        for (const unsigned n : order) r.frame_of(s.send(datagram(200), {"sa" + std::to_string(n)})[0]);
        for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
        r.run();
        CHECK(r.out.size() == order.size());
        CHECK(r.count("cache_hits") + r.count("cache_misses") == (entries ? order.size() : 0));
        // From the take to the engines: the words, the look-up, and the fetch.
        unsigned fetched = 0;
        const ps at_hand = period * (1 + (14 + 20 + 8 + 16 + 240 + 12 + 4 + 3) / 4 + 8 - 1);
        for (std::size_t n = 0; n < order.size(); ++n) {
            const ps spent = b.stages["engines_start"][n] - b.stages["mux_130"][n] - at_hand;
            CHECK((spent >= 0 && spent <= 100 * period));
            fetched += spent > 99 * period;
        }
        CHECK(fetched == r.count("cache_misses"));
        return std::pair(r.count("cache_misses"), r.count("cache_evictions"));
    };
    using result = std::pair<std::uint64_t, std::uint64_t>;
    const auto lru = cache_replacement::least_recently_used, fifo = cache_replacement::first_in_first_out;
    CHECK(misses(0, 1, lru, {0, 1, 2, 3}) == result{0, 0});
    CHECK(misses(4, 4, lru, {0, 1, 2, 3, 0, 1, 2, 3}) == result{4, 0});
    CHECK(misses(2, 2, lru, {0, 1, 0, 2, 0}) == result{3, 1});           // 1 goes for 2
    CHECK(misses(2, 2, fifo, {0, 1, 0, 2, 0}) == result{4, 2});          // 0 came first
    CHECK(misses(2, 1, lru, {0, 2, 0, 2, 1, 1}) == result{5, 3});        // 0 and 2 share a set of one
    CHECK(misses(2, 2, cache_replacement::most_packets, {0, 1, 0, 2, 0, 2, 1}) == result{4, 0});       // 2 has not come often enough
}

TEST_CASE("what has no place in the cache goes to the host as it came, and its association knows nothing of it") {
    fresh_kernel k;
    crypto_config c = usual();
    c.cache_entries = c.cache_ways = 1;
    c.cache_miss = cache_miss::to_host;
    rig r(c);
    sender s;
    for (const char* name : {"sa0", "sa1"}) {
        s.table.add(tunnel(0x1000 + (name[2] - '0'), name));
        REQUIRE(r.block.install(tunnel(0x1000 + (name[2] - '0'), name)) == "");
    }
    std::vector<bytes> sent;
    for (const char* name : {"sa0", "sa0", "sa1", "sa1", "sa0"}) r.frame_of(sent.emplace_back(s.send(datagram(200), {name})[0]));
    r.frame_of(sent.emplace_back(datagram(200)));
    r.run();
    REQUIRE(r.out.size() == 6);
    for (const unsigned n : {0u, 2u, 4u, 5u}) {
        CHECK(r.out[n].packet == sent[n]);
        CHECK(r.out[n].record.verdict == verdict::plain);
    }
    for (const unsigned n : {1u, 3u}) {
        CHECK(r.out[n].packet == datagram(200));
        CHECK(r.out[n].record.verdict == verdict::verified);
    }
    CHECK(r.count("cache_hits") == 2);
    CHECK(r.count("cache_misses") == 3);
    CHECK(r.count("cache_evictions") == 2);
    CHECK(r.count("associations_taken_off") == 2);
}

TEST_CASE("a place in the cache is for who has the most packets, with a hysteresis and a decay") {
    using answer = association_cache::result;
    const auto run = [](replacement_options o, const std::vector<unsigned>& order) {
        association_cache c(2, 2, make_replacement(cache_replacement::most_packets, o));
        std::vector<answer> all;
        for (const unsigned n : order) all.push_back(c.look_up({n, 1}));
        return all;
    };
    const std::vector<unsigned> order{0, 0, 1, 2, 2, 2, 2, 1};
    using all = std::vector<answer>;
    const auto h = answer::hit, m = answer::miss, e = answer::evicted;
    CHECK(run({0, 0}, order) == all{m, h, m, m, e, h, h, m});            // 2 against 1 of the other; then 2 against 2
    CHECK(run({2, 0}, order) == all{m, h, m, m, m, m, e, m});            // 4 against 1
    CHECK(run({9, 0}, order) == all{m, h, m, m, m, m, m, h});
    CHECK(run({0, 3}, {0, 0, 0, 1, 2, 2, 2}) == all{m, h, h, m, m, e, h});     // halved behind the third and the sixth: 0 has 1, 1 has 1 and then none
}

TEST_CASE("a bypass and a cache that contradict themselves are refused with the reason") {
    crypto_config c = usual();
    c.bypass_room = 1'536;
    REQUIRE(check(c).size() == 1);
    CHECK(check(c)[0].parameter == "bypass_room");
    c.bypass = true;
    CHECK(check(c).empty());
    c.bypass_room = 3'000;
    REQUIRE(check(c).size() == 1);
    CHECK(check(c)[0].message.find("1536 B") != std::string::npos);
    c.bypass_room = 0;
    c.buffer_142 = 0;
    REQUIRE(check(c).size() == 1);
    CHECK(check(c)[0].parameter == "bypass");
    c = usual();
    c.cache_entries = 6;
    REQUIRE(check(c).size() == 1);
    CHECK(check(c)[0].parameter == "cache_entries");
}
