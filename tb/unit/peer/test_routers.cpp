// Routers and gateways between a peer and its link, both ways: what comes out, octet by octet where RFCs say it, and who hears of what is too long.
#include <catch2/catch.hpp>

#include "nicteam/ipsec/process.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/icmp_error.h"
#include "nicteam/packet/ip.h"
#include "nicteam/packet/reassembly.h"
#include "nicteam/packet/udp.h"
#include "nicteam/peer/protection.h"
#include "unit/peer/two_peers.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::packet;

namespace {

const mac_address mac_a{2, 0, 0, 0, 0, 10}, mac_b{2, 0, 0, 0, 0, 11};
const ipv4_address ip_a = 0xC000020A, ip_b = 0xC000020B, ip_gate = 0xC00002FE;

ref<frame> datagram(std::size_t octets, bool dont_fragment, std::uint8_t ttl = 64) {
    auto f = frame::make();
    append_ethernet(f->data, mac_b, mac_a, ether_type::ipv4);
    ipv4_fields ip{ip_a, ip_b, ip_protocol::udp, ttl};
    ip.identification = 77;
    ip.dont_fragment = dont_fragment;
    bytes load(octets - ipv4_header - udp_header);
    for (std::size_t k = 0; k < load.size(); ++k) load[k] = static_cast<std::uint8_t>(31 * k + 7);
    append_udp_datagram(f->data, ip, 5, 6, load);
    pad_to_minimum(f->data);
    append_lazy_fcs(*f);
    return f;
}

octets without_fcs(const ref<frame>& f) { return {f->data.data(), f->data.size() - fcs_octets}; }
ip_view ip_of(const ref<frame>& f) { return *ip_view::parse(without_fcs(f).from(ethernet_header)); }

ipsec::association_parameters tunnel(ipv4_address from, ipv4_address to, std::uint32_t spi = 0x1000) {
    ipsec::association_config c;
    c.spi = spi;
    c.key = "0x000102030405060708090a0b0c0d0e0f";
    c.authentication_key = "0x000102030405060708090a0b0c0d0e0f10111213";
    c.dont_fragment = ipsec::fragment_bit::copy;
    return ipsec::parameters_of(c, "tunnel", ip_address(from), ip_address(to));
}

ipsec::policy along(const char* name) {
    ipsec::policy p;
    p.name = "all";
    p.bundle = {name};
    return p;
}

struct way {
    explicit way(const peer::protection_config& c = {}) : p("k", c, ip_address(ip_a)) {}
    std::deque<ref<frame>> pass(const ref<frame>& f) {
        std::deque<ref<frame>> out;
        p.pass(*f, ++now, out);
        return out;
    }
    std::vector<bytes> receive(const ref<frame>& f, std::deque<ref<frame>>* told = nullptr) {
        std::vector<bytes> reached;
        std::deque<ref<frame>> back;
        why = p.receive(without_fcs(f), ++now, reached, back);
        if (told) *told = back;
        return reached;
    }
    std::uint64_t count(const std::string& path) {
        for (const auto& m : kernel.session().metrics())
            if (m.path == path) return m.as_counter->value();
        throw std::logic_error("no metric " + path);
    }
    peer::gateway::refusal why = peer::gateway::refusal::none;
    fresh_kernel kernel;
    peer::protection p;
    ps now = 0;
};

peer::router_config link_of(std::int64_t mtu) {
    peer::router_config c;
    c.mtu = mtu;
    return c;
}

}  // namespace

TEST_CASE("routers cut one after the other and their pieces are the datagram with as many hops less") {
    peer::protection_config c;
    c.route_mtu = {"1280 B"};
    way w(c);
    w.p.add_router("k.far", link_of(576), ip_address(ip_gate));
    const auto whole = datagram(1'500, false);
    const auto out = w.pass(whole);
    REQUIRE(out.size() == 4);                      // 1276 + 244: the first again, 572 + 572 + 172
    reassembler again;
    reassembly_step last = reassembly_step::held;
    for (const auto& f : out) {
        CHECK(ip_of(f).packet.size <= 576);
        CHECK(ip_of(f).hop_limit == 62);
        last = again.add(ip_of(f).packet, 0);
    }
    REQUIRE(last == reassembly_step::complete);
    const auto was = ip_of(whole), is = *ip_view::parse(again.result().datagram);
    CHECK(bytes(is.payload.data, is.payload.data + is.payload.size) == bytes(was.payload.data, was.payload.data + was.payload.size));
    CHECK(w.count("k.fragments_sent") == 4);
    CHECK(w.count("k.far.fragments") == 3);
    CHECK(w.count("k.too_big") + w.count("k.far.too_big") == 0);
}

TEST_CASE("a packet of one hop ends at the first router and one of two at the second") {
    peer::protection_config c;
    c.route_mtu = {"1500 B"};
    way w(c);
    w.p.add_router("k.far", link_of(1'500), ip_address(ip_gate));
    CHECK(w.pass(datagram(100, true, 1)).empty());
    CHECK(w.pass(datagram(100, true, 2)).empty());
    CHECK(w.pass(datagram(100, true, 3)).size() == 1);
    CHECK(w.count("k.too_far") == 1);
    CHECK(w.count("k.far.too_far") == 1);
}

TEST_CASE("a source that is told of a path cuts what follows itself and says DF no more") {
    way w;
    w.p.add_router("k.far", link_of(576), ip_address(ip_gate));
    CHECK(w.pass(datagram(1'000, true)).empty());      // RFC 1191: the first is lost
    CHECK(w.count("k.far.too_big") == 1);
    CHECK(w.count("k.paths_learned") == 1);
    const auto out = w.pass(datagram(1'000, true));
    REQUIRE(out.size() == 2);
    CHECK(ip_of(out[0]).packet.size == 572);
    CHECK(!ip_of(out[0]).dont_fragment);
    CHECK(w.count("k.far.fragments") == 0);
    CHECK(w.count("k.far.too_big") == 1);
    CHECK(w.pass(datagram(500, true)).size() == 1);
}

TEST_CASE("the association whose packet was too long learns the path and cuts behind itself what may be cut") {
    way w;
    auto sa = tunnel(ip_a, ip_b);
    sa.tunnel.dont_fragment = ipsec::fragment_bit::set;
    REQUIRE(w.p.security().add(sa) == "");
    w.p.security().add(along("tunnel"));
    w.p.add_router("k.far", link_of(900), ip_address(ip_gate));
    CHECK(w.pass(datagram(1'000, true)).empty());
    CHECK(w.count("k.paths_learned") == 1);
    // The association would be over its path now and its outer header may not be cut: it tells its source, and there is nobody else.
    CHECK(w.pass(datagram(1'000, true)).empty());
    CHECK(w.count("k.unsent") == 1);
    CHECK(w.count("k.far.too_big") == 1);
    CHECK(w.pass(datagram(600, true)).size() == 1);
}

TEST_CASE("a tunnel that copies DF lets its source cut behind it once the path is known") {
    way w;
    REQUIRE(w.p.security().add(tunnel(ip_a, ip_b)) == "");
    w.p.security().add(along("tunnel"));
    w.p.add_router("k.far", link_of(900), ip_address(ip_gate));
    CHECK(w.pass(datagram(1'000, true)).empty());      // the router tells the association
    CHECK(w.pass(datagram(1'000, true)).empty());      // which tells its source
    const auto out = w.pass(datagram(1'000, true));
    REQUIRE(out.size() == 2);
    for (const auto& f : out) {
        CHECK(ip_of(f).protocol == 50);
        CHECK(ip_of(f).packet.size <= 900);
    }
    CHECK(w.count("k.paths_learned") == 2);
    CHECK(w.count("k.far.fragments") == 0);
}

TEST_CASE("a gateway puts its tunnel on what comes from the peer") {
    way w;
    peer::gateway& g = w.p.add_router("k.gate", link_of(1'500), ip_address(ip_gate));
    REQUIRE(g.add(tunnel(ip_gate, ip_b)) == "");
    g.add(along("tunnel"));
    const auto out = w.pass(datagram(300, true));
    REQUIRE(out.size() == 1);
    CHECK(ip_of(out[0]).source == ip_address(ip_gate));
    CHECK(ip_of(out[0]).protocol == 50);
    CHECK(w.count("k.gate.protected") == 1);
    CHECK(w.count("k.protected") == 0);
}

TEST_CASE("a gateway that a tunnel ends at puts its pieces together, takes it off and forwards what was inside, and nothing else") {
    way w;
    peer::gateway& g = w.p.add_router("k.gate", link_of(1'500), ip_address(ip_gate));
    auto sa = tunnel(ip_b, ip_gate);
    sa.tunnel.dont_fragment = ipsec::fragment_bit::clear;
    REQUIRE(g.add_inbound(sa) == "");
    ipsec::association_table far;
    REQUIRE(far.add(sa).refused.empty());
    identification_source ids;
    const auto inner = datagram(1'000, true);
    const auto sent = ipsec::outbound_along(far, along("tunnel"), ip_of(inner).packet, 0, ids);
    std::vector<bytes> pieces;
    REQUIRE(fragment(sent.packet, 400, 0, pieces) == fragment_result::fragmented);
    const auto arrives = [&](const bytes& packet) {
        auto f = frame::make();
        append_ethernet(f->data, mac_a, mac_b, ether_type::ipv4);
        f->data.insert(f->data.end(), packet.begin(), packet.end());
        pad_to_minimum(f->data);
        append_lazy_fcs(*f);
        return w.receive(f);
    };
    for (std::size_t k = pieces.size(); --k > 0;) CHECK(arrives(pieces[k]).empty());
    const auto reached = arrives(pieces[0]);
    REQUIRE(reached.size() == 1);
    const auto v = *ip_view::parse(octets(reached[0]).from(ethernet_header));
    CHECK(v.hop_limit == 63);
    CHECK(bytes(v.payload.data, v.payload.data + v.payload.size) == bytes(ip_of(inner).payload.data, ip_of(inner).payload.data + ip_of(inner).payload.size));
    CHECK(w.count("k.gate.opened") == 1);
    bytes spoilt = sent.packet;
    spoilt[100] ^= 1;
    CHECK(arrives(spoilt).empty());
    CHECK(w.count("k.gate.not_opened") == 1);
    CHECK(w.why == peer::gateway::refusal::replayed);        // its number has been
    spoilt[20 + 7] = 9;
    CHECK(arrives(spoilt).empty());
    CHECK(w.why == peer::gateway::refusal::not_authentic);
    bytes unknown = sent.packet;
    unknown[20] ^= 1;                                        // SPI
    CHECK(arrives(unknown).size() <= 1);
    CHECK(w.count("k.gate.not_opened") == 3);
    CHECK(w.receive(datagram(200, true)).size() == 1);       // not for the gateway
}

TEST_CASE("what is too long on its way to the peer and says DF comes back as ICMP by the way it came") {
    peer::protection_config c;
    c.route_mtu = {"600 B", "1500 B"};
    way w(c);
    std::deque<ref<frame>> told;
    auto f = datagram(1'000, true);
    std::swap_ranges(f->data.begin(), f->data.begin() + 6, f->data.begin() + 6);
    CHECK(w.receive(f, &told).empty());
    REQUIRE(told.size() == 1);
    const auto frame = *ethernet_view::parse(without_fcs(told[0]));
    CHECK(frame.destination == mac_b);
    CHECK(frame.source == mac_a);
    const auto v = *ip_view::parse(frame.payload);
    CHECK(v.destination == ip_address(ip_a));                // the source of what was too long
    const auto e = icmp_error::parse(v);
    REQUIRE(e);
    CHECK(e->reason == icmp_reason::packet_too_big);
    CHECK(e->mtu_or_pointer == 600);
    CHECK(v.source == ip_address(0xC0000008));               // RFC 7600: it has no address of its own
    CHECK(e->checksum_good);
    CHECK(w.count("k.hosts_told") == 1);
    CHECK(w.count("k.too_big") == 1);
    CHECK(w.receive(datagram(1'000, false), &told).size() == 2);
    CHECK(told.empty());
}

TEST_CASE("a peer puts fragments for it together and answers with fragments") {
    two_peers net({}, false, 1, at("02:00:00:00:00:0a", "192.0.2.10"), [] {
        auto c = at("02:00:00:00:00:0b", "192.0.2.11");
        c.answer_udp_echo = true;
        c.udp_echo_port = 6;
        return c;
    }());
    auto s = std::make_unique<script>();
    std::vector<bytes> pieces;
    REQUIRE(fragment(ip_of(datagram(4'000, false)).packet, 1'500, 0, pieces) == fragment_result::fragmented);
    ps at = 0;
    for (auto p = pieces.rbegin(); p != pieces.rend(); ++p) {
        bytes f;
        append_ethernet(f, mac_b, mac_a, ether_type::ipv4);
        f.insert(f.end(), p->begin(), p->end());
        s->add(at += 200 * microsecond, f);
    }
    net.a->add_source(std::move(s));
    recorder seen;
    seen.attach(net.kernel.session(), "b.port");
    net.run(3 * millisecond);
    CHECK(net.count("b.reassembled") == 1);
    CHECK(net.count("b.udp_echoes") == 1);
    reassembler again;
    reassembly_step last = reassembly_step::held;
    for (const auto& i : seen.items)
        if (i.way == sim::direction::out) last = again.add(octets(i.data).from(ethernet_header).first(i.data.size() - ethernet_header - fcs_octets), 0);
    REQUIRE(last == reassembly_step::complete);
    CHECK(again.result().datagram.size() == 4'000);
    CHECK(again.result().fragments == 3);
}
