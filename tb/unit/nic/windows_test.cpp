// Registers that tell of the world outside: the link, the flash that is not fitted.
#include <cstdio>
#include <fstream>
#include <iomanip>

#include <catch2/catch.hpp>

#include "nic/eeprom/eeprom_image.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("general status: link and speed and duplex") {
    struct row { bool up; std::int64_t rate; unsigned status; };
    for (const row& w : {row{true, 100'000'000, 7}, row{true, 10'000'000, 5}, row{false, 100'000'000, 0}, row{false, 10'000'000, 0}}) {
        fresh_kernel k;
        rig r;
        r.cable.up = w.up;
        r.cable.rate = w.rate;
        CHECK(r.read(0x1D, 1) == w.status);
    }
}

TEST_CASE("flash window: reads ones and counts writes as refused") {
    fresh_kernel k;
    rig r;
    CHECK(r.access(pci::command::memory_read, rig::flash + 0x1234, 1, 0) == 0xFF);
    r.access(pci::command::memory_write, rig::flash, 1, 0);
    CHECK(r.metric("refused_register") == 1);
    CHECK(r.metric("no_flash") == 1);
}

TEST_CASE("expansion ROM: twelve bits and an enable unless the EEPROM says there is no boot ROM") {
    for (const bool boots : {false, true}) {
        fresh_kernel k;
        nic::eeprom_image image = nic::make_eeprom({2, 0, 0, 0, 0, 1}, 64);
        image[0x0A] = static_cast<std::uint16_t>(boots ? image[0x0A] & ~0x0800 : image[0x0A] | 0x0800);
        std::ofstream file("expansion_rom_eeprom.txt");
        for (const unsigned word : image) file << std::hex << std::setw(4) << std::setfill('0') << word << '\n';
        file.close();
        nic::nic_config c;
        c.eeprom = "expansion_rom_eeprom.txt";
        rig r(c);
        std::remove(c.eeprom.c_str());
        const auto register_30 = [&] { return r.access(pci::command::configuration_read, 0x30, 4, 0); };
        const auto set = [&](std::uint32_t v) { r.access(pci::command::configuration_write, 0x30, 4, v); };
        const auto claimed = [&](std::uint32_t at) {
            r.log.log.clear();
            const std::uint32_t read = r.access(pci::command::memory_read, at, 1, 0);
            const bool nobody = r.log.log.at(0).why == pci::ending::master_abort;
            CHECK(read == (nobody ? 0xFFFFFFFF : 0xFF));
            return !nobody;
        };
        CHECK(register_30() == 0);
        set(0xFFFFFFFF);
        CHECK(register_30() == (boots ? 0xFFF00001 : 0));
        set(0xE0200001);
        CHECK(register_30() == (boots ? 0xE0200001 : 0));
        CHECK(claimed(0xE0200000) == boots);
        CHECK(claimed(0xE02FFFFF) == boots);
        CHECK_FALSE(claimed(0xE01FFFFF));
        CHECK_FALSE(claimed(0xE0300000));
        CHECK(r.metric("no_flash") == (boots ? 2 : 0));
        r.access(pci::command::memory_write, 0xE0200000, 1, 0);
        CHECK(r.metric("refused_register") == (boots ? 1 : 0));
        set(0xE0200000);                                 // without its enable
        CHECK_FALSE(claimed(0xE0200000));
    }
}

TEST_CASE("flash control and CardBus registers: read 0 and each write is refused and counted") {
    fresh_kernel k;
    rig r;
    unsigned n = 0;
    for (const unsigned offset : {0x0Cu, 0x30u, 0x34u, 0x38u, 0x3Cu})
        for (const unsigned size : {1u, 2u}) {
            r.write(offset, size, 0xFFFF);
            INFO(offset);
            CHECK(r.read(offset, size) == 0);
            CHECK(r.metric("refused_register") == ++n);
        }
}
