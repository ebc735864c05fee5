// Engines that stick or are wrong, both ways: what becomes of packets, when, and what associations know of it afterwards.
#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

void befalls(const char* what, bool begin = true, std::int64_t amount = 0) {
    for (sim::fault_port& f : sim::session::current().faults())
        if (f.path == "crypto" && std::string(f.info->name) == what) return f.act(begin, amount, sim::now());
    FAIL("no fault " << what);
}

struct both_ends {
    explicit both_ends(crypto_config c) : r(c) {
        s.table.add(tunnel(0x1234));
        r.block.install(tunnel(0x1234));
    }
    void send(int packets, std::size_t payload = 200) {
        for (int n = 0; n < packets; ++n) sent.push_back(s.send(datagram(payload), {"sa"})[0]), r.frame_of(sent.back());
    }
    fresh_kernel k;
    rig r;
    sender s;
    std::vector<bytes> sent;
};

}  // namespace

TEST_CASE("engines that stick: the watchdog gives packets up, they go on as they came, and after three the engines are out of use") {
    crypto_config c = usual();
    c.engine_watchdog = 500;
    both_ends t(c);
    t.send(5);
    befalls("engines_stuck");
    t.r.run();
    REQUIRE(t.r.out.size() == 5);
    for (int n = 0; n < 5; ++n) {
        CHECK(t.r.out[n].packet == t.sent[n]);
        CHECK(t.r.out[n].record.verdict == verdict::engines_failed);
        CHECK(t.r.out[n].record.associations.empty());
    }
    CHECK(t.r.count("engine_failures") == 3);
    CHECK(t.r.count("without_engines") == 2);
    CHECK(t.r.count("delivered_encrypted") == 5);
    CHECK(t.r.count("engine_clocks") == 3 * 500);
}

TEST_CASE("engines that stuck for a while have cost packets, and the window has not moved") {
    crypto_config c = usual();
    both_ends t(c);
    t.send(4);
    befalls("engines_stuck");
    t.r.run(40 * microsecond);                     // the first is worked on
    befalls("engines_stuck", false);
    t.r.run();
    REQUIRE(t.r.out.size() == 4);
    CHECK(t.r.out[0].record.verdict == verdict::engines_failed);
    for (int n = 1; n < 4; ++n) CHECK(t.r.out[n].record.verdict == verdict::verified);
    CHECK(t.r.count("engine_failures") == 1);
    t.r.frame_of(t.sent[0]);                       // once more: the window has not seen it
    t.r.resume();
    t.r.run(40 * millisecond);
    REQUIRE(t.r.out.size() == 5);
    CHECK(t.r.out[4].record.verdict == verdict::verified);
    CHECK(t.r.count("bad_icv") == 0);
}

TEST_CASE("engines that are wrong: nothing verifies, it goes on as it came, and a self-test finds them") {
    both_ends none(usual());
    none.send(6);
    befalls("engines_wrong");
    none.r.run();
    CHECK(none.r.count("bad_icv") == 6);
    CHECK(none.r.count("self_tests") == 0);
    for (int n = 0; n < 6; ++n) CHECK(none.r.out[n].packet == none.sent[n]);
}

TEST_CASE("a self-test takes its clocks, finds wrong engines, and a reset has them tried again") {
    crypto_config c = usual();
    c.self_test = 2;
    c.engine_failures = 1;
    both_ends t(c);
    t.send(4);
    t.r.run(5 * millisecond);
    REQUIRE(t.r.out.size() == 4);
    CHECK(t.r.count("self_tests") == 2);
    CHECK(t.r.count("engine_failures") == 0);
    // Before the second and the fourth; a packet behind a test has its key set up again.
    const engine_set set(c.engines, c.coupling);
    const auto p = tunnel(0x1234);
    const auto serving = set.serving(p, way::in);
    const auto work = [&](std::uint32_t octets, bool key) { return set.inbound(serving, p, {octets, octets, 0}, key); };
    const auto clocks = [&](const std::vector<engine_work>& w) { return engine_pool(clock_domain(1), set.groups()).run(w, 0).done; };
    const std::uint32_t text = 240, covered = text + 8 + 16;      // 228 octets of IP and a trailer in blocks of 16; behind SPI, number and IV
    const auto own = [&](bool key) { return set.inbound(serving, p, {text, covered, 0}, key); };
    CHECK(static_cast<ps>(t.r.count("engine_clocks")) == clocks({own(true)}) + 2 * clocks({work(64, true), own(true)}) + clocks({own(false)}));
    befalls("engines_wrong");
    t.send(4);
    t.r.resume();
    t.r.run();
    REQUIRE(t.r.out.size() == 8);
    CHECK(t.r.count("bad_icv") == 1);              // the fifth: nobody has looked
    CHECK(t.r.count("engine_failures") == 1);
    CHECK(t.r.count("without_engines") == 2);
    befalls("engines_wrong", false);
    t.r.block.reset(sim::now());
    t.send(1);
    t.r.resume();
    t.r.run(40 * millisecond);
    REQUIRE(t.r.out.size() == 9);
    CHECK(t.r.out[8].record.verdict == verdict::verified);
}

TEST_CASE("engines that are slow: each packet is opened as ever, in so many times the clocks") {
    std::uint64_t clocks[2];
    for (const bool slow : {false, true}) {
        both_ends t(usual());
        t.send(4);
        if (slow) befalls("engines_slow", true, 7);
        t.r.run();
        REQUIRE(t.r.out.size() == 4);
        for (const auto& o : t.r.out) CHECK(o.record.verdict == verdict::verified);
        CHECK(t.r.count("engine_failures") == 0);
        clocks[slow] = t.r.count("engine_clocks");
    }
    CHECK(clocks[1] == 7 * clocks[0]);
}
