// What comes to port 4500 of a host whose CPU has associations in UDP: RFC 3948, 2.1 to 2.3 and 3.
#include <catch2/catch.hpp>

#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/udp.h"
#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t ours = 0x0A000002, theirs = 0x0A000001;

ipsec::association_parameters parameters() {
    ipsec::association_parameters p;
    p.name = "in_udp";
    p.spi = 0x1234;
    p.algorithms = {ipsec::cipher_kind::aes_cbc, ipsec::authentication_kind::hmac_sha1_96};
    p.keys.cipher.assign(16, 0x21);
    p.keys.authentication.assign(20, 0x43);
    p.source = packet::ip_address(theirs);
    p.destination = packet::ip_address(ours);
    p.udp = ipsec::udp_ports{};
    return p;
}

struct reader : stack::socket_user {
    explicit reader(stack::socket& s) { s.user(*this); }
    void received(host::cpu&, stack::socket&, const stack::arrival& a) override { got.emplace_back(a.data.data, a.data.data + a.data.size); }
    std::vector<bytes> got;
};

struct two_stations {
    two_stations() : a("a", numbered(1)), b("b", numbered(2)), cable("lan", {}, a.nic, b.nic), out(a.stack->open_raw({driver::protocol::everything_else})),
                     own(out), ike(b.stack->open_udp(4500)), discard(b.stack->open_udp(9)), sender(parameters()) {
        b.stack->take_off(parameters(), ipsec::payload_kind::real);
    }
    void send(const bytes& packet) {
        bytes f;
        packet::append_ethernet(f, *packet::parse_mac("02:00:00:00:00:02"), *packet::parse_mac("02:00:00:00:00:01"), packet::ether_type::ipv4);
        f.insert(f.end(), packet.begin(), packet.end());
        at += millisecond;
        a.host.cpu().post(at, [this, f](host::cpu& c) { CHECK(out.send(c, {}, f, 0, 0) == driver::status::done); });
    }
    static bytes datagram(std::uint16_t from, std::uint16_t to, const bytes& payload) {
        packet::ipv4_fields f;
        f.source = theirs;
        f.destination = ours;
        f.protocol = packet::ip_protocol::udp;
        f.dont_fragment = false;
        bytes b;
        packet::append_udp_datagram(b, f, from, to, payload);
        return b;
    }
    bytes sealed(const bytes& inner) {
        std::uint64_t sequence = 0;
        std::uint8_t iv[16] = {};
        bytes outer;
        ipsec::work w;
        REQUIRE(sender.draw(sequence, iv));
        REQUIRE(ipsec::protect(sender, inner, sequence, iv, outer, w) == ipsec::outcome::done);
        return outer;
    }
    machine a, b;
    wire::cable cable;
    stack::socket& out;
    reader own, ike, discard;
    ipsec::association sender;
    ps at = 0;
};

}  // namespace

TEST_CASE("To port 4500 come ESP, IKE behind four zero octets and what keeps a translator awake", "[stack]") {
    fresh_kernel k;
    two_stations s;
    bytes key_exchange(40, 0x77);
    std::fill_n(key_exchange.begin(), 4, std::uint8_t{0});
    bytes unknown(40, 0x77);
    const bytes hello(100, 0x5A);
    s.send(s.datagram(500, 4500, key_exchange));
    s.send(s.datagram(4500, 4500, {0xFF}));
    s.send(s.datagram(4500, 4500, unknown));                               // an SPI of 77777777h
    s.send(s.sealed(s.datagram(9000, 9, hello)));
    s.send(s.datagram(4500, 9, hello));                                    // from there: a datagram of its own
    simulate(10 * millisecond);
    CHECK(s.ike.got == std::vector<bytes>{key_exchange});
    CHECK(s.discard.got == std::vector<bytes>{hello, hello});
    CHECK(metric("b_stack.security_dropped") == 1);
    CHECK(metric("b_stack.security_taken_off") == 1);
    CHECK(metric("b_stack.no_socket") == 0);
}

TEST_CASE("ESP in UDP that comes in pieces is put together and opened by the CPU, and so is a plain datagram in pieces", "[stack]") {
    fresh_kernel k;
    two_stations s;
    const bytes hello(900, 0x5A);
    for (const bytes& whole : {s.sealed(s.datagram(9000, 9, hello)), s.datagram(9000, 9, hello)}) {
        std::vector<bytes> parts;
        bytes may_be_cut = whole;
        may_be_cut[6] = 0;
        packet::finish_ip(may_be_cut);
        REQUIRE(packet::fragment(may_be_cut, 300, 0, parts) == packet::fragment_result::fragmented);
        for (const bytes& p : parts) s.send(p);
    }
    simulate(20 * millisecond);
    CHECK(s.discard.got == std::vector<bytes>{hello, hello});
    CHECK(metric("b_stack.reassembled") == 2);
    CHECK(metric("b_stack.security_reassembled") == 1);
    CHECK(metric("b_stack.security_taken_off") == 1);
}
