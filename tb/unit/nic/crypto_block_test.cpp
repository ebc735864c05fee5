// A NIC with the crypto block, seen from its registers, its memory and its wire.
#include <catch2/catch.hpp>

#include "nicteam/ipsec/process.h"
#include "nicteam/offload/receive_block.h"
#include "nicteam/packet/udp.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000;
constexpr unsigned tail = 4, entry = 16;

nic::nic_config with_block() {
    nic::nic_config c;
    c.identity = nic::nic_identity::extended;
    c.crypto.enable = true;
    c.crypto.engines = {"aes-128-round", "sha1"};
    return c;
}

ipsec::association_parameters association() {
    ipsec::association_parameters p;
    p.name = "sa";
    p.spi = 0x4711;
    p.source = packet::ip_address(packet::ipv4_address{0x0A000002});
    p.destination = packet::ip_address(packet::ipv4_address{0x0A000001});
    p.algorithms = {ipsec::cipher_kind::aes_cbc, ipsec::authentication_kind::hmac_sha1_96};
    p.keys.cipher.assign(16, 1);
    p.keys.authentication.assign(20, 2);
    return p;
}

bytes framed(const bytes& packet) {
    bytes f = rig::payload(14);
    f.insert(f.end(), packet.begin(), packet.end());
    if (f.size() < 60) f.resize(60);
    return f;
}

bytes datagram(std::size_t octets) {
    packet::ipv4_fields f;
    f.source = 0x0A000002, f.destination = 0x0A000001;
    const bytes data(octets, 0x33);
    bytes out;
    packet::append_udp_datagram(out, f, 1, 2, {data.data(), data.size()});
    return out;
}

unsigned status(rig& r, unsigned n = 0) { return r.memory.read32(at + n * 2048) & 0xFFFF; }
unsigned count(rig& r, unsigned n = 0) { return r.memory.read32(at + n * 2048 + 12) & 0x3FFF; }
bytes stored(rig& r, unsigned n = 0) {
    bytes b(count(r, n));
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<std::uint8_t>(r.memory.read32(static_cast<std::uint32_t>(at + n * 2048 + 16 + i)));
    return b;
}

struct up : rig {
    explicit up(const nic::nic_config& c = with_block()) : rig(c) {
        configure(usual());
        ring(at, 8);
        scb(0, 1, at);
    }
};

}  // namespace

TEST_CASE("a decrypted packet lies in memory with its record behind it") {
    fresh_kernel k;
    up r;
    REQUIRE(r.card.crypto()->install(association()) == "");
    ipsec::association_table sender;
    sender.add(association());
    packet::identification_source identifications;
    ipsec::policy along;
    along.bundle = {"sa"};
    const bytes clear = datagram(100);
    r.arrive(framed(ipsec::outbound_along(sender, along, {clear.data(), clear.size()}, 0, identifications).packet));
    r.arrive(framed(clear));
    r.run_until_idle();
    CHECK(status(r) == 0xA020);
    bytes want = framed(clear);
    CHECK(count(r) == want.size() + entry + tail);
    const bytes b = stored(r);
    CHECK(bytes(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(want.size())) == want);
    CHECK(bytes(b.end() - tail, b.end()) == bytes{1, 0, 0x0C, 1});
    CHECK(b[b.size() - tail - 8] == 1);          // sequence number 1
    CHECK(stored(r, 1) == [&] { want.insert(want.end(), {0, 0, 0x0C, 0}); return want; }());
    CHECK(r.metric("rx_frames") == 2);
}

TEST_CASE("what is bad or short or long or for another or for the MAC never comes into the block") {
    fresh_kernel k;
    up r;
    std::vector<std::uint8_t> c = rig::usual();
    c[6] |= 0x80;                                // save bad frames: without effect
    c[18] |= 0x04;                               // CRC to memory: without effect
    r.configure(c);
    r.arrive(rig::payload(100), wire::wire_end::bad_fcs);
    r.arrive(rig::payload(40));
    r.arrive(rig::payload(1600));
    r.arrive(rig::payload(100, {2, 0, 0, 0, 0, 9}));
    r.arrive(rig::payload(300), wire::wire_end::good, 0, 120);       // the link is lost under way
    r.arrive(rig::payload(100, {2, 0, 0, 0, 0, 1}, 5));
    r.run_until_idle();
    CHECK(r.metric("rx_crc_errors") == 2);
    CHECK(r.metric("rx_short") == 1);
    CHECK(r.metric("rx_long") == 1);
    CHECK(r.metric("rx_unmatched") == 1);
    CHECK(r.metric("crypto.frames") == 1);
    CHECK(r.metric("crypto.lost_142") == 0);
    CHECK(r.metric("rx_frames") == 1);
    CHECK(count(r) == 100 + tail);
}

TEST_CASE("a frame of 1518 octets with its record is not long and 1519 are") {
    fresh_kernel k;
    up r;
    r.arrive(rig::payload(1514));
    r.arrive(rig::payload(1515));
    r.run_until_idle();
    CHECK(count(r) == 1514 + tail);
    CHECK(r.metric("rx_long") == 1);
}

TEST_CASE("without descriptors the FIFO fills, the block holds off and buffer 142 loses what comes then") {
    fresh_kernel k;
    rig r(with_block());
    r.configure(rig::usual());
    for (int n = 0; n < 16; ++n) r.arrive(rig::payload(1000));
    r.run_until_idle();
    // 3 in the FIFO of 3 KiB, one offered, one in 22b, two in 21a, four of 1,004 octets in 142.
    CHECK(r.metric("crypto.lost_142") == 16 - 11);
    CHECK(r.metric("rx_overruns") + r.metric("rx_no_resources") + r.metric("rx_idle_drops") == 0);
    r.ring(at, 16);
    r.scb(0, 1, at);
    r.run_until_idle();
    CHECK(r.metric("rx_frames") == 11);
}

TEST_CASE("a reset throws away what is in the block and the next frame comes through") {
    fresh_kernel k;
    up r;
    r.arrive(rig::payload(1500));
    r.run(r.sender.octet * 1520);                // in the block
    r.write(0x08, 4, 0);                         // PORT: software reset
    r.run_until_idle();
    CHECK(r.metric("rx_frames") == 0);
    r.configure(rig::usual());
    r.ring(at, 2);
    r.scb(0, 1, at);
    r.arrive(rig::payload(200));
    r.run_until_idle();
    CHECK(count(r) == 200 + tail);
}

TEST_CASE("only the extended identity has a block and none stands beside the identity stage") {
    nic::nic_config c = with_block();
    CHECK(nic::check(c).empty());
    c.rx_stage_clocks = 1;
    CHECK(nic::check(c).at(0).parameter == "rx_stage_clocks");
    c = with_block();
    c.identity = nic::nic_identity::i82550;
    CHECK(nic::check(c).at(0).parameter == "crypto.enable");
    fresh_kernel k;
    rig r;
    CHECK(r.card.crypto() == nullptr);
}
