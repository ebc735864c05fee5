// Two CPUs in one host: one runs the applications, the other the adapter's interrupts and deferred work.
#include <catch2/catch.hpp>

#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
machine_config with_two_cpus(unsigned n, unsigned delivery) {
    machine_config c = numbered(n);
    c.host.cpus = {{"cpu0", {}}, {"cpu1", {}}};
    c.host.interrupts.delivery = delivery;
    c.nic.slot = 1;                               // line 1: CPU 1 when delivered by line
    return c;
}
}  // namespace

TEST_CASE("Work is done on either CPU and everything arrives in order and undamaged", "[stack]") {
    const unsigned delivery = GENERATE(0u, 1u), policy = GENERATE(0u, 1u);
    fresh_kernel k;
    machine_config ca = with_two_cpus(1, delivery), cb = with_two_cpus(2, delivery);
    ca.driver.policy = cb.driver.policy = policy;
    machine a("a", ca), b("b", cb);
    wire::cable cable("lan", {}, a.nic, b.nic);
    packet::traffic_config t;
    t.pace = packet::traffic_pace::line_rate;
    t.sizes = packet::traffic_sizes::uniform;
    t.start = millisecond;
    t.stream = 1;
    packet::traffic_addresses to_b, to_a;
    to_b.destination_ip = b.stack->address();
    to_a.destination_ip = a.stack->address();
    to_a.destination_port = to_b.destination_port = 9;
    stack::sink_application sink_a("sink_a", {}, a.stack->open_udp(9)), sink_b("sink_b", {}, b.stack->open_udp(9));
    stack::traffic_application from_a("from_a", {}, a.host.cpu(0), a.stack->open_udp(9000), t, to_b);
    stack::traffic_application from_b("from_b", {}, b.host.cpu(1), b.stack->open_udp(9000), t, to_a);
    simulate(30 * millisecond);
    CHECK(metric("sink_a.received") > 300);
    CHECK(metric("sink_b.received") > 300);
    for (const std::string sink : {"sink_a", "sink_b"}) {
        CHECK(metric(sink + ".damaged") == 0);
        CHECK(metric(sink + ".missing") == 0);
        CHECK(metric(sink + ".late") == 0);
    }
    for (const std::string host : {"a", "b"}) {
        CHECK(metric(host + "_nic.refused_scb") == 0);        // no command before the one before it was accepted
        CHECK(metric(host + "_driver.hung_commands") == 0);
        const std::uint64_t taken = metric(host + "_driver.interrupts") + metric(host + "_driver.not_mine");
        CHECK(metric(host + ".cpu1.interrupts") == (delivery == 0 ? taken : 0));
        CHECK(metric(host + ".cpu0.interrupts") == (delivery == 1 ? taken : 0));
    }
    CHECK(metric("a.cpu0.work") > 100);
    CHECK(metric("a.cpu0.lock_wait") + metric("a.cpu1.lock_wait") + metric("b.cpu0.lock_wait") + metric("b.cpu1.lock_wait") > 0);
}

TEST_CASE("CPUs of one host have one clock", "[host]") {
    fresh_kernel k;
    host::host_config c;
    c.cpus = {{"cpu0", {}}, {"cpu1", {}}};
    c.cpus[1].cpu.period = 3'000;
    CHECK_THROWS_WITH(host::host("a", c), Catch::Contains("one clock"));
}
