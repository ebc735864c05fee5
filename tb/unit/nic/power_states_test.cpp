// Power states D0 to D3 (PCI Power Management 1.1, 5.3, 5.4; docs/decisions/0049).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

struct power_rig : rig {
    explicit power_rig(nic::nic_config c = {}) : rig(c) {}
    std::uint32_t get(unsigned offset, unsigned size) { return access(pci::command::configuration_read, offset, size, 0); }
    void put(unsigned offset, unsigned size, std::uint32_t v) { access(pci::command::configuration_write, offset, size, v); }
    void power(unsigned state) { put(0xE0, 2, state); }
    unsigned state() { return get(0xE0, 2) & 3; }
    bool claimed(pci::command c, std::uint32_t at) {
        log.log.clear();
        access(c, at, 1, 0);
        return log.log.at(0).why != pci::ending::master_abort;
    }
};
constexpr std::uint32_t at = 0x10000;

}  // namespace

TEST_CASE("power states: below D0 only configuration cycles are claimed") {
    for (unsigned state = 1; state <= 3; ++state) {
        fresh_kernel k;
        power_rig r;
        const auto windows = [&](bool claimed) {
            INFO("D" << state);
            CHECK(r.claimed(pci::command::memory_read, rig::csr) == claimed);
            CHECK(r.claimed(pci::command::memory_write, rig::csr + 4) == claimed);
            CHECK(r.claimed(pci::command::io_read, rig::io) == claimed);
            CHECK(r.claimed(pci::command::io_write, rig::io + 4) == claimed);
            CHECK(r.claimed(pci::command::memory_read, rig::flash) == claimed);
        };
        windows(true);
        r.power(state);
        CHECK(r.state() == state);
        windows(false);
        CHECK(r.get(0x00, 4) == 0x12298086);
        CHECK(r.get(0x10, 4) == (rig::csr | 8));
        r.power(0);
        windows(state != 3);
    }
}

TEST_CASE("power states: from a lower one only D0 can be reached") {
    for (unsigned from = 0; from <= 3; ++from)
        for (unsigned to = 0; to <= 3; ++to) {
            fresh_kernel k;
            power_rig r;
            r.power(from);
            r.power(to);
            INFO(from << " to " << to);
            CHECK(r.state() == (to == 0 || to > from ? to : from));
        }
}

TEST_CASE("power states: INTA# is not driven below D0 and is again when D1 and D2 end") {
    for (unsigned state = 1; state <= 3; ++state) {
        fresh_kernel k;
        power_rig r;
        r.write(0x03, 1, 2);                             // SI
        r.run_until_idle();
        CHECK(r.interrupt);
        r.power(state);
        CHECK_FALSE(r.interrupt);
        r.power(0);
        INFO("D" << state);
        CHECK(r.interrupt == (state != 3));
    }
}

TEST_CASE("power states: a frame that was on its way to memory goes on behind D1 and D2 and is lost in D3") {
    for (unsigned state = 1; state <= 3; ++state) {
        fresh_kernel k;
        power_rig r;
        r.configure(rig::usual());
        r.ring(at, 2);
        r.scb(0, 1, at);
        r.run_until_idle();
        r.arrive(rig::payload(1400));
        r.run(80 * microsecond);                         // of 114
        r.power(state);
        r.log.log.clear();
        r.run_until_idle();
        INFO("D" << state);
        CHECK(r.own().empty());
        CHECK(r.memory.read16(at) == 0);
        r.power(0);
        r.run_until_idle();
        CHECK(r.memory.read16(at) == (state == 3 ? 0 : 0xA020));
        CHECK(r.metric("rx_frames") == (state == 3 ? 0 : 1));
        CHECK(r.metric("rx_aborted") == (state == 3 ? 1 : 0));
        CHECK(r.metric("rx_asleep") == 0);
    }
}

TEST_CASE("power states: what arrives below D0 is dropped and counted") {
    for (unsigned state = 1; state <= 3; ++state) {
        fresh_kernel k;
        power_rig r;
        r.configure(rig::usual());
        r.ring(at, 4);
        r.scb(0, 1, at);
        r.run_until_idle();
        r.power(state);
        r.arrive(rig::payload(60));
        r.arrive(rig::payload(1000), wire::wire_end::bad_fcs);
        r.run_until_idle();
        r.power(0);
        r.run_until_idle();
        INFO("D" << state);
        CHECK(r.metric("rx_asleep") == 2);
        CHECK(r.metric("rx_crc_errors") == 0);
        CHECK(r.memory.read16(at) == 0);
        r.arrive(rig::payload(60));
        r.run_until_idle();
        CHECK(r.metric("rx_asleep") == 2);
        CHECK(r.memory.read16(at) == (state == 3 ? 0 : 0xA020));
    }
}

TEST_CASE("power states: a frame that is on the line is sent behind D1 and D2 and thrown away in D3") {
    for (unsigned state = 1; state <= 3; ++state) {
        fresh_kernel k;
        power_rig r;
        r.configure(rig::usual());
        r.transmit_block(0x1000, rig::payload(1000));
        r.scb(1, 0, 0x1000);
        r.run(50 * microsecond);                         // of 81, all of it is in the FIFO
        r.power(state);
        r.run_until_idle();
        INFO("D" << state);
        REQUIRE(r.cable.sent.size() == 1);
        CHECK((r.cable.sent[0].how == wire::wire_end::good) == (state != 3));
        r.power(0);
        r.run_until_idle();
        CHECK(r.cable.sent.size() == 1);
    }
}

TEST_CASE("power states: D3 ends in a reset that leaves what belongs to power events") {
    for (const unsigned enable : {0u, 0x100u}) {
        fresh_kernel k;
        power_rig r;
        r.configure(rig::usual());
        r.write(0x04, 4, 0x12345678);
        r.put(0x0D, 1, 0x40);
        r.put(0x3C, 1, 0x0B);
        r.put(0xE0, 2, 3 | enable);
        r.run_until_idle();
        const ps from = sim::now();
        r.put(0xE0, 2, enable);
        r.log.log.clear();
        CHECK(r.get(0x04, 2) == 0);
        CHECK(r.log.log.size() > 100);                   // retried: the EEPROM is read again
        CHECK(sim::now() - from < 10'000 * microsecond);           // PCI Power Management 1.1, 5.6.1: software waits 10 ms
        CHECK(r.get(0x0D, 1) == 0);
        CHECK(r.get(0x3C, 1) == 0);
        CHECK(r.get(0x10, 4) == 8);
        CHECK(r.get(0x2C, 4) == 0x00408086);
        CHECK((r.get(0xE0, 2) & 0x8103) == enable);
        r.put(0x10, 4, rig::csr);
        r.put(0x04, 2, 7);
        CHECK(r.read(0x04, 4) == 0);
        r.ring(at, 2);
        r.scb(0, 1, at);
        r.arrive(rig::payload(60));
        r.run_until_idle();
        CHECK(r.metric("rx_idle_drops") == 1);           // not configured any more
    }
}

TEST_CASE("power states: an 82557 has none") {
    fresh_kernel k;
    nic::nic_config c;
    c.identity = nic::nic_identity::i82557;
    power_rig r(c);
    r.power(3);
    CHECK(r.get(0xE0, 2) == 0);
    CHECK(r.claimed(pci::command::memory_read, rig::csr));
}
