#include "nic/eeprom/eeprom_loader.h"

namespace nicteam::nic {
namespace {

// Words that an 82558 or 82559 loads: individual address, identity, subsystem (DS 4.5; SDM A.7).
constexpr unsigned loaded_words[] = {0x00, 0x01, 0x02, 0x0A, 0x0B, 0x0C, 0x0D};
constexpr unsigned read_command = 6, command_bits = 3, data_bits = 16;       // start bit and READ
constexpr unsigned longest_address = 8;
constexpr unsigned deselected_clocks = 2;                                    // chip select low between two words, and its set-up

// The pins in time.
struct pins {
    serial_eeprom& chip;
    ps now, half;
    void clock(bool in) {
        chip.drive(true, false, in, now);
        now += half;
        chip.drive(true, true, in, now);
        now += half;
    }
};

}  // namespace

loaded_eeprom load_eeprom(serial_eeprom& chip, ps from, ps half) {
    pins p{chip, from, half};
    loaded_eeprom l{from, eeprom_image(chip.words().size())};
    unsigned address_bits = longest_address;         // until the first word, at address 0, answers with its dummy 0
    for (const unsigned word : loaded_words) {
        chip.drive(true, false, false, p.now);
        for (unsigned i = command_bits; i-- > 0;) p.clock(read_command >> i & 1);
        for (unsigned i = 0; i < address_bits; ++i) {
            p.clock(word >> (address_bits - 1 - i) & 1);
            if (!chip.out(p.now)) address_bits = i + 1;
        }
        unsigned value = 0;
        for (unsigned i = 0; i < data_bits; ++i) {
            p.clock(false);
            value = value << 1 | (chip.out(p.now) ? 1u : 0u);
        }
        l.words[word] = static_cast<std::uint16_t>(value);
        chip.drive(false, false, false, p.now);
        p.now += deselected_clocks * 2 * half;
    }
    l.done = p.now;
    return l;
}

}  // namespace nicteam::nic
