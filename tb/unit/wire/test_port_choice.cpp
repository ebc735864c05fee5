// How a switch spreads flows over a group: what counts, and how even it can be.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>

#include "nicteam/wire/port_choice.h"

using namespace nicteam;
using namespace nicteam::wire;

namespace {

// Ethernet, IPv4, UDP, written down octet by octet.
bytes datagram(const std::vector<std::uint8_t>& macs, std::uint32_t from, std::uint32_t to, unsigned source_port, unsigned destination_port, unsigned fragment = 0) {
    bytes f(64, 0);
    std::copy(macs.begin(), macs.end(), f.begin());
    f[12] = 0x08;
    f[14] = 0x45;
    f[17] = 46;
    f[20] = static_cast<std::uint8_t>(fragment >> 8), f[21] = static_cast<std::uint8_t>(fragment);
    f[22] = 64, f[23] = 17;
    for (unsigned i = 0; i < 4; ++i) f[26 + i] = static_cast<std::uint8_t>(from >> (24 - 8 * i)), f[30 + i] = static_cast<std::uint8_t>(to >> (24 - 8 * i));
    f[34] = static_cast<std::uint8_t>(source_port >> 8), f[35] = static_cast<std::uint8_t>(source_port);
    f[36] = static_cast<std::uint8_t>(destination_port >> 8), f[37] = static_cast<std::uint8_t>(destination_port);
    return f;
}

const std::vector<std::uint8_t> gateway_to_server{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9};

// Greatest share over mean share, averaged over many draws of flows from clients behind one gateway.
double imbalance(port_choice_kind k, unsigned flows, unsigned links, unsigned draws) {
    std::mt19937_64 random(21);
    const auto choice = make_port_choice(k);
    double sum = 0;
    for (unsigned d = 0; d < draws; ++d) {
        std::vector<unsigned> load(links);
        for (unsigned f = 0; f < flows; ++f)
            ++load[choice->choose(datagram(gateway_to_server, static_cast<std::uint32_t>(random()), 0xC0000201, 1024 + random() % 60000, 443), links)];
        sum += static_cast<double>(*std::max_element(load.begin(), load.end())) * links / flows;
    }
    return sum / draws;
}

}  // namespace

TEST_CASE("a choice is within the group, of any octets, and of one frame always the same but in turn") {
    std::mt19937_64 random(1);
    for (unsigned k = 0; k <= static_cast<unsigned>(port_choice_kind::vlan_srcmac); ++k) {
        const auto choice = make_port_choice(static_cast<port_choice_kind>(k));
        REQUIRE(choice);
        for (unsigned n = 0; n < 20000; ++n) {
            bytes f(14 + random() % 120);
            for (auto& o : f) o = static_cast<std::uint8_t>(random());
            if (n % 2) f[12] = std::vector<std::uint8_t>{0x08, 0x86, 0x81, 0x88}[n / 2 % 4], f[13] = std::vector<std::uint8_t>{0x00, 0xDD, 0x00, 0xA8}[n / 2 % 4];
            const unsigned many = 1 + random() % 8, one = choice->choose(f, many);
            REQUIRE(one < many);
            if (k != static_cast<unsigned>(port_choice_kind::round_robin)) REQUIRE(choice->choose(f, many) == one);
        }
    }
}

TEST_CASE("only what a choice is named for counts") {
    const auto differ = [](port_choice_kind k, auto change) {
        const auto choice = make_port_choice(k);
        for (unsigned n = 1; n < 256; ++n) {
            bytes one = datagram(gateway_to_server, 0x0A000001, 0xC0000201, 5000, 80), other = one;
            change(other, n);
            if (choice->choose(one, 8) != choice->choose(other, 8)) return true;
        }
        return false;
    };
    const auto octet = [](std::size_t at) { return [at](bytes& f, unsigned n) { f[at] ^= static_cast<std::uint8_t>(n); }; };
    using kind = port_choice_kind;
    struct row { kind k; bool destination_mac, source_mac, source_ip, destination_ip, ports; };
    for (const row& r : {row{kind::source_mac, false, true, false, false, false}, row{kind::destination_mac, true, false, false, false, false},
                         row{kind::both_macs, true, true, false, false, false}, row{kind::source_ip, false, false, true, false, false},
                         row{kind::destination_ip, false, false, false, true, false}, row{kind::layer2, true, true, false, false, false},
                         row{kind::layer2_3, true, true, true, true, false}, row{kind::layer3_4, false, false, true, true, true}}) {
        CAPTURE(static_cast<unsigned>(r.k));
        CHECK(differ(r.k, octet(5)) == r.destination_mac);
        CHECK(differ(r.k, octet(11)) == r.source_mac);
        CHECK(differ(r.k, octet(28)) == r.source_ip);
        CHECK(differ(r.k, octet(32)) == r.destination_ip);
        CHECK(differ(r.k, octet(34)) == r.ports);
    }
}

TEST_CASE("source IP: the exclusive or of four octets, of sixteen, behind tags, else of the source MAC") {
    const auto choice = make_port_choice(port_choice_kind::source_ip);
    bytes f = datagram(gateway_to_server, 0x0A010203, 0xC0000201, 1, 2);
    CHECK(choice->choose(f, 256) == (0x0A ^ 1 ^ 2 ^ 3));
    bytes tagged = f;
    tagged.insert(tagged.begin() + 12, {0x81, 0x00, 0x00, 0x05});
    CHECK(choice->choose(tagged, 256) == (0x0A ^ 1 ^ 2 ^ 3));
    bytes six(64, 0);
    std::copy(gateway_to_server.begin(), gateway_to_server.end(), six.begin());
    six[12] = 0x86, six[13] = 0xDD, six[22] = 0x20, six[37] = 0x05, six[38] = 0xFF;
    CHECK(choice->choose(six, 256) == (0x20 ^ 0x05));
    CHECK(make_port_choice(port_choice_kind::destination_ip)->choose(six, 256) == 0xFF);
    f[12] = 0x12;
    CHECK(choice->choose(f, 256) == (2 ^ 9));
}

TEST_CASE("how many flows it takes for an even load (what-if Q21)") {
    const auto of = [](unsigned flows, unsigned links) { return imbalance(port_choice_kind::layer3_4, flows, links, 2000); };
    CHECK(of(64, 4) == Approx(1.26).margin(0.01));
    CHECK(of(512, 4) == Approx(1.09).margin(0.01));
    CHECK(of(4096, 4) == Approx(1.03).margin(0.01));
    CHECK(of(8, 8) == Approx(2.6).margin(0.05));
    for (const unsigned flows : {64, 512, 4096}) CHECK(of(flows, 4) <= 1 + std::sqrt(2 * std::log(4) * 4 / flows));
    // All that comes through one gateway has its addresses: one link has it all.
    for (const auto k : {port_choice_kind::layer2, port_choice_kind::both_macs, port_choice_kind::source_mac}) CHECK(imbalance(k, 512, 4, 10) == 4);
    CHECK(imbalance(port_choice_kind::source_ip, 512, 4, 2000) == Approx(1.09).margin(0.01));
}

TEST_CASE("fragments leave their flow's link under layer3+4 and stay under layer2+3") {
    std::mt19937_64 random(3);
    unsigned apart_4 = 0, apart_3 = 0;
    const auto by_4 = make_port_choice(port_choice_kind::layer3_4), by_3 = make_port_choice(port_choice_kind::layer2_3);
    for (unsigned n = 0; n < 4000; ++n) {
        const auto from = static_cast<std::uint32_t>(random());
        const unsigned port = 1024 + random() % 60000;
        const bytes whole = datagram(gateway_to_server, from, 0xC0000201, port, 80), rest = datagram(gateway_to_server, from, 0xC0000201, port, 80, 185);
        apart_4 += by_4->choose(whole, 4) != by_4->choose(rest, 4);
        apart_3 += by_3->choose(whole, 4) != by_3->choose(rest, 4);
    }
    CHECK(apart_4 == Approx(3000).margin(150));         // 1 - 1/N of them
    CHECK(apart_3 == 0);
}

TEST_CASE("the loss of one of N links moves 1 - 1/N of the flows") {
    std::mt19937_64 random(4);
    const auto choice = make_port_choice(port_choice_kind::layer3_4);
    unsigned moved = 0;
    for (unsigned n = 0; n < 4000; ++n) {
        const bytes f = datagram(gateway_to_server, static_cast<std::uint32_t>(random()), 0xC0000201, 1024 + random() % 60000, 80);
        moved += choice->choose(f, 4) != choice->choose(f, 3);
    }
    CHECK(moved == Approx(3000).margin(150));           // the same modulo 4 and 3: 0, 1 and 2 of each twelve
}
