// The databases and the way through them, with fragments at every level.
#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"
#include "nicteam/ipsec/process.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/reassembly.h"
#include "some_association.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;

namespace {

packet::identification_source ids;

const algorithms usual{cipher_kind::des3_cbc, authentication_kind::hmac_sha1_96};

association_parameters named(const char* name, std::uint32_t spi, association_mode mode = association_mode::transport) {
    auto p = some(usual, mode);
    p.name = name;
    p.spi = spi;
    return p;
}

policy protects(std::vector<std::string> bundle) {
    policy p;
    p.name = "all";
    p.bundle = std::move(bundle);
    return p;
}

struct ends {
    association_table from, to;
    void add(const association_parameters& p) {
        REQUIRE(from.add(p).refused.empty());
        REQUIRE(to.add(p).refused.empty());
    }
};

policy_list back(std::vector<policy> all) {      // what the other end asks of what comes in
    for (policy& p : all) std::swap(p.which.source, p.which.destination), std::swap(p.which.source_ports, p.which.destination_ports);
    return policy_list(std::move(all));
}

}  // namespace

TEST_CASE("the first policy that selects decides and without one nothing passes") {
    policy p17, rest;
    p17.name = "udp";
    p17.which.protocol = 17;
    p17.action = policy_action::bypass;
    rest.name = "rest";
    rest.action = policy_action::discard;
    const policy_list both({p17, rest}), reversed({rest, p17}), only({p17});
    association_table t;
    CHECK(outbound(t, both, ip_packet(false, 20), 0, ids).how == passage::pass);
    CHECK(outbound(t, both, ip_packet(false, 20), 0, ids).packet == ip_packet(false, 20));
    CHECK(outbound(t, both, ip_packet(false, 20, 6), 0, ids).how == passage::discarded);
    CHECK(outbound(t, reversed, ip_packet(false, 20), 0, ids).how == passage::discarded);
    CHECK(outbound(t, only, ip_packet(false, 20, 6), 0, ids).how == passage::no_policy);
    CHECK(inbound(t, only, ip_packet(false, 20, 6), 0).how == passage::no_policy);
    CHECK(inbound(t, both, ip_packet(false, 20), 0).how == passage::pass);
    CHECK(outbound(t, both, bytes(3, 0), 0, ids).why == outcome::malformed);
}

TEST_CASE("an association table refuses what it cannot hold") {
    association_table t(2);
    CHECK(t.add(named("a", 0x1001)).refused.empty());
    CHECK(t.add(named("b", 0x1001)).refused.find("SPI 0x00001001 towards 192.0.2.2 is taken") != std::string::npos);
    CHECK(t.add(named("a", 0x1002)).refused.find("an association a already") != std::string::npos);
    CHECK(t.add(named("b", 200)).refused.find("reserved") != std::string::npos);
    auto ah = some({cipher_kind::null, authentication_kind::hmac_sha1_96}, association_mode::transport, false, security_protocol::ah);
    ah.name = "c";
    const auto c = t.add(ah);      // the same SPI with another protocol is another association
    CHECK(c.refused.empty());
    CHECK(t.add(named("d", 0x1004)).refused.find("the table of 2 associations is full") != std::string::npos);
    CHECK(t.find(0x1001, right_4, security_protocol::ah) == c.handle);
    CHECK(t.find(0x1001, left_4, security_protocol::ah) == state::handle{});
    CHECK(t.remove(c.handle));
    CHECK_FALSE(t.remove(c.handle));
    CHECK(t.find(c.handle) == nullptr);
    CHECK(t.add(named("d", 0x1004)).refused.empty());
    CHECK(t.find(c.handle) == nullptr);
}

TEST_CASE("a table that compares nothing takes the same association until it is full, and packets meet the newest that is left") {
    association_table t(3);
    t.take_copies();
    std::vector<state::handle> at;
    for (int n = 0; n < 3; ++n) {
        const auto one = t.add(named("a", 0x1001));
        REQUIRE(one.refused.empty());
        at.push_back(one.handle);
        CHECK(t.find(0x1001, right_4, security_protocol::esp) == at.back());
        CHECK(t.named("a") == at.back());
    }
    CHECK(t.add(named("a", 0x1001)).refused == "the table of 3 associations is full");
    CHECK(t.found_by_spi() == t.size());
    CHECK(t.remove(at[1]));
    CHECK(t.find(0x1001, right_4, security_protocol::esp) == at[2]);
    CHECK(t.remove(at[2]));
    CHECK(t.find(0x1001, right_4, security_protocol::esp) == at[0]);
    CHECK(t.find(at[0]) != nullptr);
    CHECK(t.remove(at[0]));
    CHECK(t.find(0x1001, right_4, security_protocol::esp) == state::handle{});
    CHECK(t.found_by_spi() == 0);
}

TEST_CASE("plaintext where policy asks for protection is refused and so is less protection than it asks") {
    ends e;
    e.add(named("inner", 0x1001));
    e.add(named("outer", 0x1002, association_mode::tunnel));
    const std::vector<policy> both{protects({"inner", "outer"})}, one{protects({"inner"})};
    const bytes packet = ip_packet(false, 100);
    CHECK(inbound(e.to, back(both), packet, 0).how == passage::plaintext);
    CHECK(inbound(e.to, back(both), packet, 0).auditable());
    const auto sent = outbound(e.from, policy_list(both), packet, 0, ids);
    REQUIRE(sent.how == passage::pass);
    REQUIRE(sent.steps.size() == 2);
    const auto got = inbound(e.to, back(both), sent.packet, 0);
    REQUIRE(got.how == passage::pass);
    CHECK(got.packet == packet);
    REQUIRE(got.steps.size() == 2);
    CHECK(e.to.find(got.steps[0].association)->parameters().name == "outer");
    CHECK(got.steps[1].sequence == sent.steps[0].sequence);
    // Only the inner one.
    const auto less = outbound(e.from, policy_list(one), packet, 0, ids);
    const auto refused = inbound(e.to, back(both), less.packet, 0);
    CHECK(refused.how == passage::refused);
    CHECK(refused.why == outcome::selector_mismatch);
    CHECK(refused.auditable());
    // A tunnel around what policy asks for is no harm.
    const auto more = outbound(e.from, policy_list(both), packet, 0, ids);
    CHECK(inbound(e.to, back(one), more.packet, 0).how == passage::pass);
    // The other way round is another protection.
    const auto turned = outbound(e.from, policy_list({protects({"outer", "inner"})}), packet, 0, ids);
    CHECK(inbound(e.to, back(both), turned.packet, 0).why == outcome::selector_mismatch);
}

TEST_CASE("every reason to drop is told and moves nothing") {
    ends e;
    auto p = named("a", 0x1001);
    p.hard = {3, 0, 0};
    p.soft = {2, 0, 0};
    e.add(p);
    const policy_list policies({protects({"a"})}), there = back({protects({"a"})});
    const bytes packet = ip_packet(false, 100);
    auto first = outbound(e.from, policies, packet, 0, ids);
    CHECK_FALSE(first.soft_expired);
    bytes bad = first.packet;
    bad[40] ^= 0x10;
    for (int n = 0; n < 17; ++n) {
        const auto r = inbound(e.to, there, bad, 0);
        CHECK(r.how == passage::refused);
        CHECK(r.why == outcome::bad_icv);
        CHECK(r.auditable());
    }
    CHECK(inbound(e.to, there, first.packet, 0).how == passage::pass);
    const auto again = inbound(e.to, there, first.packet, 0);
    CHECK(again.why == outcome::replayed);
    bytes unknown = first.packet;
    unknown[23] = 0x77;
    CHECK(inbound(e.to, there, unknown, 0).how == passage::no_association);
    CHECK(outbound(e.from, policies, packet, 0, ids).soft_expired);
    CHECK(outbound(e.from, policies, packet, 0, ids).how == passage::pass);
    CHECK(outbound(e.from, policies, packet, 0, ids).how == passage::expired);
    CHECK(outbound(e.from, policy_list({protects({"nobody"})}), packet, 0, ids).how == passage::no_association);
    ends x;
    x.add(named("a", 0x1001));
    x.from.find(x.from.named("a"))->start_after(0xFFFFFFFE);
    CHECK(outbound(x.from, policies, packet, 0, ids).how == passage::pass);
    CHECK(outbound(x.from, policies, packet, 0, ids).how == passage::exhausted);
}

TEST_CASE("a device takes off what it knows and its host judges and owns the window") {
    ends e;
    e.add(named("a", 0x1001));
    const std::vector<policy> all{protects({"a"})};
    const bytes packet = ip_packet(false, 60);
    bytes sent = outbound(e.from, policy_list(all), packet, 0, ids).packet;
    association& a = *e.to.find(e.to.named("a"));
    for (int n = 0; n < 2; ++n) {      // a copy too: the window is the host's
        const passed device = take_off(e.to, sent, 0, {}, window_use::verify_only);
        REQUIRE(device.how == passage::pass);
        CHECK(device.packet == packet);
        CHECK(a.window.highest() == 0);
        CHECK(device.steps.at(0).sequence == 1);
        CHECK(judged(e.to, back(all), device).how == passage::pass);
    }
    CHECK(a.window.accept(1) == replay_verdict::fresh);
    CHECK(a.window.accept(1) == replay_verdict::repeated);
    // Who refused is told with the number, and nothing is judged that was dropped.
    sent.back() ^= 1;
    const passed bad = judged(e.to, back(all), take_off(e.to, sent, 0, {}, window_use::verify_only));
    CHECK(bad.why == outcome::bad_icv);
    REQUIRE(bad.steps.size() == 1);
    CHECK(bad.steps[0].association == e.to.named("a"));
    CHECK(bad.steps[0].sequence == 1);
    // What was never protected passes the device and not the host; what fills up a frame is no packet.
    bytes plain = packet;
    plain.resize(plain.size() + 9, 0xEE);
    const passed clear = take_off(e.to, plain, 0);
    CHECK(clear.how == passage::pass);
    CHECK(clear.packet == packet);
    CHECK(judged(e.to, back(all), clear).how == passage::plaintext);
}

TEST_CASE("a table takes an association as its host hands it over and sends nothing until numbers are lent") {
    association_table host, device(1);
    const auto h = host.add(named("a", 0x1001)), d = device.add([&] {
        constant_parameters c = host.find(h.handle)->constants();
        c.parameters.name = "a";
        return c;
    }());
    REQUIRE(d.refused.empty());
    CHECK(device.add(host.find(h.handle)->constants()).refused.find("is taken") != std::string::npos);
    auto other = host.find(h.handle)->constants();
    other.parameters.spi = 0x1002;
    other.parameters.name = "b";
    CHECK(device.add(other).refused == "the table of 1 associations is full");
    other.parameters.keys.cipher.pop_back();
    CHECK(device.add(other).refused.find("takes a key of 24 octets, not 23") != std::string::npos);
    const policy_list policies({protects({"a"})});
    const bytes packet = ip_packet(false, 50);
    const passed none = outbound(device, policies, packet, 0, ids);
    CHECK(none.how == passage::no_lease);
    CHECK_FALSE(none.auditable());
    REQUIRE(device.find(d.handle)->take(host.find(h.handle)->lend(2)));
    CHECK(outbound(device, policies, packet, 0, ids).steps.at(0).sequence == 1);
    CHECK(outbound(device, policies, packet, 0, ids).steps.at(0).sequence == 2);
    CHECK(outbound(device, policies, packet, 0, ids).how == passage::no_lease);
    CHECK(outbound(host, policies, packet, 0, ids).steps.at(0).sequence == 3);
}

TEST_CASE("outer identifications are counted per path and are never those from inside") {
    association_table t;
    REQUIRE(t.add(named("a", 0x1001, association_mode::tunnel)).refused.empty());
    auto elsewhere = named("b", 0x1002, association_mode::tunnel);
    elsewhere.destination = elsewhere.tunnel.destination = *packet::parse_ip("192.0.2.99");
    REQUIRE(t.add(elsewhere).refused.empty());
    packet::identification_source slice(packet::identification_slice{40'000, 100});
    const auto identification = [&](const char* along, std::uint16_t inside) {
        bytes b = ip_packet(false, 50);
        packet::put16(&b[4], inside);
        packet::finish_ip(b);
        const passed p = outbound(t, policy_list({protects({along})}), b, 0, slice);
        return packet::ip_view::parse(p.packet)->identification;
    };
    CHECK(identification("a", 7) == 40'000);
    CHECK(identification("a", 7) == 40'001);
    CHECK(identification("b", 7) == 40'000);
    CHECK(identification("a", 8) == 40'002);
}

TEST_CASE("a datagram of its own on port 4500 is no ESP") {
    association_table t;
    policy any;
    any.action = policy_action::bypass;
    bytes d = ip_packet(false, 30);
    packet::put16(&d[20], 4'500);
    packet::put16(&d[22], 4'500);
    CHECK(inbound(t, policy_list({any}), d, 0).how == passage::pass);
}

TEST_CASE("nesting ends at its limit") {
    ends e;
    std::vector<std::string> bundle;
    for (unsigned n = 0; n < deepest_nesting + 1; ++n) {
        const std::string name = "t" + std::to_string(n);
        e.add(named(name.c_str(), 0x2000 + n, association_mode::tunnel));
        bundle.push_back(name);
    }
    const bytes packet = ip_packet(false, 30);
    CHECK(inbound(e.to, back({protects(bundle)}), outbound(e.from, policy_list({protects(bundle)}), packet, 0, ids).packet, 0).how ==
          passage::too_deep);
    bundle.pop_back();
    CHECK(inbound(e.to, back({protects(bundle)}), outbound(e.from, policy_list({protects(bundle)}), packet, 0, ids).packet, 0).how ==
          passage::pass);
}

// The recursion of FIG. 5 in software: whatever is encrypted or fragmented, in any order, comes out as it went in.
TEST_CASE("encryption and fragmentation in any order are undone") {
    random_stream r(5, "orders", "test");
    unsigned fed_back = 0, deep = 0;
    for (int n = 0; n < 300; ++n) {
        ends e;
        packet::reassembler again;
        const bytes original = ip_packet(false, 1'000 + r.below(3'000));
        std::vector<bytes> wire{original};
        const unsigned levels = 1 + static_cast<unsigned>(r.below(3));
        std::vector<std::string> bundle;
        std::uint32_t id = 0;
        for (unsigned level = 0; level < levels; ++level) {
            const std::string name = "s" + std::to_string(level);
            // Transport mode takes whole datagrams only.
            const bool fragments = wire.size() > 1;
            e.add(named(name.c_str(), 0x3000 + level,
                        !fragments && r.chance(probability_one / 2) ? association_mode::transport : association_mode::tunnel));
            bundle.push_back(name);
            association& a = *e.from.find(e.from.named(name));
            std::vector<bytes> next;
            for (const bytes& w : wire) {
                const sent s = protect_next(a, w);
                REQUIRE(s.how == outcome::done);
                bytes out = s.packet;
                out[6] = 0;      // may be cut
                packet::put16(&out[4], static_cast<std::uint16_t>(++id));
                packet::finish_ip(out);
                if (r.chance(probability_one / 2)) REQUIRE(packet::fragment(out, 576, 0, next) != packet::fragment_result::malformed);
                else next.push_back(out);
            }
            wire = next;
        }
        const policy_list policies = back({protects(bundle)});
        std::vector<std::pair<bytes, std::vector<applied>>> waiting;
        for (const bytes& w : wire) waiting.emplace_back(w, std::vector<applied>{});
        std::vector<bytes> delivered;
        while (!waiting.empty()) {
            const auto [now, before] = waiting.back();
            waiting.pop_back();
            const auto got = inbound(e.to, policies, now, 0, before);
            if (got.how == passage::fragment) {
                if (again.add(got.packet, 0, 0, scope_of(got.steps)) != packet::reassembly_step::complete) continue;
                // What protected the last piece protected them all, or the reassembly would not be of one datagram.
                waiting.emplace_back(again.result().datagram, got.steps);
                ++fed_back;
                deep += !got.steps.empty();
                continue;
            }
            CAPTURE(name(got.how), name(got.why), levels);
            REQUIRE(got.how == passage::pass);
            delivered.push_back(got.packet);
        }
        REQUIRE(delivered.size() == 1);
        const auto was = *packet::ip_view::parse(original), is = *packet::ip_view::parse(delivered[0]);
        REQUIRE(is.protocol == was.protocol);
        REQUIRE(is.destination == was.destination);
        REQUIRE(bytes(is.payload.data, is.payload.data + is.payload.size) == bytes(was.payload.data, was.payload.data + was.payload.size));
        REQUIRE(again.held() == 0);
    }
    CHECK(fed_back > 100);
    CHECK(deep > 20);
}
