// What a driver does once with a device that has just been powered up: resets, self-test, EEPROM, PHY. Short start-ups leave it out.
#include "driver/base_driver/machinery.h"

namespace nicteam::driver {
using namespace i82559;

bool base_driver::machinery::power_on(host::cpu& c) {
    reset(c, port_selective_reset);
    reset(c, port_software_reset);
    if (config.self_test && !self_test(c)) {
        count(driver_metric::failed_self_test);
        return false;
    }
    if (!read_eeprom(c)) {
        count(driver_metric::bad_eeprom);
        return false;
    }
    if (!set_up_phy(c)) {
        count(driver_metric::no_phy);
        return false;
    }
    return true;
}

// Two dwords: a signature that is not 0, and 0 (SDM 6.3.3.2). The device is reset behind it, and its interrupts are on.
bool base_driver::machinery::self_test(host::cpu& c) {
    const std::uint32_t nothing[2] = {0, ~0u};
    ram.write32(dump_area, nothing[0], c.now());
    ram.write32(dump_area + 4, nothing[1], c.now());
    write(c, port, 4, static_cast<std::uint32_t>(dump_area) | port_self_test);
    for (const ps until = c.now() + config.self_test_timeout; ram.read32(dump_area, c.now()) == 0 && c.now() < until;) {
        c.wait_until(c.now() + config.block_poll);
        c.catch_up();
    }
    const bool passed = ram.read32(dump_area, c.now()) != 0 && ram.read32(dump_area + 4, c.now()) == 0;
    c.wait_until(c.now() + config.reset_time);
    write(c, scb_mask, 1, mask_all);
    return passed;
}

// ---------------------------------------------------------------- the EEPROM's pins (SDM 6.3.4)
void base_driver::machinery::eeprom_pins(host::cpu& c, unsigned v) {
    write(c, eeprom, 1, v);
    read(c, scb_status, 1);                       // pushes the write; the delay begins behind it
    c.wait_until(c.now() + config.eeprom_delay);
}

bool base_driver::machinery::eeprom_bit(host::cpu& c, bool in) {
    const unsigned level = eeprom_select | (in ? eeprom_in : 0u);
    eeprom_pins(c, level);
    eeprom_pins(c, level | eeprom_clock);
    return read(c, eeprom, 1) & eeprom_out;
}

// address_bits: as many as there may be; afterwards as many as there are: behind the last one the EEPROM drives 0.
unsigned base_driver::machinery::eeprom_word(host::cpu& c, unsigned word, unsigned& address_bits) {
    for (const bool bit : {true, true, false}) eeprom_bit(c, bit);
    for (unsigned i = 0; i < address_bits; ++i)
        if (!eeprom_bit(c, word >> (address_bits - 1 - i) & 1)) address_bits = i + 1;
    unsigned v = 0;
    for (unsigned i = 0; i < 16; ++i) v = v << 1 | (eeprom_bit(c, false) ? 1u : 0u);
    eeprom_pins(c, 0);
    return v;
}

bool base_driver::machinery::read_eeprom(host::cpu& c) {
    unsigned address_bits = 8, sum = 0;
    for (unsigned n = 0; n < 1u << address_bits; ++n) sum += eeprom_word(c, n, address_bits);
    return (sum & 0xFFFF) == eeprom_sum;
}

// ---------------------------------------------------------------- the PHY
unsigned base_driver::machinery::phy_cycle(host::cpu& c, std::uint32_t word) {
    write(c, management, 4, word);
    for (const ps until = c.now() + config.mdi_timeout; c.now() < until;) {
        c.wait_until(c.now() + config.mdi_poll);
        const std::uint32_t v = read(c, management, 4);
        if (v != no_answer && v & management_ready) return v & 0xFFFF;
    }
    return no_phy;
}

bool base_driver::machinery::set_up_phy(host::cpu& c) {
    const auto get = [&](unsigned n) { return phy_cycle(c, management_read | first_phy | n << phy_register_shift); };
    if (get(phy_identifier) == no_phy) return false;
    const unsigned control = get(phy_control);
    if (control == no_phy) return false;
    if (!(control & phy_negotiates) || control & phy_off)
        phy_cycle(c, management_write | first_phy | phy_control << phy_register_shift | phy_negotiates | phy_restart);
    return true;
}

}  // namespace nicteam::driver
