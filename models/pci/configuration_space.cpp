#include "nicteam/pci/configuration_space.h"

#include <algorithm>
#include <stdexcept>

namespace nicteam::pci {
namespace {

constexpr unsigned status = 0x06, first_bar = 0x10, rom_bar = 0x30;
constexpr std::uint32_t rom_enable = 1;
constexpr std::uint8_t pme_enable = 0x01, pme_status = 0x80;      // of the upper byte of power management's control and status

std::uint8_t byte_of(std::uint32_t v, unsigned i) { return static_cast<std::uint8_t>(v >> (8 * i)); }

}  // namespace

configuration_space::configuration_space() = default;

void configuration_space::declare(unsigned offset, unsigned size, std::uint32_t reset, std::uint32_t writable,
                                  std::uint32_t write_1_to_clear) {
    if (size == 0 || size > 4 || offset + size > bytes_.size()) throw std::logic_error("configuration space: no such register");
    for (unsigned i = 0; i < size; ++i) {
        bytes_[offset + i] = reset_[offset + i] = byte_of(reset, i);
        writable_[offset + i] = byte_of(writable, i);
        clear_[offset + i] = byte_of(write_1_to_clear, i);
    }
    changed();
}

void configuration_space::declare_bar(unsigned number, std::uint32_t bytes, bool io, bool prefetchable) {
    const std::uint32_t least = io ? 4 : 16;
    if (number >= bars_.size() || bytes < least || (bytes & (bytes - 1)) != 0)
        throw std::logic_error("configuration space: no such base address register");
    bars_[number] = {bytes, io};
    bars_used_ = std::max(bars_used_, number + 1);
    declare(first_bar + 4 * number, 4, io ? 1u : prefetchable ? 8u : 0u, ~(bytes - 1));
    changed();
}

void configuration_space::declare_rom(std::uint32_t bytes) {
    rom_bytes_ = bytes;
    declare(rom_bar, 4, 0, bytes ? ~(bytes - 1) | rom_enable : 0);
    changed();
}

void configuration_space::set_power_event(bool enabled, bool status) {
    if (!power_control_) return;
    std::uint8_t& b = bytes_[power_control_ + 1];
    b = static_cast<std::uint8_t>((b & ~(pme_enable | pme_status)) | (enabled ? pme_enable : 0) | (status ? pme_status : 0));
}

void configuration_space::follow(unsigned offset, unsigned size, std::uint32_t mask, unsigned by, unsigned low, unsigned bits,
                                 std::vector<std::uint32_t> values) {
    if (size == 0 || size > 4 || offset + size > bytes_.size() || by >= bytes_.size())
        throw std::logic_error("configuration space: no such register");
    followers_.push_back({offset, size, mask, by, low, bits, std::move(values)});
    update_followers();
}

void configuration_space::update_followers() {
    for (const follower& f : followers_) {
        const unsigned select = (bytes_[f.by] >> f.low) & ((1u << f.bits) - 1u);
        const std::uint32_t v = select < f.values.size() ? f.values[select] : 0;
        for (unsigned i = 0; i < f.size; ++i) {
            const std::uint8_t m = byte_of(f.mask, i);
            bytes_[f.offset + i] = static_cast<std::uint8_t>((bytes_[f.offset + i] & ~m) | (byte_of(v, i) & m));
        }
    }
}

std::uint32_t configuration_space::read(unsigned offset, unsigned size) const {
    std::uint32_t v = 0;
    for (unsigned i = 0; i < size && offset + i < bytes_.size(); ++i) v |= static_cast<std::uint32_t>(bytes_[offset + i]) << (8 * i);
    return v;
}

void configuration_space::write(unsigned offset, unsigned size, std::uint32_t v) {
    const unsigned was = power_state();
    for (unsigned i = 0; i < size && offset + i < bytes_.size(); ++i) {
        const unsigned at = offset + i;
        const std::uint8_t b = byte_of(v, i);
        bytes_[at] = static_cast<std::uint8_t>(((bytes_[at] & ~writable_[at]) | (b & writable_[at])) & ~(b & clear_[at]));
        for (const auto& [where, values] : accepted_) {
            if (where == at && std::find(values.begin(), values.end(), bytes_[at]) == values.end()) bytes_[at] = 0;
        }
    }
    // From a lower state only D0 can be reached (PCI Power Management 1.1, 5.4): any other is discarded.
    if (power_state() && power_state() < was) bytes_[power_control_] = static_cast<std::uint8_t>((bytes_[power_control_] & ~3u) | was);
    update_followers();
    changed();
}

void configuration_space::set(unsigned offset, unsigned size, std::uint32_t v) {
    for (unsigned i = 0; i < size && offset + i < bytes_.size(); ++i) bytes_[offset + i] = byte_of(v, i);
    changed();
}

void configuration_space::reset() {
    bytes_ = reset_;
    update_followers();
    changed();
}

// Few accesses of a bus are for this device: a look at what its windows span together tells most of them.
void configuration_space::changed() {
    ++version_;
    for (unsigned n = 0; n < bars_used_; ++n) {
        if (bars_[n].bytes) bars_[n].base = read(first_bar + 4 * n, 4) & ~(bars_[n].bytes - 1);
    }
    rom_on_ = rom_bytes_ && bytes_[rom_bar] & rom_enable;
    rom_base_ = read(rom_bar, 4) & ~(rom_bytes_ - 1);
    for (const bool io : {false, true}) {
        range& all = spanned_[io];
        all = {};
        if (io ? !io_enabled() : !memory_enabled()) continue;
        for (unsigned n = 0; n < bars_used_; ++n)
            if (bars_[n].io == io) all.include(bars_[n].base, bars_[n].bytes);
        if (rom_on_ && !io) all.include(rom_base_, rom_bytes_);
    }
}

void configuration_space::range::include(std::uint64_t base, std::uint64_t size) {
    if (size == 0) return;
    const std::uint64_t end = std::max(bytes ? first + bytes : 0, base + size);
    first = bytes ? std::min(first, base) : base;
    bytes = end - first;
}

int configuration_space::window_of(bool io, std::uint64_t address, std::uint32_t& offset) const {
    for (unsigned n = 0; n < bars_used_; ++n) {
        const bar& b = bars_[n];
        if (b.io != io || address < b.base || address - b.base >= b.bytes) continue;      // 0 bytes: none
        offset = static_cast<std::uint32_t>(address - b.base);
        return static_cast<int>(n);
    }
    if (rom_on_ && !io && address >= rom_base_ && address - rom_base_ < rom_bytes_) {
        offset = static_cast<std::uint32_t>(address - rom_base_);
        return rom_window;
    }
    return -1;
}

void configuration_space::raise_status(std::uint16_t bits) { set(status, 2, read(status, 2) | bits); }

void configuration_space::accept_only(unsigned offset, std::vector<std::uint8_t> values) {
    accepted_.emplace_back(offset, std::move(values));
}

}  // namespace nicteam::pci
