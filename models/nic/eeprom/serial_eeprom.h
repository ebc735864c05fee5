// A Microwire EEPROM in words of 16 bits, as its pins see it: 93C46 with 64 words, 93C66 with 256 (AT93C46, AT93C66 datasheets).
//
// While selected, each rising edge of the clock takes a bit, most significant first: start bit 1, two bits of operation, 6 or 8 of address, and 16
// of data for a write.  READ 10 a · WRITE 01 a d · ERASE 11 a · and with 00: EWEN 11…, EWDS 00…, ERAL 10…, WRAL 01… d
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::nic {

class serial_eeprom {
public:
    // 64 or 256 words; `programming`: how long a write or erase takes. Writes are disabled until EWEN.
    serial_eeprom(std::vector<std::uint16_t> words, ps programming);

    void power_up();                          // the content stays
    // Levels of chip select, clock and data in from `at` on.
    void drive(bool select, bool clock, bool in, ps at);
    // Data out: a 0 before the data of READ, data; selected again during a write 0, until it is done. Else nobody drives it: 1.
    bool out(ps at) const;

    const std::vector<std::uint16_t>& words() const { return words_; }
    std::uint64_t ignored() const { return ignored_; }      // operations while a write is under way, and writes while disabled

private:
    void clocked(bool in, ps at);
    void addressed(ps at);
    void write(std::size_t first, std::size_t n, std::uint16_t v, ps at);

    enum class phase : std::uint8_t { start, address, data_in, data_out, over };
    std::vector<std::uint16_t> words_;
    ps programming_;
    unsigned address_bits_;
    ps busy_until_ = 0;
    phase phase_ = phase::start;
    bool selected_ = false, clock_ = false, enabled_ = false, out_ = true;
    std::uint32_t bits_ = 0;                  // since the start bit, or of data
    unsigned count_ = 0;
    std::size_t first_ = 0, n_ = 0;           // words that the operation is about
    std::uint64_t ignored_ = 0;
};

}  // namespace nicteam::nic
