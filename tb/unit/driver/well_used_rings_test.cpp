// A ring that is used well never stops a unit that watches for loops (docs/decisions/0092): the base driver hands over each descriptor
// again, through ring ends, exhaustion and resets, and all goes as with a unit that does not watch.
#include <catch2/catch.hpp>

#include "unit/driver/two_ends.h"

using namespace nicteam;
using namespace nicteam::driver;
using namespace nicteam::test;

namespace {

struct account {
    std::vector<bytes> got;
    std::uint64_t stops, restarts;
    ps idle;
};

account traffic(nic::loop_mode loops, bool standard, bool hold) {
    fresh_kernel k;
    base_driver_config d;
    d.transmit_ring = d.receive_ring = 4;
    d.standard_tcb = standard;
    nic::nic_config n;
    n.descriptor_loops = loops;
    pair p(d, d, {}, n);
    p.b.stack.hold = hold;
    for (unsigned i = 0; i < 40; ++i) p.send(millisecond + i * 150 * microsecond, {&p.a.make(100 + 20 * i, 1 + i % 3, static_cast<std::uint8_t>(i))});
    const auto give_back = [&](host::cpu& c) {
        p.b.driver.give_back(c, p.b.stack.held);
        p.b.stack.held.clear();
    };
    if (hold)
        for (unsigned i = 0; i < 12; ++i) p.b.host.cpu().post(2 * millisecond + i * millisecond, give_back);
    simulate(20 * millisecond);
    return {p.b.stack.got, metric("a_nic.descriptor_stops") + metric("b_nic.descriptor_stops"), metric("b_driver.receiver_restarts"), sim::now()};
}

}  // namespace

TEST_CASE("A driver that hands over each descriptor again never meets the stop of a loop", "[driver]") {
    const bool standard = GENERATE(false, true), hold = GENERATE(false, true);
    const account as_chip = traffic(nic::loop_mode::as_chip, standard, hold), stop = traffic(nic::loop_mode::stop, standard, hold);
    CHECK(stop.stops == 0);
    CHECK(stop.got == as_chip.got);
    CHECK(stop.restarts == as_chip.restarts);
    CHECK(stop.got.size() > 20);
    if (hold) CHECK(stop.restarts > 0);
}
