// Power-up and a start that finds everything ready end in one state: configuration space, registers, PHY, driver, memory.
#include <catch2/catch.hpp>

#include "unit/driver/two_ends.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

struct machine_state {
    std::vector<std::uint32_t> configuration, registers, phy;
    std::vector<link_state> links;
    bytes memory;
    std::vector<bytes> got;
    std::uint64_t sent = 0;
    ps sent_at = 0;
};

machine_state run_system(bool cold) {
    fresh_kernel k;
    host::host_config h;
    h.firmware.cold = cold;
    nic::nic_config n;
    n.cold = cold;
    wire::cable_config lan;
    lan.cold = cold;
    lan.negotiation = cold ? wire::negotiation_mode::timed : wire::negotiation_mode::instant;
    base_driver_config d;
    d.bring_up = cold ? 1 : 0;
    pair p(d, d, lan, n, h);
    sim::session::current().settle_order();
    const auto advance = [](ps to) { sc_core::sc_start(sim::to_sc_time(to - sim::now())); };
    advance(3 * second);
    REQUIRE(p.a.driver.ready());
    machine_state s;
    p.a.host.cpu().post(sim::now(), [&](host::cpu& c) {
        for (unsigned reg = 0; reg < 256; reg += 4) s.configuration.push_back(c.read_configuration(0, reg, 4));
        const std::uint64_t bar = s.configuration[4] & ~0xFu;
        for (unsigned reg = 0; reg < 64; reg += 4) s.registers.push_back(c.read(bar + reg, 4));
        for (const unsigned number : {0u, 1u, 1u, 4u, 5u, 6u, 6u, 16u, 27u}) {      // twice: what is latched may differ
            c.write(bar + 0x10, 4, 2u << 26 | 1u << 21 | number << 16);
            c.wait_until(c.now() + 50 * microsecond);
            s.phy.push_back(c.read(bar + 0x10, 4));
        }
        s.phy[1] = s.phy[5] = 0;
    });
    advance(3 * second + 10 * millisecond);
    p.send(sim::now(), {&p.a.make(300), &p.a.make(60, 2)});
    const ps from = sim::now();
    while (p.b.stack.got.size() < 2 && sim::now() < from + millisecond) advance(sim::now() + 10 * nanosecond);
    s.sent_at = sim::now();
    s.got = p.b.stack.got;
    s.sent = metric("a_nic.tx_frames");
    s.links = {p.a.stack.links.back()};
    // What the driver took of memory: rings and dump area.
    s.memory.resize(0x4000);
    p.a.host.ram().read(p.a.host.ram().allocate(16, 16) - s.memory.size(), s.memory.data(), s.memory.size(), sim::now());
    return s;
}

}  // namespace

TEST_CASE("cold start: behind bring-up configuration space and registers and PHY and driver are as in a start that is ready", "[driver]") {
    const machine_state cold = run_system(true), ready = run_system(false);
    CHECK(cold.configuration == ready.configuration);
    CHECK(cold.registers[0] == ready.registers[0]);
    CHECK(cold.registers == ready.registers);
    CHECK(cold.phy == ready.phy);
    CHECK(cold.links[0].up == ready.links[0].up);
    CHECK(cold.links[0].rate == ready.links[0].rate);
    CHECK(cold.links[0].full_duplex == ready.links[0].full_duplex);
    REQUIRE(cold.got.size() == 2);
    CHECK(cold.got == ready.got);
    CHECK(cold.sent == ready.sent);
    CHECK(cold.sent_at == ready.sent_at);
    CHECK(cold.memory == ready.memory);
}
