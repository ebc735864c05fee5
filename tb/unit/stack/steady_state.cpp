// In steady state nothing is allocated: a counted operator new around a window in the middle of a run.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <new>

#include "unit/stack/machine.h"

namespace {
std::size_t allocations = 0;
}
void* operator new(std::size_t n) {
    ++allocations;
    if (void* p = std::malloc(n)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("Full duplex at line rate allocates next to nothing per packet", "[stack]") {
    fresh_kernel k;
    machine a("a", numbered(1)), b("b", numbered(2));
    wire::cable cable("lan", {}, a.nic, b.nic);
    packet::traffic_config t;
    t.frame_size = 1518;
    t.start = millisecond;
    t.stream = 1;
    packet::traffic_addresses to_b, to_a;
    to_b.destination_ip = b.stack->address();
    to_a.destination_ip = a.stack->address();
    to_a.destination_port = to_b.destination_port = 9;
    stack::sink_application sink_a("sink_a", {}, a.stack->open_udp(9)), sink_b("sink_b", {}, b.stack->open_udp(9));
    stack::traffic_application from_a("from_a", {}, a.host.cpu(), a.stack->open_udp(9000), t, to_b);
    stack::traffic_application from_b("from_b", {}, b.host.cpu(), b.stack->open_udp(9000), t, to_a);
    simulate(100 * millisecond);
    const std::uint64_t packets = metric("sink_a.received") + metric("sink_b.received");
    const std::size_t before = allocations;
    simulate(200 * millisecond);
    const std::uint64_t more = metric("sink_a.received") + metric("sink_b.received") - packets;
    INFO(allocations - before << " allocations for " << more << " packets");
    REQUIRE(more > 3'200);
    CHECK((allocations - before) * 100 <= more);
}
