// FIG. 5 of source document 004, box by box: which steps a packet takes by where on its way it was encrypted and cut.
#include <algorithm>

#include <catch2/catch.hpp>

#include "../ipsec/some_association.h"
#include "nicteam/base/random_stream.h"
#include "nicteam/offload/control_logic.h"
#include "nicteam/packet/fragment.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::offload;
using namespace nicteam::test;

namespace {

const algorithms usual{cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96};

// What the network did to a packet, from the sender on, and what the NIC behind it makes of it.
class journey {
public:
    explicit journey(bytes packet) : original(std::move(packet)), wire{original} {}

    journey& encrypt(association_mode mode, bool over_fragments = false, bool in_udp = false) {
        association_parameters p = some(usual, mode);
        p.name = "s" + std::to_string(count_);
        p.spi = 0x2000 + count_++;
        p.fragments_in_transport = over_fragments;
        if (in_udp) p.udp = udp_ports{};
        REQUIRE(from_.add(p).refused.empty());
        REQUIRE(nic.add(p).refused.empty());
        association& a = *from_.find(from_.named(p.name));
        for (bytes& w : wire) {
            const sent s = protect_next(a, w);
            REQUIRE(s.how == outcome::done);
            w = s.packet;
            identify(w);
        }
        return *this;
    }

    journey& cut(std::size_t mtu) {
        std::vector<bytes> pieces;
        for (const bytes& w : wire) REQUIRE(packet::fragment({w.data(), w.size()}, mtu, ++id_, pieces) == packet::fragment_result::fragmented);
        wire = pieces;
        return *this;
    }

    // The way of the datagram that comes out.
    std::string arrive() {
        std::vector<received> waiting;
        for (auto w = wire.rbegin(); w != wire.rend(); ++w) {
            waiting.emplace_back();
            waiting.back().packet = *w;
        }
        std::vector<received> out;
        while (!waiting.empty()) {
            received r = std::move(waiting.back());
            waiting.pop_back();
            visit_ipsec_logic_21a(nic, r, 0);
            opened += r.steps.size() - r.associations_before;
            const transport_visit t = visit_receiver_logic_22b(nic, again, r, 0);
            if (t.next == next_stop::held) held.push_back(to_text(r.way));
            REQUIRE(t.next != next_stop::dropped);
            if (t.next == next_stop::feed_back) ++fed_back, waiting.push_back(std::move(r));
            else if (t.next == next_stop::deliver) out.push_back(std::move(r));
        }
        REQUIRE(out.size() == 1);
        REQUIRE(again.held() == 0);
        delivered = std::move(out.front());
        if (delivered.security == passage::pass) {
            const auto was = *packet::ip_view::parse({original.data(), original.size()});
            const auto is = *packet::ip_view::parse({delivered.packet.data(), delivered.packet.size()});
            REQUIRE(is.protocol == was.protocol);
            REQUIRE(bytes(is.payload.data, is.payload.data + is.payload.size) == bytes(was.payload.data, was.payload.data + was.payload.size));
        }
        return to_text(delivered.way);
    }

    const bytes original;
    std::vector<bytes> wire;
    association_table nic;
    packet::reassembler again;
    received delivered;
    std::vector<std::string> held;       // the ways of fragments that wait
    std::size_t fed_back = 0, opened = 0;

private:
    // Each packet with a number of its own, and allowed to be cut.
    void identify(bytes& w) {
        w[6] &= 0xBF;
        if (const auto v = packet::ip_view::parse({w.data(), w.size()}); !v->is_fragment()) packet::put16(&w[4], static_cast<std::uint16_t>(++id_));
        packet::finish_ip(w);
    }

    association_table from_;
    unsigned count_ = 0;
    std::uint32_t id_ = 100;
};

bytes some_packet(std::size_t n = 1'200) {
    bytes p = ip_packet(false, n);
    p[6] = 0;
    packet::finish_ip(p);
    return p;
}

constexpr auto transport = association_mode::transport, tunnel = association_mode::tunnel;

}  // namespace

TEST_CASE("plain and whole: 200 204") {
    journey j(some_packet());
    CHECK(j.arrive() == "200 204");
}

TEST_CASE("encrypted and whole: 200 202 204") {
    CHECK(journey(some_packet()).encrypt(transport).arrive() == "200 202 204");
    CHECK(journey(some_packet()).encrypt(tunnel).arrive() == "200 202 204");
}

TEST_CASE("tunnel over transport and whole: two decryptions in 202") {
    CHECK(journey(some_packet()).encrypt(transport).encrypt(tunnel).arrive() == "200 202 202 204");
    CHECK(journey(some_packet()).encrypt(tunnel).encrypt(transport).arrive() == "200 202 202 204");
}

TEST_CASE("fragmented and plain: 200 206 208 204") {
    journey j(some_packet());
    CHECK(j.cut(576).arrive() == "200 206 208 204");
    CHECK(j.held == std::vector<std::string>(2, "200 206 208"));
    CHECK(j.fed_back == 0);
}

TEST_CASE("fragmented before encryption: 200 206 210 212 208 204") {
    journey j(some_packet());
    CHECK(j.cut(576).encrypt(tunnel).arrive() == "200 206 210 212 208 204");
    CHECK(j.held == std::vector<std::string>(2, "200 206 210 212 208"));
    CHECK(j.opened == 3);
    CHECK(j.fed_back == 0);
}

TEST_CASE("fragmented after all encryption: 200 206 210 214 216 218 202 204") {
    journey j(some_packet());
    CHECK(j.encrypt(transport).cut(576).arrive() == "200 206 210 214 216 218 202 204");
    CHECK(j.held == std::vector<std::string>(2, "200 206 210 214 216"));
    CHECK(j.opened == 1);
    CHECK(j.fed_back == 1);
    CHECK(journey(some_packet()).encrypt(tunnel).cut(576).arrive() == "200 206 210 214 216 218 202 204");
}

TEST_CASE("fragmented after both encryptions: both are taken off behind the feedback path") {
    journey j(some_packet());
    CHECK(j.encrypt(transport).encrypt(tunnel).cut(576).arrive() == "200 206 210 214 216 218 202 202 204");
    CHECK(j.opened == 2);
    CHECK(j.fed_back == 1);
}

TEST_CASE("fragmented between transport and tunnel encryption: 200 206 210 214 220 216 218 202 204") {
    journey j(some_packet());
    CHECK(j.encrypt(transport).cut(576).encrypt(tunnel).arrive() == "200 206 210 214 220 216 218 202 204");
    CHECK(j.held == std::vector<std::string>(2, "200 206 210 214 220 216"));
    CHECK(j.opened == 4);
    CHECK(j.fed_back == 1);
}

TEST_CASE("fragmented before both encryptions: two tunnels, or a sender that does not conform") {
    CHECK(journey(some_packet()).cut(576).encrypt(tunnel).encrypt(tunnel).arrive() == "200 206 210 212 212 208 204");
    CHECK(journey(some_packet()).cut(576).encrypt(transport, true).arrive() == "200 206 210 212 208 204");
    CHECK(journey(some_packet()).cut(576).encrypt(transport, true).encrypt(tunnel).arrive() == "200 206 210 212 212 208 204");
}

TEST_CASE("fragmented after tunnel and before transport encryption: like between the two") {
    journey j(some_packet());
    CHECK(j.encrypt(tunnel).cut(576).encrypt(transport, true).arrive() == "200 206 210 214 220 216 218 202 204");
    CHECK(journey(some_packet()).encrypt(tunnel).cut(576).encrypt(tunnel).arrive() == "200 206 210 214 220 216 218 202 204");
}

TEST_CASE("fragmented at both levels: one feedback for each datagram that was cut again and one more while something is encrypted") {
    journey j(some_packet(2'400));
    CHECK(j.encrypt(transport).cut(1'280).encrypt(tunnel).cut(576).arrive() == "200 206 210 214 216 218 206 210 214 220 216 218 202 204");
    CHECK(j.opened == 3);
    CHECK(j.fed_back == 3);
    journey plain(some_packet(2'400));
    CHECK(plain.cut(1'280).encrypt(tunnel).cut(576).arrive() == "200 206 210 214 216 218 206 210 212 208 204");
    CHECK(plain.fed_back == 2);
}

TEST_CASE("fragments of ESP in UDP look plain: the whole datagram is asked anew") {
    journey j(some_packet());
    CHECK(j.encrypt(tunnel, false, true).cut(576).arrive() == "200 206 208 218 202 204");
    CHECK(j.delivered.security == passage::pass);
    CHECK(j.delivered.transport != packet::transport_verdict::bad_checksum);
}

TEST_CASE("fragments of different protections never make one datagram") {
    // The first piece by the tunnel, the others plain and not authenticated: they wait for each other in vain.
    journey j(some_packet());
    j.cut(576);
    const std::vector<bytes> plain = j.wire;
    j.encrypt(tunnel);
    j.wire = {j.wire[0], plain[1], plain[2]};
    for (const bytes& w : j.wire) {
        received r;
        r.packet = w;
        visit_ipsec_logic_21a(j.nic, r, 0);
        CHECK(visit_receiver_logic_22b(j.nic, j.again, r, 0).next == next_stop::held);
    }
    CHECK(j.again.contexts() == 2);
}

TEST_CASE("a datagram that is too short or misaligned for its ESP ends at 22b and is not fed back") {
    const auto last_visit = [](bool in_udp, std::size_t octets_less, outcome why) {
        CAPTURE(in_udp, octets_less);
        journey j(some_packet(100));
        j.encrypt(tunnel, false, in_udp);
        bytes& w = j.wire[0];
        w.resize(w.size() - octets_less);
        packet::put16(&w[2], static_cast<std::uint16_t>(w.size()));
        packet::finish_ip(w);
        j.cut(28);
        received r;
        transport_visit t;
        for (const bytes& piece : j.wire) {
            r = {};
            r.packet = piece;
            visit_ipsec_logic_21a(j.nic, r, 0);
            t = visit_receiver_logic_22b(j.nic, j.again, r, 0);
        }
        REQUIRE(t.reassembly == packet::reassembly_step::complete);
        CHECK(r.why == why);
        const bool goes_on = why == outcome::done;
        CHECK(r.security == (goes_on ? passage::fragment : passage::refused));
        CHECK(t.next == (goes_on ? next_stop::feed_back : next_stop::dropped));
        CHECK(r.fed_back == goes_on);
        CHECK((to_text(r.way).find("218") != std::string::npos) == goes_on);
    };
    // Tunnel, AES and SHA-1: 20 octets outside, 8 of header, 16 of IV, 128 of text, 12 of ICV.
    for (const bool in_udp : {false, true}) {
        last_visit(in_udp, 0, outcome::done);
        for (const std::size_t less : {1u, 8u, 15u, 17u, 100u}) last_visit(in_udp, less, outcome::misaligned);
        for (const std::size_t less : {16u, 112u}) last_visit(in_udp, less, outcome::done);      // 21a will find a wrong check value
        for (const std::size_t less : {128u, 144u}) last_visit(in_udp, less, outcome::short_packet);
    }
}

TEST_CASE("what cannot be decrypted goes on as it is with the reason") {
    journey unknown(some_packet());
    unknown.encrypt(transport);
    unknown.nic.remove(unknown.nic.named("s0"));
    CHECK(unknown.arrive() == "200");
    CHECK(unknown.delivered.security == passage::no_association);
    CHECK(unknown.delivered.packet == unknown.wire[0]);

    journey damaged(some_packet());
    damaged.encrypt(transport).wire[0].back() ^= 1;
    CHECK(damaged.arrive() == "200");
    CHECK(damaged.delivered.security == passage::refused);
    CHECK(damaged.delivered.why == outcome::bad_icv);
    CHECK(damaged.delivered.packet == damaged.wire[0]);

    journey cut(some_packet());
    cut.encrypt(transport).cut(576);
    cut.wire[1].back() ^= 1;
    CHECK(cut.arrive() == "200 206 210 214 216 218");
    CHECK(cut.delivered.why == outcome::bad_icv);

    journey half(some_packet());            // the outer one opens, the inner one does not: nothing in clear
    half.encrypt(transport);
    half.wire[0].back() ^= 1;
    half.encrypt(tunnel);
    CHECK(half.arrive() == "200 202");
    CHECK(half.delivered.why == outcome::bad_icv);
    CHECK(half.delivered.steps.size() == 2);
}

TEST_CASE("every step of the figure is taken by some packet") {
    std::vector<std::string> ways{
        journey(some_packet()).encrypt(transport).arrive(),
        journey(some_packet()).cut(576).arrive(),
        journey(some_packet()).cut(576).encrypt(tunnel).arrive(),
        journey(some_packet()).encrypt(transport).cut(576).encrypt(tunnel).arrive(),
    };
    for (const step_info& s : flow_chart()) {
        if (std::string(s.figure) != "FIG. 5") continue;
        const std::string number = std::to_string(static_cast<unsigned>(s.number));
        CAPTURE(number);
        CHECK(std::any_of(ways.begin(), ways.end(), [&](const std::string& w) { return w.find(number) != std::string::npos; }));
    }
}
