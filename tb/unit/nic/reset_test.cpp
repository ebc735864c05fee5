// What each reset keeps: power-up nothing, PORT software reset the configuration space, PORT selective reset the setup as well
// (SDM 6.3.3; docs/decisions/0018 for the individual address).
#include <functional>

#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::array<std::uint8_t, 6> own{2, 0, 0, 0, 0, 1}, another{2, 9, 8, 7, 6, 5}, group{1, 0, 0x5E, 0, 0, 1};
constexpr std::uint32_t at = 0x10000;
enum port_function : unsigned { software = 0, selective = 2 };

// Runs one command block with these bytes as its body.
void run_block(rig& r, unsigned command, const std::vector<std::uint8_t>& body) {
    r.block(0x800, 0x8000 | command, 0);
    r.memory.poke(0x808, body.data(), body.size());
    r.scb(1, 0, 0x800);
    r.run_until_idle();
}
bool sends(rig& r) {
    const std::size_t before = r.cable.sent.size();
    r.transmit_block(0x1000, rig::payload(100));
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    return r.cable.sent.size() > before;
}
void listen(rig& r) {
    r.configure(rig::usual());
    r.ring(at, 4);
    r.scb(0, 1, at);
    r.run_until_idle();
}
bool receives(rig& r, std::array<std::uint8_t, 6> to) {
    listen(r);
    r.arrive(rig::payload(60, to));
    r.run_until_idle();
    return r.memory.read16(at) != 0;
}

struct state {
    const char* name;
    std::function<void(rig&)> make;
    std::function<bool(rig&)> is;            // may change the rig
    bool software, selective;                // kept
};
const std::vector<state>& states() {
    static const std::vector<state> all{
        {"configuration space", [](rig& r) { r.card.pci_device().registers().write(0x0D, 1, 0x40); },
         [](rig& r) { return r.card.pci_device().registers().read(0x0D, 1) == 0x40 && r.read(0x10, 4) == 0x10000000; }, true, true},
        {"CU base", [](rig& r) { r.scb(6, 0, 0x4000); },
         [](rig& r) {
             r.block(0x1000, 0x8000, 0);
             r.block(0x5000, 0x8000, 0);
             r.scb(1, 0, 0x1000);
             r.run_until_idle();
             return r.memory.read16(0x5000) == 0xA000;
         }, false, true},
        {"RU base", [](rig& r) { r.scb(0, 6, 0x4000); },
         [](rig& r) {
             r.log.log.clear();
             r.scb(0, 1, 0x1000);
             r.run_until_idle();
             return r.own().at(0).address == 0x5000;
         }, false, true},
        {"Configure", [](rig& r) { r.configure(rig::usual()); }, sends, false, true},
        {"individual address", [](rig& r) { run_block(r, 1, {another.begin(), another.end()}); }, [](rig& r) { return receives(r, another); }, false, true},
        {"multicast table", [](rig& r) { run_block(r, 3, {6, 0, group[0], group[1], group[2], group[3], group[4], group[5]}); },
         [](rig& r) { return receives(r, group); }, false, true},
        {"counters", [](rig& r) {
             r.configure(rig::usual());
             sends(r);
         },
         [](rig& r) {
             r.scb(4, 0, 0x6000);
             r.scb(5, 0);
             r.run_until_idle();
             return r.memory.read32(0x6000) == 1;
         }, false, true},
        {"address of the dump", [](rig& r) { r.scb(4, 0, 0x6000); },
         [](rig& r) {
             r.scb(5, 0);
             r.run_until_idle();
             return r.memory.read32(0x6040) == 0xA005;
         }, false, true},
        {"interrupt masks", [](rig& r) { r.write(0x03, 1, 0xF1); }, [](rig& r) { return r.read(0x03, 1) == 0xF1; }, false, false},
        {"interrupt causes", [](rig& r) { r.write(0x03, 1, 2); }, [](rig& r) { return r.stat() != 0; }, false, false},
        {"interrupt line", [](rig& r) { r.write(0x03, 1, 2); }, [](rig& r) { return r.interrupt; }, false, false},
        {"general pointer", [](rig& r) { r.write(0x04, 4, 0x12345678); }, [](rig& r) { return r.read(0x04, 4) != 0; }, false, false},
        {"argument of the next command", [](rig& r) { r.write(0x04, 4, 0x5000); },
         [](rig& r) {
             r.block(0, 0x8000, 0);
             r.block(0x5000, 0x8000, 0);
             r.write(0x02, 1, 0x10);
             r.run_until_idle();
             return r.memory.read16(0x5000) == 0xA000;
         }, false, false},
        {"MDI control", [](rig& r) {
             r.write(0x10, 4, 2u << 26 | 1u << 21 | 2u << 16);
             r.run_until_idle();
         }, [](rig& r) { return r.read(0x10, 4) != 0x10000000; }, false, false},
        {"CU suspended", [](rig& r) {
             r.block(0x1000, 0x4000, 0);
             r.scb(1, 0, 0x1000);
             r.run_until_idle();
         }, [](rig& r) { return r.cus() == 1; }, false, false},
        {"RU ready", listen, [](rig& r) { return r.rus() == 4; }, false, false},
        {"RU without buffers", [](rig& r) {
             r.descriptor(at, 0x0008, 0);
             r.scb(0, 1, at);
             r.run_until_idle();
         }, [](rig& r) { return r.rus() >= 8; }, false, false},
        {"frames in the receive FIFO", [](rig& r) {
             r.configure(rig::usual());
             r.arrive(rig::payload(100));
             r.run_until_idle();
         },
         [](rig& r) {
             listen(r);
             return r.memory.read16(at) != 0;
         }, false, false},
    };
    return all;
}

bool after(const state& s, bool made, const std::vector<unsigned>& functions) {
    fresh_kernel k;
    rig r;
    if (made) s.make(r);
    for (const unsigned f : functions) {
        r.write(0x08, 4, f);
        r.run(microsecond);
    }
    return s.is(r);
}

}  // namespace

TEST_CASE("reset matrix: what power-up and PORT resets keep") {
    for (const state& s : states()) {
        INFO(s.name);
        CHECK(after(s, true, {}));
        CHECK_FALSE(after(s, false, {}));
        CHECK(after(s, true, {software}) == s.software);
        CHECK(after(s, true, {selective}) == s.selective);
        CHECK(after(s, true, {selective, software}) == s.software);
    }
}

TEST_CASE("reset matrix: after a software reset the address is the one of the EEPROM again") {
    fresh_kernel k;
    rig r;
    run_block(r, 1, {another.begin(), another.end()});
    r.write(0x08, 4, software);
    r.run(microsecond);
    CHECK(receives(r, own));
}

TEST_CASE("a PORT reset is latched with the byte 0Bh and refuses SCB commands for its time") {
    for (const unsigned function : {software, selective})
        for (unsigned window = 1; window <= 60; ++window) {
            fresh_kernel k;
            nic::nic_config c;
            c.port_accept = window;
            rig r(c);
            r.write(0x08, 1, function);                  // not yet
            r.write(0x02, 1, 0x60);
            r.run(microsecond);
            REQUIRE(r.metric("refused_scb") == 0);
            r.log.log.clear();
            r.write(0x0B, 1, 0);
            r.write(0x02, 1, 0x60);
            const ps reset = r.log.log.at(0).first, command = r.log.log.at(1).first;
            INFO("function " << function << ", " << window << " clocks");
            CHECK(r.metric("refused_scb") == (command < reset + window * r.period() ? 1 : 0));
            r.run(microsecond * 3);
            r.scb(6, 0);
            CHECK(r.metric("refused_scb") <= 1);
        }
}

TEST_CASE("a PORT reset forgets a command that is not accepted yet") {
    for (const unsigned function : {software, selective}) {
        fresh_kernel k;
        nic::nic_config c;
        c.cu_accept = c.ru_accept = 60;
        rig r(c);
        r.block(0x1000, 0x8000, 0);
        r.ring(at, 1);
        r.write(0x04, 4, 0x1000);
        r.write(0x02, 1, 0x10);
        r.write(0x08, 4, function);
        CHECK(r.read(0x02, 1) == 0);
        r.run(2 * microsecond);
        r.write(0x04, 4, at);
        r.write(0x02, 1, 0x01);
        r.write(0x08, 4, function);
        r.run_until_idle();
        CHECK(r.own().empty());
        CHECK(r.cus() == 0);
        CHECK(r.rus() == 0);
    }
}
