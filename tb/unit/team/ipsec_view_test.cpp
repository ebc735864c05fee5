// What a frame shows of IPsec: headers laid out by hand, as the RFCs draw them.
#include <catch2/catch.hpp>

#include <vector>

#include "team/ipsec_view.h"

using namespace nicteam;
using namespace nicteam::team;
using octet = std::uint8_t;
using octets_of = std::vector<octet>;
using what = ipsec_view::what;

namespace {

octets_of four(octet protocol, const octets_of& payload, unsigned flags_and_offset = 0, unsigned options = 0) {
    octets_of p{octet(0x45 + options / 4), 0, 0, 0, 0, 7, octet(flags_and_offset >> 8), octet(flags_and_offset), 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 9};
    p.resize(20 + options);
    p.insert(p.end(), payload.begin(), payload.end());
    return p;
}
octets_of six(octet next, const octets_of& payload) {
    octets_of p{0x60, 0, 0, 0, 0, octet(payload.size()), next, 64};
    p.resize(40);
    p[24] = 0x20, p[25] = 0x01, p[39] = 5;
    p.insert(p.end(), payload.begin(), payload.end());
    return p;
}
octets_of behind(octets_of header, const octets_of& rest) {
    header.insert(header.end(), rest.begin(), rest.end());
    return header;
}
ipsec_view look(const octets_of& p) { return look_for_ipsec({p.data(), p.size()}); }

const octets_of esp{0, 0, 3, 232, 0, 0, 0, 1, 9, 9, 9, 9};                            // SPI 1000, number 1
const octets_of ah{6, 4, 0, 0, 0, 0, 3, 233, 0, 0, 0, 1};                             // SPI 1001 behind next header, length and two reserved octets
octets_of udp(unsigned from, unsigned to, const octets_of& data) {
    const auto n = data.size() + 8;
    return behind({octet(from >> 8), octet(from), octet(to >> 8), octet(to), octet(n >> 8), octet(n), 0, 0}, data);
}

}  // namespace

TEST_CASE("ESP and AH show their SPI behind either version, options and extension headers") {
    for (const unsigned options : {0u, 12u}) {
        CHECK(look(four(50, esp, 0, options)).is == what::whole);
        CHECK(look(four(50, esp, 0, options)).spi == 1000);
        CHECK(look(four(51, ah, 0x4000, options)).spi == 1001);
    }
    CHECK(look(four(51, ah)).protocol == ipsec::security_protocol::ah);
    CHECK(look(four(50, esp)).destination == packet::ip_address(0xC0000209));
    CHECK(look(six(50, esp)).spi == 1000);
    CHECK(look(six(50, esp)).destination.version == 6);
    CHECK(look(six(50, esp)).destination.octets[15] == 5);
    CHECK(look(six(0, behind({60, 0, 0, 0, 0, 0, 0, 0}, behind({50, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, esp)))).spi == 1000);
    CHECK(look(six(44, behind({50, 0, 0, 0, 0, 0, 0, 7}, esp))).is == what::whole);       // an atomic fragment (RFC 6946)
}

TEST_CASE("ESP in UDP: port 4500, but for IKE and what keeps a translator awake") {
    CHECK(look(four(17, udp(4500, 4500, esp))).is == what::whole);
    CHECK(look(four(17, udp(4500, 4500, esp))).spi == 1000);
    CHECK(look(four(17, udp(1027, 4500, esp))).is == what::whole);
    CHECK(look(four(17, udp(4500, 1027, esp))).is == what::perhaps);
    CHECK(look(six(17, udp(4500, 4500, esp))).spi == 1000);
    CHECK(look(four(17, udp(1027, 9, esp))).is == what::plain);
    CHECK(look(four(17, udp(4500, 4500, {0, 0, 0, 0, 1, 2, 3, 4}))).is == what::plain);
    CHECK(look(four(17, behind(udp(4500, 4500, {0xFF}), {1, 1, 1, 1, 1, 1}))).is == what::plain);        // filled up by Ethernet
}

TEST_CASE("a piece of something encrypted is encrypted, whoever's it is, and of other things it is not") {
    CHECK(look(four(50, esp, 0x2000)).is == what::cut);                                    // more follow
    CHECK(look(four(50, esp, 0x0010)).is == what::cut);
    CHECK(look(four(51, ah, 0x2010)).is == what::cut);
    CHECK(look(six(44, behind({50, 0, 0, 1, 0, 0, 0, 7}, esp))).is == what::cut);
    CHECK(look(six(44, behind({50, 0, 0, 8, 0, 0, 0, 7}, esp))).is == what::cut);
    CHECK(look(four(17, udp(4500, 4500, esp), 0x2000)).is == what::cut);
    CHECK(look(four(17, udp(4500, 4500, esp), 0x0010)).is == what::plain);                 // shows no ports
    CHECK(look(four(17, udp(4500, 1027, esp), 0x2000)).is == what::plain);
    CHECK(look(four(50, {0, 0, 3})).is == what::cut);
}

TEST_CASE("what is no IP, or cut within its headers, is plain") {
    CHECK(look({}).is == what::plain);
    CHECK(look({0x45, 0}).is == what::plain);
    CHECK(look({0x60, 0}).is == what::plain);
    CHECK(look(four(6, esp)).is == what::plain);
    octets_of p = six(0, {0, 255});
    p.resize(128);
    CHECK(look(p).is == what::plain);                                                     // a chain that ends beyond what is looked at
    for (const octet next : {0, 43, 44, 60}) CHECK(look(six(next, {next, 0, 0, 0, 0, 0, 0, 0})).is == what::plain);
}
