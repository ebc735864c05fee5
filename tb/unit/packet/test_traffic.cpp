#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/traffic.h"
#include "nicteam/packet/traffic_payload.h"
#include "nicteam/packet/udp.h"

using namespace nicteam;
using namespace nicteam::packet;

namespace {
random_stream stream() { return random_stream(1, "peer.load", "traffic"); }
}  // namespace

TEST_CASE("regular arrivals keep an exact rate for ever") {
    traffic_config c;
    c.pace = traffic_pace::rate;
    c.rate = 77'777'777;
    c.frame_size = 999;
    traffic_source s(c, stream());
    for (std::int64_t k = 0; k < 100'000; ++k) {
        const departure d = s.next(0);
        REQUIRE(d.sequence == static_cast<std::uint64_t>(k));
        REQUIRE(d.at == static_cast<ps>(static_cast<__int128>(k) * 999 * 8 * second / 77'777'777));
    }
    c = {};
    c.pace = traffic_pace::frames;
    c.frames_per_second = 3;
    c.start = 5;
    traffic_source t(c, stream());
    t.next(0);
    CHECK(t.next(0).at == 5 + 333'333'333'333);
    CHECK(t.next(0).at == 5 + 666'666'666'666);
    CHECK(t.next(0).at == 5 + second);
}

TEST_CASE("line rate traffic is due as soon as the one before is taken") {
    traffic_config c;
    c.start = 100;
    c.count = 3;
    traffic_source s(c, stream());
    CHECK(s.next(0).at == 100);
    CHECK(s.next(150).at == 150);
    CHECK(s.next(4000).at == 4000);
    CHECK(s.next(5000).at == never);
    CHECK(s.next(6000).at == never);
}

TEST_CASE("bursts fill the on time and leave the off time free") {
    traffic_config c;
    c.pace = traffic_pace::frames;
    c.frames_per_second = 1'000'000;
    c.arrivals = traffic_arrivals::on_off;
    c.on_time = 10 * microsecond;
    c.off_time = 90 * microsecond;
    c.duration = 250 * microsecond;
    traffic_source s(c, stream());
    std::map<ps, int> per_burst;
    for (departure d = s.next(0); d.at != never; d = s.next(0)) {
        REQUIRE(d.at % (100 * microsecond) < 10 * microsecond);
        ++per_burst[d.at / (100 * microsecond)];
    }
    CHECK(per_burst == std::map<ps, int>{{0, 10}, {1, 10}, {2, 10}});
    c.pace = traffic_pace::line_rate;
    c.frames_per_second = 0;
    traffic_source line(c, stream());
    CHECK(line.next(0).at == 0);
    CHECK(line.next(9 * microsecond).at == 9 * microsecond);
    CHECK(line.next(10 * microsecond).at == 100 * microsecond);
    CHECK(line.next(999 * microsecond).at == never);
}

TEST_CASE("Poisson arrivals have the mean asked for and repeat exactly") {
    traffic_config c;
    c.pace = traffic_pace::rate;
    c.rate = 10'000'000;
    c.arrivals = traffic_arrivals::poisson;
    c.sizes = traffic_sizes::imix;
    traffic_source s(c, stream()), again(c, stream());
    std::uint64_t bits = 0;
    ps last = 0;
    std::map<std::uint32_t, int> sizes;
    for (int i = 0; i < 60'000; ++i) {
        const departure d = s.next(0), e = again.next(0);
        REQUIRE(d.at == e.at);
        REQUIRE(d.octets == e.octets);
        REQUIRE(d.at >= last);
        last = d.at;
        bits += 8 * d.octets;
        ++sizes[d.octets];
    }
    const auto rate = static_cast<double>(bits) / (static_cast<double>(last) / 1e12);
    CHECK(rate == Approx(1e7).epsilon(0.02));
    REQUIRE(sizes.size() == 3);
    CHECK(sizes[64] == Approx(35'000).epsilon(0.02));
    CHECK(sizes[594] == Approx(20'000).epsilon(0.03));
    CHECK(sizes[1518] == Approx(5'000).epsilon(0.05));
}

TEST_CASE("uniform sizes reach both ends") {
    traffic_config c;
    c.sizes = traffic_sizes::uniform;
    c.least_size = 64;
    c.greatest_size = 70;
    traffic_source s(c, stream());
    std::set<std::uint32_t> seen;
    for (int i = 0; i < 500; ++i) seen.insert(s.next(0).octets);
    CHECK(seen == std::set<std::uint32_t>{64, 65, 66, 67, 68, 69, 70});
}

TEST_CASE("contradictory traffic is refused with a reason") {
    traffic_config c;
    c.pace = traffic_pace::rate;
    CHECK_THROWS_WITH(traffic_source(c, stream()), Catch::Contains("rate above 0"));
    c = {};
    c.rate = 5;
    CHECK(problems_of(c) == std::vector<std::string>{"rate is given, but the pace is not \"rate\""});
    c = {};
    c.arrivals = traffic_arrivals::poisson;
    CHECK_FALSE(problems_of(c).empty());
    c = {};
    c.sizes = traffic_sizes::uniform;
    c.least_size = 1000;
    c.greatest_size = 999;
    CHECK_FALSE(problems_of(c).empty());
    c = {};
    c.frame_size = 63;
    CHECK_FALSE(problems_of(c).empty());
    CHECK(problems_of({}).empty());
    traffic_config wrong;                          // all of it at once
    wrong.pace = traffic_pace::rate;
    wrong.framing = traffic_framing::llc_snap;
    wrong.start = -1;
    CHECK(problems_of(wrong).size() == 3);
}

TEST_CASE("the defaults of the table are those of the struct") {
    traffic_config from_table;
    for (const parameter_info& p : traffic_info.parameters) {
        if (!p.fallback || !p.store) continue;          // what is only for the scenario: `ports`
        value v;
        std::string why;
        REQUIRE(parse_quantity(p.kind, p.fallback, v, why));
        if (p.kind == quantity::choice) v.integer = 0;   // every choice here falls back to its first
        p.store(&from_table, v);
    }
    const traffic_config c;
    CHECK(from_table.frame_size == c.frame_size);
    CHECK(from_table.on_time == c.on_time);
    CHECK(from_table.source_port == c.source_port);
    CHECK(from_table.destination_port == c.destination_port);
    CHECK(from_table.greatest_size == c.greatest_size);
    CHECK(problems_of(from_table).empty());
}

TEST_CASE("generated frames verify and any wrong octet shows") {
    traffic_addresses a;
    a.source_mac = {2, 0, 0, 0, 0, 1};
    a.destination_mac = {2, 0, 0, 0, 0, 2};
    a.source_ip = 1;
    a.destination_ip = 2;
    enum { udp, bare, snap };
    for (const int kind : {udp, bare, snap})
        for (const std::uint32_t size : {64u, 65u, 1518u, 9018u}) {
            const bool raw = kind != udp;
            if (kind == snap && size > 1518) continue;
            a.raw = raw;
            a.snap = kind == snap;
            bytes f;
            build_traffic_frame(f, a, size, 3, 0x1'0000'0007, 123'456);
            REQUIRE(f.size() == size - 4);
            const auto payload_of = [&]() -> octets {
                const auto e = ethernet_view::parse(f);
                return raw ? e->payload : udp_view::parse(*ipv4_view::parse(e->payload))->payload;
            };
            const auto framing = ethernet_view::parse(f)->format;
            CHECK(framing == (kind == snap ? encapsulation::llc_snap : encapsulation::ethernet_ii));
            if (raw) CHECK(ethernet_view::parse(f)->ether_type == ether_type::experimental);
            payload_fields p;
            REQUIRE(check_payload(payload_of(), p) == payload_state::good);
            CHECK(p.stream == 3);
            CHECK(p.sequence == 7);
            CHECK(p.at == 123'456);
            if (size > 64 || raw) {
                f.back() ^= 0x80;
                CHECK(check_payload(payload_of(), p) == payload_state::damaged);
                f.back() ^= 0x80;
            }
            f[f.size() - payload_of().size] ^= 1;
            CHECK(check_payload(payload_of(), p) == payload_state::unmarked);
        }
}

TEST_CASE("frames in LLC and SNAP are bare ones and no longer than their length field can say") {
    traffic_config c;
    c.framing = traffic_framing::llc_snap;
    CHECK(problems_of(c).at(0).find("needs protocol") != std::string::npos);
    c.protocol = traffic_protocol::raw;
    CHECK(problems_of(c).empty());
    c.frame_size = 1519;
    CHECK(problems_of(c).at(0).find("length field") != std::string::npos);
    c.sizes = traffic_sizes::uniform;
    CHECK(problems_of(c).empty());
    c.greatest_size = 1519;
    CHECK(problems_of(c).at(0).find("length field") != std::string::npos);
}
