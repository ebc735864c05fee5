// Whatever octets come up the wire: counted with a reason, never a crash.
#include <catch2/catch.hpp>

#include <algorithm>

#include "nicteam/base/random_stream.h"
#include "nicteam/packet/arp.h"
#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/packet/udp.h"
#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
constexpr std::size_t ip_at = packet::ethernet_header, udp_at = ip_at + packet::ipv4_header;

// One host sends frames octet by octet as it is told, the other one's stack takes them.
struct frames_to_a_stack {
    frames_to_a_stack() : a("a", numbered(1)), b("b", numbered(2)), cable("lan", {}, a.nic, b.nic), out(a.stack->open_raw({driver::protocol::everything_else})),
                          sink("sink", {}, b.stack->open_udp(9)), llc("llc", {}, b.stack->open_raw({driver::protocol::llc})) {
        out.user(quiet);
    }
    bytes datagram(std::uint16_t port = 9, std::size_t octets = 40, bool snap = false) const {
        bytes f;
        const auto to = *packet::parse_mac("02:00:00:00:00:02"), from = *packet::parse_mac("02:00:00:00:00:01");
        if (snap) packet::append_llc_snap(f, to, from, packet::ether_type::ipv4, packet::ipv4_header + packet::udp_header + octets);
        else packet::append_ethernet(f, to, from, packet::ether_type::ipv4);
        packet::ipv4_fields ip;
        ip.source = 0x0A000001;
        ip.destination = 0x0A000002;
        ip.protocol = packet::ip_protocol::udp;
        packet::append_udp_datagram(f, ip, 9000, port, bytes(octets, 0x5A));
        return f;
    }
    // Header checksum as it should be again.
    static bytes mended(bytes f) {
        packet::put16(f.data() + ip_at + 10, 0);
        packet::put16(f.data() + ip_at + 10, packet::internet_checksum({f.data() + ip_at, packet::ipv4_header}));
        return f;
    }
    void send(const bytes& f) {
        at += 200 * microsecond;
        a.host.cpu().post(at, [this, f](host::cpu& c) { REQUIRE(out.send(c, {}, f, 0, 0) == driver::status::done); });
        ++sent;
    }
    // What the stack counted for this one frame.
    std::uint64_t counts(const char* name, const bytes& f) {
        send(f);
        const std::uint64_t before = metric(std::string("b_stack.") + name);
        simulate(at + 150 * microsecond - sim::now());
        return metric(std::string("b_stack.") + name) - before;
    }
    struct ignore : stack::socket_user {
        void received(host::cpu&, stack::socket&, const stack::arrival&) override {}
    } quiet;
    machine a, b;
    wire::cable cable;
    stack::socket& out;
    stack::sink_application sink, llc;
    ps at = millisecond;
    unsigned sent = 0;
};

bytes with(bytes f, std::size_t where, std::uint16_t v) {
    packet::put16(f.data() + where, v);
    return f;
}
}  // namespace

TEST_CASE("Length fields and checksums that are wrong and fragments are each counted by their reason", "[stack]") {
    fresh_kernel k;
    frames_to_a_stack s;
    const bytes good = s.datagram();
    const auto mended = frames_to_a_stack::mended;
    const auto taken = [&](const bytes& f) {
        const std::uint64_t before = metric("sink.received");
        CHECK(s.counts("received", f) == 1);
        return metric("sink.received") - before;
    };
    CHECK(taken(good) == 1);
    bytes padded = s.datagram(9, 4);
    padded.resize(60);                                                        // behind the datagram: padding
    CHECK(taken(padded) == 1);
    bytes unchecked = with(good, udp_at + 6, 0);                              // RFC 768: no checksum
    CHECK(taken(unchecked) == 1);

    CHECK(s.counts("bad_header", mended(with(good, ip_at + 2, 1000))) == 1);  // total length beyond the frame
    CHECK(s.counts("bad_header", mended(with(good, ip_at + 2, 19))) == 1);    // … below its own header
    bytes short_header = good;
    short_header[ip_at] = 0x44;                                               // header length of 16
    CHECK(s.counts("bad_header", mended(short_header)) == 1);
    bytes version = good;
    version[ip_at] = 0x65;
    CHECK(s.counts("bad_header", mended(version)) == 1);
    CHECK(s.counts("bad_header", bytes(good.begin(), good.begin() + 20)) == 1);
    CHECK(s.counts("bad_header", with(good, udp_at + 4, 200)) == 1);          // UDP length beyond the datagram
    CHECK(s.counts("bad_header", with(good, udp_at + 4, 7)) == 1);            // … below its header
    CHECK(s.counts("bad_checksum", with(good, ip_at + 10, 0x1234)) == 1);
    CHECK(s.counts("bad_checksum", with(good, udp_at + 6, 0x1234)) == 1);
    CHECK(s.counts("fragments", mended(with(good, ip_at + 6, 0x2000))) == 1); // more to come
    CHECK(s.counts("fragments", mended(with(good, ip_at + 6, 0x0010))) == 1); // a later one
    CHECK(s.counts("not_ours", mended(with(good, ip_at + 18, 99))) == 1);
    bytes tcp = good;
    tcp[ip_at + 9] = 6;
    CHECK(s.counts("unknown_protocol", mended(tcp)) == 1);
    CHECK(s.counts("no_socket", s.datagram(10)) == 1);
    bytes arp;
    packet::build_arp_request(arp, *packet::parse_mac("02:00:00:00:00:01"), 0x0A000001, 0x0A000002);
    CHECK(s.counts("arp_replies", arp) == 1);
    CHECK(s.counts("bad_header", with(arp, packet::ethernet_header + 2, 0x86DD)) == 1);     // not for IPv4
    CHECK(s.counts("bad_header", with(arp, packet::ethernet_header + 4, 0x0704)) == 1);     // hardware addresses of seven octets
    CHECK(metric("sink.received") == 3);
    CHECK(metric("sink.damaged") == 0);
}

TEST_CASE("A source address that is a group address or zero passes the controller and no receiver gets the frame", "[stack]") {
    fresh_kernel k;
    frames_to_a_stack s;
    bytes llc;
    packet::append_llc(llc, *packet::parse_mac("02:00:00:00:00:02"), *packet::parse_mac("02:00:00:00:00:01"), 0x42, 0x42, 3, 60);
    llc.resize(llc.size() + 60);
    const std::uint64_t good = 2;
    for (const bytes& f : {s.datagram(), llc}) CHECK(s.counts("bad_source", f) == 0);
    unsigned bad = 0;
    for (const char* source : {"00:00:00:00:00:00", "FF:FF:FF:FF:FF:FF", "01:00:5E:00:00:01", "33:33:00:00:00:01"})
        for (bytes f : {s.datagram(), llc}) {
            const auto from = *packet::parse_mac(source);
            std::copy(from.begin(), from.end(), f.begin() + 6);
            INFO(source);
            CHECK(s.counts("bad_source", f) == 1);
            ++bad;
        }
    CHECK(s.counts("bad_source", s.datagram()) == 0);                         // and goes on as before
    CHECK(metric("b_driver.received_packets") == good + bad + 1);             // the chip does not look at the source
    CHECK(metric("b_stack.received") == good + bad + 1);
    CHECK(metric("sink.received") == 2);
    CHECK(metric("llc.received") == 1);
    CHECK(metric("b_driver.receive_posted") == 64);                           // every buffer came back
}

TEST_CASE("Frames with a SNAP header go out by their EtherType and other LLC frames to who takes LLC", "[stack]") {
    fresh_kernel k;
    frames_to_a_stack s;
    bytes llc, foreign, short_one;
    const auto to = *packet::parse_mac("02:00:00:00:00:02"), from = *packet::parse_mac("02:00:00:00:00:01");
    packet::append_llc(llc, to, from, 0x42, 0x42, 3, 60);
    llc.resize(llc.size() + 60);
    packet::append_llc_snap(foreign, to, from, packet::ether_type::ipv4, 60);
    foreign.resize(foreign.size() + 60);
    foreign[packet::ethernet_header + packet::llc_header + 2] = 1;            // an organisation's own protocol, whatever its number
    packet::append_llc(short_one, to, from, 0xAA, 0xAA, 3, 0);                // no room for SNAP
    for (const bytes& f : {llc, foreign, short_one}) CHECK(s.counts("received", f) == 1);
    CHECK(metric("llc.received") == 3);
    CHECK(s.counts("received", s.datagram(9, 40, true)) == 1);
    CHECK(metric("sink.received") == 1);                                      // RFC 1042
    bytes arp, request;
    packet::build_arp_request(request, from, 0x0A000001, 0x0A000002);
    packet::append_llc_snap(arp, to, from, packet::ether_type::arp, request.size() - packet::ethernet_header);
    arp.insert(arp.end(), request.begin() + packet::ethernet_header, request.end());
    CHECK(s.counts("arp_replies", arp) == 1);
    CHECK(metric("llc.received") == 3);
    CHECK(metric("b_intermediary.unclaimed") == 0);
}

TEST_CASE("Any string of octets up the stack is counted and harms nothing", "[stack]") {
    const std::uint64_t seed = GENERATE(1u, 2u, 3u);
    fresh_kernel k;
    frames_to_a_stack s;
    random_stream r(seed, "frames", "octets");
    for (unsigned n = 0; n < 700; ++n) {
        bytes f = s.datagram(9, r.below(400));
        const unsigned kind = static_cast<unsigned>(r.below(4));
        if (kind == 3) f.resize(14 + r.below(1'500));                         // nothing but noise behind the addresses
        const std::size_t first = kind == 3 ? 12 : kind == 2 ? 12 : ip_at, last = kind == 1 ? std::min<std::size_t>(f.size(), udp_at + 8) : f.size();
        for (std::uint64_t hits = kind == 3 ? f.size() : 1 + r.below(4); hits; --hits)
            f[first + r.below(last - first)] = static_cast<std::uint8_t>(r.below(256));
        if (kind == 1) f = frames_to_a_stack::mended(f);
        if (n % 5 == 0) f.resize(14 + r.below(f.size() - 13));
        s.send(f);
    }
    s.send(s.datagram());                                                     // and goes on as before
    simulate(s.at + millisecond);
    CHECK(metric("b_driver.received_packets") == s.sent);
    CHECK(metric("b_intermediary.received") + metric("b_intermediary.unclaimed") == s.sent);
    CHECK(metric("b_stack.received") == metric("b_intermediary.received"));
    CHECK(metric("b_intermediary.unclaimed") > 10);
    CHECK(metric("b_stack.bad_header") > 10);
    CHECK(metric("b_stack.bad_checksum") > 10);
    CHECK(metric("sink.received") > 10);
    CHECK(metric("b_driver.receive_posted") == 64);                           // every buffer came back
}
