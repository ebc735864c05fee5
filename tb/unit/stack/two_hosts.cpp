#include <algorithm>
#include <tuple>

#include <catch2/catch.hpp>

#include "nicteam/pci/copy_engine.h"
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

// A device that is no NIC, on the bus of one that is: its driver is the test, its copies are real and the NIC has to wait for them.
TEST_CASE("A copy engine copies while datagrams cross and takes its share of the bus", "[stack]") {
    const auto latency = [](unsigned copies) {
        fresh_kernel k;
        pair p;
        pci::copy_engine copier("copier", {}, p.b.host.bus(), 3, &p.b.host.interrupt_sink());
        p.b.host.install(copier, 0, 3);
        constexpr std::uint32_t from = 0x200000, to_address = 0x210000, octets = 4096;
        bytes block(octets);
        for (std::size_t n = 0; n < octets; ++n) block[n] = static_cast<std::uint8_t>(n * 7 + n / 256);
        p.b.host.ram().write(from, block.data(), octets, 0);
        p.b.host.cpu().post(900 * microsecond, [&](host::cpu& c) {
            const std::uint64_t window = c.read_configuration(3, 0x10, 4) & ~0xFu;
            for (unsigned n = 0; n < copies; ++n) {
                c.write(window + pci::copy_engine::source, 4, from);
                c.write(window + pci::copy_engine::destination, 4, to_address + n * octets);
                c.write(window + pci::copy_engine::length, 4, octets);
                c.write(window + pci::copy_engine::go, 4, 1);
                while (c.read(window + pci::copy_engine::status, 4) & 1) {}
                c.write(window + pci::copy_engine::status, 4, 2);
            }
        });
        stack::sink_application sink("sink", {}, p.b.stack->open_udp(9));
        stack::traffic_application source("source", {}, p.a.host.cpu(), p.a.stack->open_udp(9000), paced(5, 1518, 8000), to(p.b.stack->address()));
        simulate(6 * millisecond);
        CHECK(metric("sink.received") == 5);
        CHECK(metric("copier.copies") == copies);
        CHECK(metric("copier.octets") == copies * octets);
        bytes copied(octets);
        for (unsigned n = 0; n < copies; ++n) {
            p.b.host.ram().read(to_address + n * octets, copied.data(), octets, sim::now());
            CHECK(copied == block);
        }
        for (const sim::bound_metric& m : sim::session::current().metrics())
            if (m.path == "sink.latency") return m.as_histogram->greatest();
        return std::int64_t{0};
    };
    CHECK(latency(8) > latency(0));
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

namespace {
// Every stage and end of every packet, with its place and time.
struct stamps_seen : sim::packet_observer {
    struct stamp {
        trace_id id;
        std::string what;
        ps at;
    };
    void born(trace_id id, trace_id, const std::string& where, std::uint32_t, ps at) override { all.push_back({id, "born " + where, at}); }
    void passed(trace_id id, const stage_info& s, const std::string& where, ps at) override { all.push_back({id, std::string(s.name) + " " + where, at}); }
    void ended(trace_id id, const outcome_info& o, const std::string& where, ps at) override { all.push_back({id, std::string(o.name) + " " + where, at}); }
    void crossed(trace_id id, const std::string& bus, std::uint32_t, ps at) override { all.push_back({id, "crossed " + bus, at}); }
    // In an order that time has no part in: by packet and stamp, equal ones as they came.
    std::vector<stamp> sorted() const {
        std::vector<stamp> s = all;
        std::stable_sort(s.begin(), s.end(), [](const stamp& x, const stamp& y) { return std::tie(x.id, x.what) < std::tie(y.id, y.what); });
        return s;
    }
    std::vector<stamp> all;
};
}  // namespace

// One datagram goes out and comes back as an echo before the next goes: nothing overlaps, so that a cost moves what is behind it
// and nothing else. The shim is passed outwards and inwards; between lie the wire, the other host and the way back.
TEST_CASE("A pass-through that costs nothing moves no stamp and one that costs cycles moves every stamp behind it by them", "[driver]") {
    constexpr unsigned packets = 3;
    constexpr ps cycle = 2'000;
    const auto run = [](std::int64_t cycles) {
        fresh_kernel k;
        stamps_seen seen;
        sim::session::current().observe(&seen);
        machine_config c = numbered(1);
        c.pass_through = cycles;
        pair p(c);
        p.a.stack->add_neighbour(p.b.stack->address(), *packet::parse_mac("02:00:00:00:00:02"));
        p.b.stack->add_neighbour(p.a.stack->address(), *packet::parse_mac("02:00:00:00:00:01"));
        stack::socket& out = p.a.stack->open_udp(9000);
        stack::echo_application echo("echo", p.b.stack->open_udp(9));
        stack::traffic_application source("source", {}, p.a.host.cpu(), out, paced(packets, 300, 1000), to(p.b.stack->address()));
        simulate(5 * millisecond);
        return seen.sorted();
    };
    const auto without = run(-1);
    const auto is = [](const stamps_seen::stamp& s, const char* what) { return s.what.rfind(what, 0) == 0; };
    std::size_t echoes = 0;
    for (const auto& s : without) echoes += is(s, "delivered a_stack");
    REQUIRE(echoes == packets);
    for (const std::int64_t cycles : {0, 120, 600}) {         // 120: 240 ns, whole periods of the bus and of the MII's octets, so that rounding hides nothing
        INFO(cycles << " cycles");
        const auto with = run(cycles);
        REQUIRE(with.size() == without.size());
        for (std::size_t n = 0; n < with.size(); ++n) {
            const auto &x = without[n], &y = with[n];
            INFO(x.id << ' ' << x.what << ' ' << x.at << " ps");
            REQUIRE(y.id == x.id);
            REQUIRE(y.what == x.what);
            // Once: all from the shim outwards. Twice: what the first host does with the echo behind the shim.
            unsigned times = 1;
            if (is(x, "born source") || is(x, "host_post a_stack")) times = 0;
            if (is(x, "answered source") || (x.what.find("a_stack") != std::string::npos && !is(x, "host_post a_stack"))) times = 2;
            CHECK(y.at - x.at == times * cycles * cycle);
        }
    }
}
