// Any octets as an EEPROM's image, as levels at its pins, and as what a controller powers up from.
#include <fstream>
#include <stdexcept>
#include <string>

#include "fuzz/scratch.h"
#include "fuzz/target.h"
#include "nic/eeprom/eeprom_image.h"
#include "nic/eeprom/serial_eeprom.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;
using nicteam::fuzz::demand;
using nicteam::fuzz::tape;

namespace {

constexpr unsigned eeprom_register = 0x0E;

void parse(tape& t) {
    const auto text = t.octets(SIZE_MAX);
    try {
        const nic::eeprom_image words = nic::parse_eeprom(std::string(text.begin(), text.end()));
        demand(words.size() == 64 || words.size() == 256, "an image has 64 or 256 words");
        nic::individual_address(words);
        nic::subsystem(words);
        nic::checksum_right(words);
    } catch (const std::invalid_argument& e) {
        demand(*e.what() != 0, "a refusal has words");
    }
}

nic::eeprom_image image(tape& t) {
    nic::eeprom_image words(t.octet() & 1 ? 256 : 64);
    for (auto& w : words) w = static_cast<std::uint16_t>(t.word());
    return words;
}

void wiggle(tape& t) {
    const nic::eeprom_image before = image(t);
    nic::serial_eeprom chip(before, 1'000'000);
    bool enabled = false;                              // whether an EWEN can have been seen at all
    ps now = 0;
    unsigned clocks = 0;
    while (t.left()) {
        const unsigned pins = t.octet();
        now += 1'000 * (1 + (pins >> 4));
        chip.drive(pins & 2, pins & 1, pins & 4, now);
        chip.out(now);
        if (pins & 8) chip.power_up();
        clocks += pins & 1;
        enabled |= clocks >= 9;
    }
    demand(chip.words().size() == before.size(), "an EEPROM keeps its size");
    demand(enabled || chip.words() == before, "nothing is written in fewer clocks than EWEN takes");
}

// Then what a driver reads by the register is what the image holds.
void power_up(tape& t) {
    static const fuzz::scratch directory;
    const std::string file = directory / "image";
    nic::eeprom_image words = image(t);
    if (t.octet() & 3) words[0] &= 0xFFFE;
    std::ofstream(file) << [&] {
        std::string all;
        char word[8];
        for (const auto w : words) std::snprintf(word, sizeof word, "%04X\n", w), all += word;
        return all;
    }();
    fresh_kernel k;
    nic::nic_config c;
    c.eeprom = file;
    const auto refused = nic::check(c);
    if (!refused.empty()) {
        demand(words[0] & 1 && refused[0].parameter == "eeprom", "an image is refused for its group address only");
        return;
    }
    rig r(c, 1 << 16);
    r.run(10 * microsecond);
    while (t.left()) r.write(eeprom_register, 2, t.octet());
    r.write(eeprom_register, 2, 0);
    const unsigned address = 5, bits = words.size() == 64 ? 6 : 8;
    const auto clock = [&](unsigned in) {
        r.write(eeprom_register, 1, 2 | in << 2);
        r.write(eeprom_register, 1, 3 | in << 2);
        return r.read(eeprom_register, 1) >> 3 & 1;
    };
    for (unsigned i = 3 + bits; i-- > 0;) clock((6u << bits | address) >> i & 1);
    unsigned v = 0;
    for (unsigned i = 0; i < 16; ++i) v = v << 1 | clock(0);
    demand(v <= 0xFFFF, "a word is 16 bits");
    r.write(0x08, 4, 0);
    r.run_until_idle();
    r.block(0x1000, 0x8000, 0);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    demand(r.memory.read16(0x1000) == 0xA000, "a controller works with any EEPROM");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    if (octets > 4096) return 0;
    tape t(input, octets);
    switch (t.octet() % 3) {
        case 0: parse(t); break;
        case 1: wiggle(t); break;
        default: power_up(t); break;
    }
    return 0;
}
