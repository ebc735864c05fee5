// Closed forms of the feedback loop, of engines and of the largest packet beside what the block does (nicteam/bounds/feedback_loop.h).
#include "nicteam/bounds/feedback_loop.h"

#include "nicteam/offload/engine_timing.h"
#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

constexpr std::int64_t framing = packet::ethernet_header + packet::fcs_octets;

void numbered(rig& r) {
    for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
}

// Engines that limit nothing.
crypto_config loop_alone() {
    crypto_config c = slow();
    c.engines.assign(8, "aes-128-round");
    c.engines.insert(c.engines.end(), 8, "sha1");
    c.places = 16;
    c.buffer_140 = 8;
    return c;
}

}  // namespace

TEST_CASE("the share of input 124 that cut datagrams leave is that of the closed form") {
    CHECK(bounds::share_of_124({1, 2}, 2'980, 2).decimal(3) == "0.665");
    CHECK(bounds::share_of_124({1, 1}, 2'980, 2).decimal(3) == "0.498");
    CHECK(bounds::share_of_124({1, 10}, 2'980, 2).decimal(3) == "0.909");
    CHECK(bounds::share_of_124({0, 1}, 2'980, 2).decimal(3) == "1.000");
    constexpr int datagrams = 24;
    const auto clocks = [&](int one_in, std::int64_t& length, std::int64_t& pieces) {
        fresh_kernel k;
        crypto_config c = loop_alone();
        c.word_octets = 1;                       // the clocks of a packet are its octets
        books b;
        loop r(c, &b);
        for (int n = 0; n < datagrams; ++n) {
            const bool cut = one_in && n % one_in == 0;
            const auto sent = r.from.send(datagram(900), {"sa"}, cut ? 576 : 1'500);
            if (!cut) length = static_cast<std::int64_t>(sent[0].size());
            else pieces = static_cast<std::int64_t>(sent.size());
            for (const bytes& p : sent) r.frame_of(p);
        }
        numbered(r);
        r.run(200 * millisecond);
        REQUIRE(r.out.size() == datagrams);
        std::vector<ps> takes = b.stages["mux_130"];
        takes.insert(takes.end(), b.stages["mux_122"].begin(), b.stages["mux_122"].end());
        std::sort(takes.begin(), takes.end());
        return (takes.back() - takes.front()) / c.period + length + framing;
    };
    std::int64_t length = 0, pieces = 0;
    const std::int64_t whole = clocks(0, length, pieces);
    CHECK(whole == datagrams * bounds::octets_at_124(length, 1, framing));
    for (const int one_in : {4, 2}) {
        const std::int64_t measured = clocks(one_in, length, pieces);
        const bounds::fraction share = bounds::share_of_124({1, one_in}, length, pieces, framing), found{whole, measured};
        CAPTURE(share.decimal(4), found.decimal(4));
        CHECK(!(share < found));
        CHECK(share * 95 < found * 100);         // the last datagram goes round alone
    }
}

TEST_CASE("buffer 142 of the closed form loses nothing and one much smaller does") {
    for (const unsigned datagrams : {4u, 8u}) {
        const auto lost = [&](std::int64_t octets, std::int64_t& highest) {
            fresh_kernel k;
            crypto_config c = loop_alone();
            c.period = 200'000;
            c.buffer_142 = static_cast<std::uint32_t>(octets);
            loop r(c);
            r.interleaved(datagrams);
            for (int n = 0; n < 20; ++n) r.frame_of(datagram(400));
            r.run(50 * millisecond);
            for (const sim::bound_metric& m : sim::session::current().metrics())
                if (m.path == "crypto.level_142") highest = m.as_level->highest();
            return r.count("lost_142");
        };
        const std::int64_t frame = 576 + framing, whole = 20 + 8 + 16 + 608 + 12 + framing;       // the longest of them
        const std::int64_t enough = bounds::buffer_142(datagrams, whole, frame, {12'500'000, 1}, {20'000'000, 1});
        std::int64_t highest = 0;
        CHECK(lost(enough, highest) == 0);
        CAPTURE(datagrams, enough, highest);
        CHECK(highest <= enough);
        CHECK(2 * highest > enough);
        CHECK(lost(std::max<std::int64_t>(1'536, highest / 2), highest) > 0);
    }
}

// x > 1 + f (1 + 20 (k - 1) / L): below it buffer 142 fills, however large; above it stays as it is.
TEST_CASE("the loop keeps up where the closed form says so and falls behind where it does not") {
    for (const int one_in : {0, 4, 1})
        for (const ps period : {200'000, 260'000, 340'000, 460'000}) {
            const auto highest = [&](unsigned datagrams) {
                fresh_kernel k;
                crypto_config c = loop_alone();
                c.period = period;
                c.buffer_142 = 1 << 20;
                loop r(c);
                for (unsigned n = 0; n < datagrams; ++n)
                    for (const bytes& p : r.from.send(datagram(900), {"sa"}, one_in && static_cast<int>(n) % one_in == 0 ? 576 : 1'500)) r.frame_of(p);
                r.run(400 * millisecond);
                CHECK(r.count("delivered_clear") == datagrams);
                for (const sim::bound_metric& m : sim::session::current().metrics())
                    if (m.path == "crypto.level_142") return m.as_level->highest();
                return std::int64_t{-1};
            };
            // Of the wire, gaps and all that the rig leaves between frames; a word of the last takes a clock as any.
            constexpr std::int64_t length = 20 + 8 + 16 + 944 + 12;
            const bounds::fraction cut{one_in ? 1 : 0, one_in ? one_in : 1};
            const std::int64_t whole = length + framing, round = one_in == 1 ? whole + 20 + framing : whole + (one_in ? (20 + framing) / one_in : 0);
            const std::int64_t on_the_wire = round + 20 + (one_in == 1 ? 20 : one_in ? 20 / one_in : 0);
            const bool keeps = bounds::keeps_up({12'500'000 * whole, on_the_wire}, {4'000'000'000'000, period}, cut, length, 2, framing);
            const std::int64_t some = highest(40), more = highest(120);
            CAPTURE(one_in, period, keeps, some, more);
            CHECK((more < some + 2 * some / 3) == keeps);
        }
}

TEST_CASE("buffer 142 of a block as fast as the wire holds two frames at most while nothing is cut") {
    fresh_kernel k;
    crypto_config c = loop_alone();
    c.period = 4 * octet;
    loop r(c);
    for (int n = 0; n < 40; ++n) r.frame_of(datagram(700));
    r.run(20 * millisecond);
    CHECK(r.out.size() == 40);
    for (const sim::bound_metric& m : sim::session::current().metrics())
        if (m.path == "crypto.level_142") CHECK(m.as_level->highest() <= bounds::buffer_142_uncut(static_cast<std::int64_t>(r.frames[0].first->data.size())));
}

TEST_CASE("buffer 140 holds no more datagrams than the closed form says") {
    for (const bool feedback_first : {true, false})
        for (const unsigned datagrams : {2u, 5u, 8u}) {
            fresh_kernel k;
            crypto_config c = loop_alone();
            c.priority = feedback_first ? multiplexer_priority::feedback_first : multiplexer_priority::feedforward_first;
            c.buffer_140 = 32;
            c.places = 2;
            c.buffer_142 = 65'536;
            loop r(c);
            r.interleaved(datagrams);
            r.run(50 * millisecond);
            CHECK(r.out.size() == datagrams);
            for (const sim::bound_metric& m : sim::session::current().metrics())
                if (m.path == "crypto.level_140") {
                    CAPTURE(feedback_first, datagrams, m.as_level->highest());
                    CHECK(m.as_level->highest() <= bounds::buffer_140(datagrams, feedback_first, c.places));
                    if (!feedback_first) CHECK(m.as_level->highest() >= bounds::buffer_140(datagrams, feedback_first, c.places) - 1);
                }
        }
}

TEST_CASE("the loop locks up under the worst traffic exactly where the closed form says that it can") {
    unsigned can = 0;
    for (const auto p : {multiplexer_priority::feedback_first, multiplexer_priority::feedforward_first, multiplexer_priority::alternate})
        for (const bool bubble : {false, true})
            for (const bool drops : {false, true})
                for (const unsigned places : {0u, 1u}) {
                    if (drops && places == 0) continue;          // nothing is there that could be full
                    fresh_kernel k;
                    crypto_config c = slow();
                    c.priority = p;
                    c.bubble_rule = bubble;
                    c.when_140_full = drops ? feedback_full::drop : feedback_full::hold_off;
                    c.buffer_140 = places;
                    loop r(c);
                    r.interleaved(8);
                    r.run(50 * millisecond);
                    const bool may = bounds::may_lock_up(drops, bubble, p == multiplexer_priority::feedback_first, places);
                    CAPTURE(static_cast<int>(p), bubble, drops, places);
                    CHECK(r.locked_up() == may);
                    can += may;
                }
    CHECK(can == 5);
}

TEST_CASE("engines side by side give the rate of the slower and in series that of both") {
    for (const char* cipher : {"aes-128-round", "3des-cascade"})
        for (const auto how : {coupling::chained, coupling::series}) {
            fresh_kernel k;
            crypto_config c = usual();
            c.engines = {cipher, "sha1"};
            c.coupling = how;
            c.period = 100'000;
            c.buffer_142 = 65'536;
            c.places = 4;
            books b;
            rig r(c, &b);
            ipsec::association_parameters p = tunnel(0x1234);
            if (cipher[0] == '3') {
                p.algorithms.cipher = ipsec::cipher_kind::des3_cbc;
                p.keys.cipher.clear();
                for (std::uint8_t n = 0; n < 24; ++n) p.keys.cipher.push_back(static_cast<std::uint8_t>(n * 17 + 1));
            }
            sender s;
            REQUIRE(s.table.add(p).refused == "");
            REQUIRE(r.block.install(p) == "");
            constexpr int packets = 12;
            for (int n = 0; n < packets; ++n) r.frame_of(s.send(datagram(1'200), {"sa"})[0]);
            numbered(r);
            r.run(100 * millisecond);
            REQUIRE(b.stages["engines_start"].size() == packets);
            const engines with{core_named(cipher), core_named("sha1"), how};
            const engine_clocks w = esp_clocks(with, p.algorithms, way::in, esp_text(p.algorithms, 1'228));
            const bounds::fraction rate =
                bounds::engine_packet_rate(static_cast<std::int64_t>(w.cipher), static_cast<std::int64_t>(w.authentication), how == coupling::chained, c.period);
            // Behind the first, which sets up the key.
            const ps each = (b.stages["engines_start"].back() - b.stages["engines_start"][1]) / (packets - 2);
            CAPTURE(cipher, static_cast<int>(how), each, rate.decimal(1));
            CHECK(bounds::fraction{1'000'000'000'000, each} == rate);
        }
}

TEST_CASE("the largest packet that ESP takes uncut is that of the closed form and one octet more makes two") {
    using ipsec::authentication_kind;
    using ipsec::cipher_kind;
    struct row {
        cipher_kind cipher;
        authentication_kind authentication;
        std::size_t key, authentication_key;
        std::int64_t largest;
    };
    for (const row& w : {row{cipher_kind::des3_cbc, authentication_kind::hmac_sha1_96, 24, 20, 1'446}, row{cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96, 16, 20, 1'438},
                         row{cipher_kind::aes_cbc, authentication_kind::hmac_sha2_256_128, 16, 32, 1'438}, row{cipher_kind::aes_gcm_16, authentication_kind::null, 20, 0, 1'446},
                         row{cipher_kind::null, authentication_kind::hmac_sha1_96, 0, 20, 1'458}}) {
        ipsec::association_parameters p = tunnel(0x1234);
        p.algorithms = {w.cipher, w.authentication};
        p.keys.cipher.clear();
        for (std::size_t n = 0; n < w.key; ++n) p.keys.cipher.push_back(static_cast<std::uint8_t>(n * 17 + 1));
        p.keys.authentication.assign(w.authentication_key, 7);
        sender s;
        REQUIRE(s.table.add(p).refused == "");
        const auto& a = p.algorithms;
        const std::int64_t largest =
            bounds::largest_in_tunnel(1'500, static_cast<std::int64_t>(a.iv()), static_cast<std::int64_t>(a.block()), static_cast<std::int64_t>(a.icv()));
        CHECK(largest == w.largest);
        CHECK(s.send(datagram(static_cast<std::size_t>(largest) - 28), {"sa"}, 1'500).size() == 1);
        CHECK(s.send(datagram(static_cast<std::size_t>(largest) - 27), {"sa"}, 1'500).size() == 2);
    }
}

TEST_CASE("octets cross the bus once by the feedback path and thrice when the host puts pieces together and sends them back") {
    const auto is = [](bounds::fraction f, std::int64_t numerator, std::int64_t denominator) { return f.numerator * denominator == f.denominator * numerator; };
    CHECK(is(bounds::bus_crossings({0, 1}, false), 1, 1));
    CHECK(is(bounds::bus_crossings({1, 4}, false), 3, 2));
    CHECK(is(bounds::bus_crossings({1, 1}, false), 3, 1));      // tb/system/outcomes/test_rings.py measures it
    for (const bounds::fraction f : {bounds::fraction{0, 1}, bounds::fraction{1, 4}, bounds::fraction{1, 1}}) CHECK(is(bounds::bus_crossings(f, true), 1, 1));
}
