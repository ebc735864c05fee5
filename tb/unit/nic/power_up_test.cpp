// Power-up: the controller reads its EEPROM, configuration cycles are retried meanwhile (DS 4.2.1.1.3).
#include <catch2/catch.hpp>

#include "nic/eeprom/eeprom_image.h"
#include "nic/eeprom/eeprom_loader.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

nic::nic_config cold(unsigned words = 64) {
    nic::nic_config c;
    c.cold = true;
    c.eeprom_words = words;
    return c;
}

// From power-up to the first configuration read that is served.
struct power_up {
    ps served;
    std::uint64_t retries;
    std::uint32_t subsystem;
};
power_up measure(const nic::nic_config& c) {
    fresh_kernel k;
    rig r(c);
    r.card.pci_device().registers().reset();
    r.log.log.clear();
    const std::uint32_t id = r.access(pci::command::configuration_read, 0x2C, 4, 0);
    power_up p{r.log.log.back().start, 0, id};
    for (const tenure_record& t : r.log.log) p.retries += t.why == pci::ending::retry;
    return p;
}

}  // namespace

TEST_CASE("power-up: configuration cycles are retried for about 6000 clocks and then served") {
    const power_up p = measure(cold());
    // Seven words of 25 bits and two clocks between, 32 PCI clocks each.
    const ps loaded = 7 * 27 * 32 * 30'000;
    CHECK(p.served >= loaded);
    CHECK(p.served < loaded + 20 * 30'000);
    CHECK(p.retries > 100);
    CHECK(measure({}).retries == 0);
}

TEST_CASE("power-up: a longer EEPROM and a slower clock take longer") {
    const ps plain = measure(cold()).served, longer = measure(cold(256)).served;
    CHECK(longer - plain > 7 * 2 * 32 * 30'000 - 20 * 30'000);
    CHECK(longer - plain < 7 * 2 * 32 * 30'000 + 20 * 30'000);
    nic::nic_config c = cold();
    c.eeprom_load_clocks = 32;
    CHECK(measure(c).served > 2 * plain - 20 * 30'000);
}

TEST_CASE("power-up: what the pins bring is what is loaded") {
    for (const unsigned words : {64u, 256u}) {
        nic::eeprom_image i = nic::make_eeprom({2, 4, 6, 8, 10, 12}, words);
        nic::serial_eeprom chip(i, millisecond);
        const nic::loaded_eeprom l = nic::load_eeprom(chip, microsecond, 480'000);
        CHECK(l.done - microsecond == 7 * (words == 64 ? 27 : 29) * 960'000);
        REQUIRE(l.words.size() == words);
        for (const unsigned n : {0u, 1u, 2u, 10u, 11u, 12u, 13u}) CHECK(l.words[n] == i[n]);
        CHECK(nic::individual_address(l.words) == std::array<std::uint8_t, 6>{2, 4, 6, 8, 10, 12});
        CHECK(chip.ignored() == 0);
    }
    CHECK(measure(cold()).subsystem == 0x00408086);
}
