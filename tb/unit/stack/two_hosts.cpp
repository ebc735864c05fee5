#include <catch2/catch.hpp>

#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
packet::traffic_config paced(std::int64_t count, std::int64_t size, std::int64_t per_second) {
    packet::traffic_config t;
    t.pace = packet::traffic_pace::frames;
    t.frames_per_second = per_second;
    t.frame_size = size;
    t.count = count;
    t.start = millisecond;
    t.stream = 1;
    return t;
}
packet::traffic_addresses to(packet::ipv4_address ip) {
    packet::traffic_addresses a;
    a.destination_ip = ip;
    a.destination_port = 9;
    return a;
}

struct pair {
    explicit pair(machine_config ca = numbered(1), machine_config cb = numbered(2)) : a("a", ca), b("b", cb), cable("lan", {}, a.nic, b.nic) {}
    machine a, b;
    wire::cable cable;
};
}  // namespace

TEST_CASE("Datagrams cross from one host to another and are what was sent", "[stack]") {
    fresh_kernel k;
    pair p;
    stack::socket& out = p.a.stack->open_udp(9000);
    stack::socket& in = p.b.stack->open_udp(9);
    stack::sink_application sink("sink", {}, in);
    stack::traffic_application source("source", {}, p.a.host.cpu(), out, paced(200, 1518, 8000), to(p.b.stack->address()));
    simulate(40 * millisecond);
    INFO("sent " << metric("a_driver.sent_packets") << " received " << metric("b_driver.received_packets") << " not started " << metric("a_driver.failed_start")
                 << " hung " << metric("a_driver.hung_commands"));
    CHECK(metric("a_driver.failed_start") == 0);
    CHECK(metric("source.offered") == 200);
    CHECK(metric("source.sent") == 200);
    CHECK(metric("sink.received") == 200);
    CHECK(metric("sink.latency") == 200);
    CHECK(metric("sink.damaged") == 0);
    CHECK(metric("sink.missing") == 0);
    CHECK(metric("a_stack.arp_requests") == 1);
    CHECK(metric("b_stack.arp_replies") == 1);
}

TEST_CASE("Both directions at line rate: nothing is damaged or lost inside the hosts", "[stack]") {
    fresh_kernel k;
    pair p;
    auto t = paced(0, 1518, 0);
    t.pace = packet::traffic_pace::line_rate;
    stack::socket &a9 = p.a.stack->open_udp(9), &b9 = p.b.stack->open_udp(9), &a = p.a.stack->open_udp(9000), &b = p.b.stack->open_udp(9000);
    stack::sink_application sink_a("sink_a", {}, a9), sink_b("sink_b", {}, b9);
    stack::traffic_application from_a("from_a", {}, p.a.host.cpu(), a, t, to(p.b.stack->address()));
    stack::traffic_application from_b("from_b", {}, p.b.host.cpu(), b, t, to(p.a.stack->address()));
    simulate(21 * millisecond);
    // 20 ms at 8127.4 frames a second each way, IEEE 802.3: 162 frames; the first wait for ARP.
    CHECK(metric("sink_a.received") > 155);
    CHECK(metric("sink_b.received") > 155);
    CHECK(metric("sink_a.received") <= 163);
    CHECK(metric("sink_a.damaged") == 0);
    CHECK(metric("sink_a.missing") == 0);
    CHECK(metric("sink_b.missing") == 0);
}

TEST_CASE("The stack answers an ICMP echo request and its client gets the reply", "[stack]") {
    fresh_kernel k;
    pair p;
    stack::socket& ping = p.a.stack->open_echo_client(7);
    struct client : stack::socket_user {
        void received(host::cpu&, stack::socket&, const stack::arrival& a) override {
            ++replies;
            last.assign(a.data.data, a.data.data + a.data.size);
            sequence = a.to_port;
        }
        unsigned replies = 0;
        unsigned sequence = 0;
        bytes last;
    } user;
    ping.user(user);
    const bytes text{'p', 'i', 'n', 'g'};
    p.a.host.cpu().post(millisecond, [&](host::cpu& c) { ping.send(c, {p.b.stack->address(), 3}, text, 0, 0); });
    simulate(3 * millisecond);
    CHECK(user.replies == 1);
    CHECK(user.sequence == 3);
    CHECK(user.last == text);
    CHECK(metric("b_stack.echo_replies") == 1);
}

TEST_CASE("An address that nobody has: asked for three times and then completed as not done", "[stack]") {
    fresh_kernel k;
    machine_config c = numbered(1);
    c.stack.arp_timeout = millisecond;
    pair p(c);
    stack::socket& s = p.a.stack->open_udp(9000);
    struct user : stack::socket_user {
        void received(host::cpu&, stack::socket&, const stack::arrival&) override {}
        void sent(host::cpu&, stack::socket&, std::uint64_t, driver::status r) override { results.push_back(r); }
        std::vector<driver::status> results;
    } u;
    s.user(u);
    const bytes data(10);
    p.a.host.cpu().post(millisecond, [&](host::cpu& k) { s.send(k, {0x0A000063, 9}, data, 0, 0); });
    simulate(10 * millisecond);
    CHECK(metric("a_stack.arp_requests") == 3);
    CHECK(u.results == std::vector<driver::status>{driver::status::not_done});
}

TEST_CASE("A pass-through that costs nothing moves no stamp and one that costs cycles moves every stamp by them", "[driver]") {
    const auto arrival = [](std::int64_t cycles) {
        fresh_kernel k;
        machine_config c = numbered(1);
        c.pass_through = cycles;
        pair p(c);
        p.a.stack->add_neighbour(p.b.stack->address(), *packet::parse_mac("02:00:00:00:00:02"));
        stack::socket& out = p.a.stack->open_udp(9000);
        stack::socket& in = p.b.stack->open_udp(9);
        stack::sink_application sink("sink", {}, in);
        stack::traffic_application source("source", {}, p.a.host.cpu(), out, paced(1, 300, 1000), to(p.b.stack->address()));
        struct watch : pci::tenure_observer {
            void tenure(const pci::payload&, const pci::pci_extension& e) override {
                if (sim::now() > millisecond && pci::is_write(e.command) && first == never) first = e.request;
            }
            ps first = never;
        } w;
        p.a.host.bus().observe(w);
        simulate(2 * millisecond);
        REQUIRE(metric("sink.received") == 1);
        return w.first;
    };
    const ps none = arrival(-1);
    CHECK(arrival(0) == none);
    CHECK(arrival(15) == none + 15 * 2'000);      // 30 ns: the bus's period, so that rounding to it hides nothing
    CHECK(arrival(600) == none + 600 * 2'000);
}
