// What a driver does beside lists and rings: reads of any register in any size, the serial EEPROM, the PHY, configuration space.
#pragma once

#include <map>

#include "author.h"

namespace qemu_oracle {

class registers {
public:
    explicit registers(author& a) : a_(a) {}
    void read_some();
    void use_mdi();
    void use_configuration_space();
    void was_reset() { mdi_used_ = partner_shown_ = advertisement_written_ = false; }

private:
    struct noted { std::uint32_t number; unsigned offset, size; };
    void expect(const noted& read, rule why, unsigned at, std::uint32_t bits, shown qemu, shown model);

    author& a_;
    std::uint32_t command_written_ = 0;
    bool mdi_used_ = false, partner_shown_ = false, advertisement_written_ = false;   // since the reset; in the MDI register now; since the reset
};

// At the pins behind the EEPROM register (SDM 6.3.4), one level per access. Words are written before they are read: what an earlier
// sequence left is not known. QEMU restores words 0 to 6 and the last at a reset; they are left alone.
class eeprom_driver {
public:
    explicit eeprom_driver(author& a) : a_(a) {}
    void act();

private:
    void pins(unsigned levels);
    void clock(bool in, bool look);
    void instruct(unsigned operation, unsigned address);
    void bits(unsigned n, unsigned v, bool look);
    void enable(bool on);
    void erase(unsigned address);
    void write(unsigned address, unsigned v);
    void read(unsigned address);
    void all(unsigned v);

    author& a_;
    bool known_ = false, enabled_ = false;
    std::map<unsigned, unsigned> words_;
};

}  // namespace qemu_oracle
