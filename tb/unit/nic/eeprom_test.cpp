// The serial EEPROM by its pins, and what the controller loads from it.
#include <cstdio>

#include <catch2/catch.hpp>

#include "nic/eeprom/eeprom_image.h"
#include "nic/eeprom/serial_eeprom.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr ps programming = 10'000'000'000;

// Software at the pins, as a driver does it: data in while the clock is low, then the clock high and low.
struct wires {
    explicit wires(unsigned words = 64) : address_bits(words == 64 ? 6 : 8), chip(content(words), programming) {}
    static std::vector<std::uint16_t> content(unsigned words) {
        std::vector<std::uint16_t> v(words);
        for (unsigned i = 0; i < words; ++i) v[i] = static_cast<std::uint16_t>(0x1111 * i ^ 0xA5C3);
        return v;
    }
    void select(bool on) { chip.drive(on, false, false, now += step); }
    bool clock(bool in) {
        chip.drive(true, false, in, now += step);
        chip.drive(true, true, in, now += step);
        const bool out = chip.out(now);
        chip.drive(true, false, in, now += step);
        return out;
    }
    std::uint32_t bits(unsigned n, std::uint32_t v = 0) {
        std::uint32_t out = 0;
        while (n-- > 0) out = out << 1 | (clock(v >> n & 1u) ? 1u : 0u);
        return out;
    }
    // Start bit, operation, address; gives what came out meanwhile.
    std::uint32_t instruct(unsigned operation, unsigned address) {
        select(false);
        select(true);
        return bits(3 + address_bits, (4u | operation) << address_bits | address);
    }
    std::uint16_t read(unsigned address) {
        instruct(2, address);
        return static_cast<std::uint16_t>(bits(16));
    }
    void write(unsigned address, unsigned v) {
        instruct(1, address);
        bits(16, v);
        select(false);
    }
    void extended(unsigned upper) { instruct(0, upper << (address_bits - 2)), select(false); }

    static constexpr ps step = 1'000'000;
    unsigned address_bits;
    nic::serial_eeprom chip;
    ps now = 0;
};

}  // namespace

TEST_CASE("EEPROM: READ gives each word after a 0 that tells how many address bits there are") {
    for (const unsigned words : {64u, 256u}) {
        wires w(words);
        for (unsigned a = 0; a < words; ++a) CHECK(w.read(a) == wires::content(words)[a]);
        CHECK(w.instruct(2, 5) == (1u << (3 + w.address_bits)) - 2);      // all ones, then 0 with the last address bit
    }
}

TEST_CASE("EEPROM: leading zeros are no start bit") {
    wires w;
    w.select(true);
    w.bits(7, 0);
    w.bits(9, 0x180 | 9);
    CHECK(w.bits(16) == wires::content(64)[9]);
}

TEST_CASE("EEPROM: READ goes on with the next word and wraps") {
    wires w;
    w.instruct(2, 62);
    for (const unsigned a : {62u, 63u, 0u, 1u}) CHECK(w.bits(16) == wires::content(64)[a]);
}

TEST_CASE("EEPROM: a write needs EWEN and EWDS ends that") {
    wires w;
    w.write(3, 0x1234);
    CHECK(w.chip.ignored() == 1);
    CHECK(w.read(3) == wires::content(64)[3]);
    w.extended(3);
    w.write(3, 0x1234);
    w.now += programming;
    CHECK(w.read(3) == 0x1234);
    w.extended(0);
    w.write(3, 0x4321);
    CHECK(w.read(3) == 0x1234);
    CHECK(w.chip.ignored() == 2);
}

TEST_CASE("EEPROM: ERASE and ERAL and WRAL") {
    for (const unsigned words : {64u, 256u}) {
        wires w(words);
        w.extended(3);
        w.instruct(3, 7);
        w.now += programming;
        CHECK(w.read(7) == 0xFFFF);
        CHECK(w.read(8) == wires::content(words)[8]);
        w.instruct(0, 1u << (w.address_bits - 2));
        w.bits(16, 0xBEEF);
        w.now += programming;
        CHECK(w.chip.words() == std::vector<std::uint16_t>(words, 0xBEEF));
        w.extended(2);
        w.now += programming;
        CHECK(w.chip.words() == std::vector<std::uint16_t>(words, 0xFFFF));
    }
}

TEST_CASE("EEPROM: selected during a write it says busy until the write is done and takes no operation") {
    wires w;
    w.extended(3);
    w.instruct(1, 3);
    w.bits(16, 0x1234);
    const ps begun = w.now - wires::step;         // the rising edge of the last bit
    w.select(false);
    CHECK(w.chip.out(w.now));
    w.select(true);
    CHECK_FALSE(w.chip.out(begun + programming - 1));
    CHECK(w.chip.out(begun + programming));
    w.bits(9, 0x180 | 3);
    CHECK(w.chip.ignored() == 1);
    w.now += programming;
    CHECK(w.read(3) == 0x1234);
}

TEST_CASE("EEPROM: deselecting in the middle forgets the operation") {
    wires w;
    w.extended(3);
    w.instruct(1, 3);
    w.bits(15, 0);
    w.select(false);
    w.now += programming;
    CHECK(w.read(3) == wires::content(64)[3]);
}

TEST_CASE("EEPROM: after power-up writes are disabled and the content is there") {
    wires w;
    w.extended(3);
    w.write(1, 1);
    w.chip.power_up();
    w.write(2, 2);
    CHECK(w.read(1) == 1);
    CHECK(w.read(2) == wires::content(64)[2]);
}

TEST_CASE("a NIC whose own address is a group address is refused") {
    for (const unsigned first : {0x02u, 0x03u, 0x01u, 0xFEu}) {
        char mac[18];
        std::snprintf(mac, sizeof mac, "%02x:00:00:00:00:05", first);
        nic::nic_config c;
        c.mac = mac;
        const auto found = nic::check(c);
        INFO(mac);
        REQUIRE(found.size() == (first & 1));
        if (first & 1) CHECK(found[0].parameter == "mac");
    }
}

TEST_CASE("EEPROM image: made of an address with checksum and parsed from text") {
    const std::array<std::uint8_t, 6> mac{0x00, 0xAA, 0x00, 0x12, 0x34, 0x56};
    for (const std::size_t words : {std::size_t{64}, std::size_t{256}}) {
        const auto i = nic::make_eeprom(mac, words);
        CHECK(i.size() == words);
        CHECK(i[0] == 0xAA00);
        CHECK(i[2] == 0x5634);
        CHECK(nic::individual_address(i) == mac);
        CHECK(nic::subsystem(i) == 0x00408086);
        unsigned sum = 0;
        for (const std::uint16_t w : i) sum += w;
        CHECK((sum & 0xFFFF) == 0xBABA);
        CHECK(nic::checksum_right(i));
        auto other = i;
        other[3] ^= 1;
        CHECK_FALSE(nic::checksum_right(other));
        other[0x0A] = 0;
        CHECK(nic::subsystem(other) == 0);
        std::string text = "# of a board\n";
        for (const std::uint16_t w : i) {
            char four[8];
            std::snprintf(four, sizeof four, "%04X ", w);
            text += four;
        }
        CHECK(nic::parse_eeprom(text) == i);
        CHECK_THROWS_WITH(nic::parse_eeprom(text + "\nBABA"), "an EEPROM has 64 or 256 words of 16 bits, the file has " + std::to_string(words + 1));
        CHECK_THROWS_WITH(nic::parse_eeprom(text + "\n\n12G4"), "line 4: \"12G4\" is no word of four hexadecimal digits");
    }
}

namespace {

constexpr unsigned eeprom = 0x0E, clock_pin = 1, select_pin = 2, in_pin = 4, out_pin = 8;

std::uint32_t shift(rig& r, unsigned n, std::uint32_t v, ps half = 1'000'000) {
    std::uint32_t out = 0;
    while (n-- > 0) {
        const unsigned in = v >> n & 1u ? in_pin : 0;
        r.write(eeprom, 1, select_pin | in);
        r.run(half);
        r.write(eeprom, 1, select_pin | in | clock_pin);
        r.run(half);
        out = out << 1 | (r.read(eeprom, 1) & out_pin ? 1u : 0u);
        r.write(eeprom, 1, select_pin | in);
        r.run(half);
    }
    return out;
}

}  // namespace

TEST_CASE("EEPROM register: a driver reads the address and the checksum through it") {
    fresh_kernel k;
    nic::nic_config c;
    c.mac = "00:aa:00:12:34:56";
    rig r(c);
    unsigned sum = 0;
    for (unsigned a = 0; a < 64; ++a) {
        r.write(eeprom, 2, select_pin);
        CHECK(shift(r, 9, 0x180 | a) == 0x1FE);
        const std::uint32_t v = shift(r, 16, 0);
        if (a == 0) CHECK(v == 0xAA00);
        if (a == 1) CHECK(v == 0x1200);
        if (a == 2) CHECK(v == 0x5634);
        sum += v;
        r.write(eeprom, 2, 0);
    }
    CHECK((sum & 0xFFFF) == 0xBABA);
    CHECK(r.metric("refused_register") == 0);
    CHECK(r.metric("eeprom_too_fast") == 0);
    CHECK(r.metric("eeprom_ignored") == 0);
    CHECK(r.card.pci_device().registers().read(0x2C, 4) == 0x00408086);
}

TEST_CASE("EEPROM register: size and programming time and clock are as configured") {
    fresh_kernel k;
    nic::nic_config c;
    c.eeprom_words = 256;
    c.eeprom_programming = 500 * microsecond;
    c.eeprom_half_clock = 3 * microsecond;
    rig r(c);
    r.write(eeprom, 1, select_pin);
    CHECK(shift(r, 11, 0x600, 4'000'000) == 0x7FE);      // the 0 comes with the eighth bit of the address
    CHECK(shift(r, 16, 0, 4'000'000) == 0x0002);
    CHECK(r.metric("eeprom_too_fast") == 0);
    for (const std::uint32_t bits : {0x4C0u, 0x700u}) {  // EWEN, ERASE word 0
        r.write(eeprom, 1, 0);
        r.write(eeprom, 1, select_pin);
        shift(r, 11, bits);
    }
    const ps begun = sim::now();
    CHECK(r.metric("eeprom_too_fast") > 0);
    r.write(eeprom, 1, 0);
    r.write(eeprom, 1, select_pin);
    CHECK((r.read(eeprom, 1) & out_pin) == 0);
    r.run(begun + c.eeprom_programming - sim::now() - 20 * microsecond);
    CHECK((r.read(eeprom, 1) & out_pin) == 0);
    r.run(20 * microsecond);
    CHECK((r.read(eeprom, 1) & out_pin) != 0);
}

TEST_CASE("EEPROM register: a clock that is too fast and a write while disabled are counted") {
    fresh_kernel k;
    rig r;
    r.write(eeprom, 1, select_pin);
    shift(r, 9, 0x180, 1000);
    CHECK(r.metric("eeprom_too_fast") > 0);
    r.write(eeprom, 1, 0);
    r.write(eeprom, 1, select_pin);
    shift(r, 9, 0x140);
    shift(r, 16, 0x1234);
    CHECK(r.metric("eeprom_ignored") == 1);
    CHECK((r.read(eeprom, 1) & 7) == select_pin);
    r.write(0x08, 4, 2);                            // a selective reset lets the pins go
    r.run_until_idle();
    CHECK((r.read(eeprom, 1) & 7) == 0);
}
