#include "registers.h"

namespace qemu_oracle {
namespace {

enum : unsigned { clock_pin = 1, select_pin = 2, data_in_pin = 4 };
enum operation : unsigned { extended_operation = 0, write_operation = 1, read_operation = 2, erase_operation = 3 };
enum extended : unsigned { disable_all = 0x00, write_all = 0x10, erase_all = 0x20, enable_all = 0x30 };   // upper two of six address bits
constexpr unsigned address_bits = 6, first_word = 7, last_word = 62;

}  // namespace

void eeprom_driver::pins(unsigned levels) { a_.write(eeprom, a_.one_in(8) ? 2 : 1, levels); }

void eeprom_driver::clock(bool in, bool look) {
    const unsigned levels = select_pin | (in ? data_in_pin : 0);
    pins(levels);
    pins(levels | clock_pin);
    if (look) a_.read(eeprom, a_.one_in(8) ? 2 : 1, space::memory);
    pins(levels);
}

void eeprom_driver::bits(unsigned n, unsigned v, bool look) {
    while (n-- > 0) clock(v >> n & 1, look);
}

// A 0, the start bit, the operation, the address; the 0 before the data of a READ comes with the last.
void eeprom_driver::instruct(unsigned operation, unsigned address) {
    pins(select_pin);
    bits(2 + 2 + address_bits - 1, (4u | operation) << address_bits >> 1 | address >> 1, false);
    clock(address & 1, true);
}

void eeprom_driver::enable(bool on) {
    a_.tell("EEPROM %s", on ? "EWEN" : "EWDS");
    instruct(extended_operation, on ? enable_all : disable_all);
    pins(0);
    known_ = true;
    enabled_ = on;
}

void eeprom_driver::erase(unsigned address) {
    a_.tell("EEPROM ERASE %u", address);
    a_.count(eeprom_erase);
    instruct(erase_operation, address);
    pins(0);
    if (enabled_) words_[address] = 0xFFFF;
}

// QEMU clears bits only, as the oldest parts did: the word is erased before.
void eeprom_driver::write(unsigned address, unsigned v) {
    a_.tell("EEPROM WRITE %u %04X%s", address, v, enabled_ ? "" : ", disabled");
    a_.count(enabled_ ? eeprom_write : eeprom_disabled_write);
    instruct(write_operation, address);
    bits(16, v, false);
    pins(0);
    if (enabled_) words_[address] = v;
}

void eeprom_driver::read(unsigned address) {
    a_.tell("EEPROM READ %u", address);
    a_.count(eeprom_read);
    instruct(read_operation, address);
    bits(16, 0, true);
    pins(0);
}

void eeprom_driver::all(unsigned v) {
    a_.tell("EEPROM ERAL, WRAL %04X", v);
    a_.count(eeprom_all_words);
    instruct(extended_operation, erase_all);
    pins(0);
    instruct(extended_operation, write_all);
    bits(16, v, false);
    pins(0);
    for (unsigned i = first_word; i <= last_word; ++i) words_[i] = v;
}

void eeprom_driver::act() {
    if (!known_ || a_.one_in(6)) enable(!a_.one_in(3));
    const unsigned address = a_.roll(first_word, last_word), v = a_.roll(0, 0xFFFF);
    switch (a_.roll(0, 5)) {
        case 0:
            if (enabled_) all(v);
            break;
        case 1:
            if (!enabled_) write(address, v);
            break;
        case 2: erase(address); break;
        default:
            if (!enabled_) enable(true);
            erase(address);
            write(address, v);
            if (a_.one_in(3)) {                              // and once more, while that is not allowed
                enable(false);
                write(address, a_.roll(0, 0xFFFF));
            }
    }
    for (unsigned n = a_.roll(1, 2); n > 0 && !words_.empty(); --n)
        read(std::next(words_.begin(), a_.roll(0, static_cast<unsigned>(words_.size()) - 1))->first);
}

}  // namespace qemu_oracle
