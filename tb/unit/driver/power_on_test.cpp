// What a full start does with a device: self-test, EEPROM, PHY; and what it refuses to use.
#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>

#include <unistd.h>

#include "unit/driver/two_ends.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

base_driver_config full() {
    base_driver_config d;
    d.bring_up = 1;
    return d;
}

void advance(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }

// Both drivers, to the time at which the first of them is ready; never: it never is.
ps ready(const base_driver_config& d, const nic::nic_config& n = {}) {
    fresh_kernel k;
    pair p(d, d, {}, n);
    sim::session::current().settle_order();
    advance(100 * millisecond);
    CHECK(metric("a_driver.failed_start") == !p.a.driver.ready());
    return p.a.driver.ready() ? static_cast<ps>(metric("a_driver.ready_at")) : never;
}

}  // namespace

TEST_CASE("power on: a full start takes the time of its parts and ends as a short one", "[driver]") {
    fresh_kernel k;
    pair p(full(), {});
    sim::session::current().settle_order();
    advance(100 * millisecond);
    REQUIRE(p.a.driver.ready());
    // 64 words of 25 bits, each two levels of 4 us, a self-test of 1 ms.
    CHECK(metric("a_driver.ready_at") > 64 * 25 * 2 * 4 * microsecond + millisecond);
    CHECK(metric("a_driver.ready_at") < 30 * millisecond);
    CHECK(metric("a_driver.link_at") >= metric("a_driver.ready_at"));
    CHECK(metric("a_nic.eeprom_too_fast") == 0);
    CHECK(metric("a_nic.refused_register") + metric("a_nic.refused_port") + metric("a_nic.refused_scb") == 0);
    packet& q = p.a.make(100);
    p.send(100 * millisecond + microsecond, {&q});
    advance(millisecond);
    CHECK(p.b.stack.got.size() == 1);
}

TEST_CASE("power on: each of its settings moves the start", "[driver]") {
    const ps plain = ready(full());
    auto d = full();
    d.eeprom_delay = 8 * microsecond;
    CHECK(ready(d) > plain + 64 * 25 * 2 * 4 * microsecond - millisecond);
    d = full();
    d.self_test = false;
    CHECK(ready(d) <= plain - millisecond);
    d = full();
    d.mdi_poll = 100 * microsecond;
    CHECK(ready(d) >= plain + 2 * 50 * microsecond);
    nic::nic_config n;
    n.eeprom_words = 256;
    CHECK(ready(full(), n) > 4 * (plain - 2 * millisecond));
}

TEST_CASE("power on: a self-test that takes too long fails the start", "[driver]") {
    nic::nic_config n;
    n.self_test = 6 * millisecond;
    auto d = full();
    CHECK(ready(d, n) != never);
    d.self_test_timeout = 5 * millisecond;
    CHECK(ready(d, n) == never);
    CHECK(ready({}, n) != never);
}

TEST_CASE("power on: a PHY that does not answer in time fails the start", "[driver]") {
    nic::nic_config n;
    n.mdi_frame = 3 * millisecond;
    auto d = full();
    CHECK(ready(d, n) == never);
    d.mdi_timeout = 4 * millisecond;
    CHECK(ready(d, n) != never);
}

TEST_CASE("power on: an EEPROM whose words do not add up fails the start", "[driver]") {
    const std::string file = "bad_eeprom_" + std::to_string(::getpid());
    {
        std::ofstream o(file);
        for (int i = 0; i < 64; ++i) o << (i == 0 ? "0002 " : "0000 ");
    }
    nic::nic_config n;
    n.eeprom = file;
    CHECK(ready(full(), n) == never);
    CHECK(ready({}, n) != never);
    std::remove(file.c_str());
}
