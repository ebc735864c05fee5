#include "nic/eeprom/serial_eeprom.h"

#include <algorithm>
#include <stdexcept>

namespace nicteam::nic {
namespace {

enum operation : unsigned { extended, write_word, read_word, erase_word };
enum extended_operation : unsigned { write_disable, write_all, erase_all, write_enable };
constexpr unsigned operation_bits = 2, data_bits = 16;
constexpr std::uint16_t erased = 0xFFFF;

}  // namespace

serial_eeprom::serial_eeprom(std::vector<std::uint16_t> words, ps programming) : words_(std::move(words)), programming_(programming) {
    if (words_.size() != 64 && words_.size() != 256) throw std::invalid_argument("an EEPROM has 64 or 256 words, not " + std::to_string(words_.size()));
    address_bits_ = words_.size() == 64 ? 6 : 8;
}

void serial_eeprom::power_up() {
    busy_until_ = 0;
    phase_ = phase::start;
    selected_ = clock_ = enabled_ = false;
    out_ = true;
}

void serial_eeprom::drive(bool select, bool clock, bool in, ps at) {
    const bool rises = clock && !clock_;
    clock_ = clock;
    if (select != selected_) {
        selected_ = select;
        phase_ = phase::start;
        out_ = true;
    }
    if (selected_ && rises) clocked(in, at);
}

bool serial_eeprom::out(ps at) const { return selected_ && phase_ == phase::start ? at >= busy_until_ : out_; }

void serial_eeprom::clocked(bool in, ps at) {
    switch (phase_) {
    case phase::start:
        if (!in) return;
        if (at < busy_until_) {
            ++ignored_;
            phase_ = phase::over;
            return;
        }
        phase_ = phase::address;
        bits_ = count_ = 0;
        return;
    case phase::address:
        bits_ = bits_ << 1 | (in ? 1u : 0u);
        if (++count_ == operation_bits + address_bits_) addressed(at);
        return;
    case phase::data_in:
        bits_ = bits_ << 1 | (in ? 1u : 0u);
        if (++count_ == data_bits) write(first_, n_, static_cast<std::uint16_t>(bits_), at);
        return;
    case phase::data_out:
        out_ = words_[first_] >> (data_bits - 1 - count_) & 1u;
        if (++count_ == data_bits) {
            count_ = 0;
            first_ = (first_ + 1) % words_.size();
        }
        return;
    case phase::over: return;
    }
}

void serial_eeprom::addressed(ps at) {
    const unsigned what = bits_ >> address_bits_, upper = bits_ >> (address_bits_ - 2) & 3;
    const bool all = what == extended;
    first_ = all ? 0 : bits_ & (words_.size() - 1);
    n_ = all ? words_.size() : 1;
    bits_ = count_ = 0;
    phase_ = phase::over;
    if (what == read_word) {
        phase_ = phase::data_out;
        out_ = false;
    } else if (what == write_word || (all && upper == write_all)) {
        phase_ = phase::data_in;
    } else if (what == erase_word || upper == erase_all) {
        write(first_, n_, erased, at);
    } else {
        enabled_ = upper == write_enable;
    }
}

void serial_eeprom::write(std::size_t first, std::size_t n, std::uint16_t v, ps at) {
    phase_ = phase::over;
    if (!enabled_) {
        ++ignored_;
        return;
    }
    std::fill_n(words_.begin() + static_cast<std::ptrdiff_t>(first), n, v);
    busy_until_ = at + programming_;
}

}  // namespace nicteam::nic
