// Each setting of the stack and its applications has an effect that can be seen on the wire or in what is told.
#include <catch2/catch.hpp>

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/udp.h"
#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
constexpr packet::ipv4_address neighbour = 0x0A000002, elsewhere = 0xC0A80105;

struct told : stack::socket_user {
    void received(host::cpu&, stack::socket&, const stack::arrival& a) override { frames.push_back(bytes(a.data.data, a.data.data + a.data.size)); }
    void sent(host::cpu&, stack::socket&, std::uint64_t tag, driver::status s) override { results.push_back({tag, s}); }
    std::vector<bytes> frames;
    std::vector<std::pair<std::uint64_t, driver::status>> results;
};

// One host with a stack, and one that has no address and takes every IPv4 frame as it is.
struct observed {
    explicit observed(const stack::stack_config& s, bool knows = true) : a("a", with(s)), b("b", silent()), cable("lan", {}, a.nic, b.nic), out(a.stack->open_udp(9000)) {
        out.user(sender);
        b.stack->open_raw({driver::protocol::ether_type, packet::ether_type::ipv4}).user(wire);
        if (knows) a.stack->add_neighbour(neighbour, *packet::parse_mac("02:00:00:00:00:02"));
    }
    static machine_config with(const stack::stack_config& s) {
        machine_config c = numbered(1);
        const std::string address = c.stack.address;
        c.stack = s;
        c.stack.address = address;
        return c;
    }
    static machine_config silent() {
        machine_config c = numbered(2);
        c.stack.address.clear();
        return c;
    }
    void send(ps at, packet::ipv4_address to, std::uint64_t tag = 0) {
        a.host.cpu().post(at, [this, to, tag](host::cpu& c) { answers.push_back(out.send(c, {to, 9}, bytes(20, 0x5A), 0, tag)); });
    }
    const bytes& first() const { return wire.frames.at(0); }
    packet::ipv4_view header() const { return *packet::ipv4_view::parse(packet::ethernet_view::parse(first())->payload); }
    machine a, b;
    wire::cable cable;
    stack::socket& out;
    told sender, wire;
    std::vector<driver::status> answers;
};
}  // namespace

TEST_CASE("Datagrams carry the time to live and the checksum that they are told to", "[stack]") {
    fresh_kernel k;
    stack::stack_config s;
    SECTION("as they are") {
        observed o(s);
        o.send(millisecond, neighbour);
        simulate(2 * millisecond);
        CHECK(o.header().ttl == 64);
        CHECK(packet::udp_view::parse(o.header())->has_checksum);
        CHECK(packet::udp_view::parse(o.header())->checksum_good);
    }
    SECTION("time_to_live") {
        s.time_to_live = 3;
        observed o(s);
        o.send(millisecond, neighbour);
        simulate(2 * millisecond);
        CHECK(o.header().ttl == 3);
        CHECK(o.header().checksum_good);
    }
    SECTION("udp_checksum") {
        s.udp_checksum = false;
        observed o(s);
        o.send(millisecond, neighbour);
        simulate(2 * millisecond);
        CHECK_FALSE(packet::udp_view::parse(o.header())->has_checksum);
    }
}

TEST_CASE("Other networks are reached through the gateway or not at all", "[stack]") {
    fresh_kernel k;
    stack::stack_config s;
    SECTION("none") {
        observed o(s);
        o.send(millisecond, elsewhere);
        simulate(2 * millisecond);
        CHECK(o.answers == std::vector<driver::status>{driver::status::refused});
        CHECK(metric("a_stack.no_route") == 1);
    }
    SECTION("gateway") {
        s.gateway = "10.0.0.2";
        observed o(s);
        o.send(millisecond, elsewhere);
        simulate(2 * millisecond);
        CHECK(o.header().destination == elsewhere);                            // the frame goes to the gateway, the datagram on
        CHECK(packet::ethernet_view::parse(o.first())->destination == *packet::parse_mac("02:00:00:00:00:02"));
    }
    SECTION("a gateway that no interface reaches") {
        s.gateway = "10.0.1.2";
        observed o(s);
        o.send(millisecond, elsewhere);
        simulate(2 * millisecond);
        CHECK(metric("a_stack.no_route") == 1);
    }
}

TEST_CASE("Datagrams wait for an address as many as may and the oldest makes room", "[stack]") {
    for (const unsigned queue : {1u, 3u}) {
        fresh_kernel k;
        stack::stack_config s;
        s.arp_queue = queue;
        s.arp_attempts = 2;
        s.arp_timeout = millisecond;
        observed o(s, false);
        for (unsigned n = 0; n < 5; ++n) o.send(millisecond + n, neighbour, n);
        simulate(2 * millisecond - 1);
        REQUIRE(o.sender.results.size() == 5 - queue);                        // dropped for want of a place
        for (unsigned n = 0; n < 5 - queue; ++n) CHECK(o.sender.results[n] == std::make_pair(std::uint64_t{n}, driver::status::not_done));
        simulate(5 * millisecond);
        CHECK(o.sender.results.size() == 5);
        CHECK(metric("a_stack.unresolved") == 5);
        CHECK(metric("a_stack.arp_requests") == s.arp_attempts);
    }
}

TEST_CASE("A learned address is asked for again when it is too old", "[stack]") {
    const auto requests = [](ps lifetime) {
        fresh_kernel k;
        machine_config c = numbered(1);
        c.stack.arp_lifetime = lifetime;
        machine a("a", c), b("b", numbered(2));
        wire::cable cable("lan", {}, a.nic, b.nic);
        stack::socket& out = a.stack->open_udp(9000);
        told user, taker;
        out.user(user);
        b.stack->open_udp(9).user(taker);
        for (const ps at : {1, 2, 4, 5}) a.host.cpu().post(at * millisecond, [&](host::cpu& c) { out.send(c, {neighbour, 9}, bytes(20), 0, 0); });
        simulate(6 * millisecond);
        CHECK(taker.frames.size() == 4);
        return metric("a_stack.arp_requests");
    };
    CHECK(requests(60 * second) == 1);
    CHECK(requests(1500 * microsecond) == 2);     // old at 4 ms, not at 2 ms and 5 ms
}

TEST_CASE("An echo request is answered unless it is told not to", "[stack]") {
    for (const bool answers : {true, false}) {
        fresh_kernel k;
        machine_config c = numbered(2);
        c.stack.answer_echo = answers;
        machine a("a", numbered(1)), b("b", c);
        wire::cable cable("lan", {}, a.nic, b.nic);
        stack::socket& ping = a.stack->open_echo_client(7);
        told user;
        ping.user(user);
        a.host.cpu().post(millisecond, [&](host::cpu& c) { ping.send(c, {neighbour, 1}, bytes(20), 0, 0); });
        simulate(3 * millisecond);
        CHECK(user.frames.size() == (answers ? 1 : 0));
        CHECK(metric("b_stack.echo_replies") == (answers ? 1 : 0));
        CHECK(metric("b_stack.received") == 2);   // the ARP request and the echo request
        const std::uint64_t each = host::of(host::cost::icmp).cycles;
        CHECK(metric("b.cpu0.cycles_icmp") == (answers ? 2 : 1) * each);      // understood, and made
    }
}

TEST_CASE("An application that finds no room waits or loses what it had to send", "[stack]") {
    for (const bool wait_for_room : {true, false}) {
        fresh_kernel k;
        stack::stack_config s;
        s.buffers = 2;
        observed o(s);
        packet::traffic_config t;
        t.pace = packet::traffic_pace::frames;
        t.frames_per_second = 50'000;             // a frame of 1518 B leaves 8,127 times a second
        t.count = 40;
        t.start = millisecond;
        packet::traffic_addresses to;
        to.destination_ip = neighbour;
        to.destination_port = 9;
        stack::traffic_application source("source", {wait_for_room}, o.a.host.cpu(), o.a.stack->open_udp(9001), t, to);
        simulate(10 * millisecond);
        CHECK(metric("source.offered") == 40);
        CHECK((metric("source.lost") == 0) == wait_for_room);
        CHECK((metric("source.waits") > 0) == wait_for_room);
        CHECK(metric("source.sent") + metric("source.lost") == 40);
        CHECK(o.wire.frames.size() == metric("source.sent"));
    }
}
