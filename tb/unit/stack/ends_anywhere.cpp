// A run may end while software is in the middle of something: its CPU's stack is dropped as it is. Whether something is lost
// with it is for the leak sanitizer to say, at the end of this program; here the run only has to end in many places.
#include <catch2/catch.hpp>

#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("A busy run that ends at any instant leaves nothing behind", "[stack]") {
    unsigned busy = 0;
    for (ps n = 0; n < 120; ++n) {
        fresh_kernel k;
        machine_config ca = numbered(1), cb = numbered(2);
        ca.driver.transmit_ring = 8;              // often full
        ca.driver.receive_ring = 4;               // often empty
        ca.stack.arp_timeout = 100 * microsecond;
        ca.pass_through = 10;
        cb.driver.policy = 1;
        cb.host.cpus = {{"cpu0", {}}, {"cpu1", {}}};
        machine a("a", ca), b("b", cb);
        wire::cable cable("lan", {}, a.nic, b.nic);
        packet::traffic_config t;
        t.frame_size = 64 + n;
        t.start = 300 * microsecond;
        t.stream = 1;
        packet::traffic_addresses to_b, to_a, to_nobody;
        to_b.destination_ip = b.stack->address();
        to_a.destination_ip = a.stack->address();
        to_nobody.destination_ip = 0x0A000063;
        to_a.destination_port = to_b.destination_port = 9;
        to_b.destination_port = 7;
        stack::sink_application sink_a("sink_a", {}, a.stack->open_udp(9));
        stack::echo_application echo_b("echo_b", b.stack->open_udp(7));
        stack::traffic_application from_a("from_a", {}, a.host.cpu(), a.stack->open_udp(9000), t, to_b);
        stack::traffic_application lost("lost", {}, a.host.cpu(), a.stack->open_udp(9001), t, to_nobody);
        stack::traffic_application from_b("from_b", {}, b.host.cpu(), b.stack->open_udp(9000), t, to_a);
        const ps end = 310 * microsecond + n * 7'337'001;
        if (n % 4 == 3)
            a.host.cpu().post(end - 15 * microsecond, [&a](host::cpu& c) { a.intermediary.halt(c, 0, driver::halt_reason::shutdown); });
        simulate(end);
        busy += a.host.cpu().now() != sim::now() || metric("a.cpu0.busy") == 1;
    }
    CHECK(busy > 60);
}
