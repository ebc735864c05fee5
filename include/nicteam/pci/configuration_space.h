// A type 0 configuration header as declarations: one line per register.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace nicteam::pci {

// 256 bytes with, for every bit, what a write does. Little endian.
class configuration_space {
public:
    configuration_space();

    // Declares `size` bytes at `offset`: reset value, bits that software may write, bits that a 1 clears.
    void declare(unsigned offset, unsigned size, std::uint32_t reset, std::uint32_t writable = 0, std::uint32_t write_1_to_clear = 0);
    // A base address register of 2^n bytes, n >= 4 for memory and >= 2 for I/O.
    void declare_bar(unsigned number, std::uint32_t bytes, bool io, bool prefetchable = false);
    // The expansion ROM's base address register (PCI 2.2, 6.2.5.2); 0 bytes: there is none and it reads 0.
    void declare_rom(std::uint32_t bytes);
    static constexpr int rom_window = 6;
    // Power management's control and status is at `offset` (PCI Power Management 1.1, 3.2.4): declare() its bits as well.
    void declare_power_control(unsigned offset) { power_control_ = offset, changed(); }

    // Bits of the registers of `size` bytes at `offset` that follow a field which software writes: `bits` bits wide, from bit `low` of
    // the byte at `by`. They read values[field], nothing beyond the list; `mask` says which bits they are.
    void follow(unsigned offset, unsigned size, std::uint32_t mask, unsigned by, unsigned low, unsigned bits,
                std::vector<std::uint32_t> values);

    std::uint32_t read(unsigned offset, unsigned size) const;
    void write(unsigned offset, unsigned size, std::uint32_t v);
    void set(unsigned offset, unsigned size, std::uint32_t v);      // from the device's side: all bits
    void reset();

    // Decoded, kept current by write().
    bool io_enabled() const { return enables() & 1u; }
    bool memory_enabled() const { return enables() & 2u; }
    bool master_enabled() const { return enables() & 4u; }
    bool write_and_invalidate_enabled() const { return command() & 16u; }
    bool parity_response_enabled() const { return command() & 64u; }
    bool serr_enabled() const { return command() & 256u; }
    bool back_to_back_enabled() const { return command() & 512u; }       // to other targets than the last (PCI 2.2, 6.2.2)
    bool capable_of_66_mhz() const { return bytes_[6] & 0x20u; }
    bool capable_of_back_to_back() const { return bytes_[6] & 0x80u; }   // as a target (PCI 2.2, 6.2.3)
    // D0 … D3. Below D0 only configuration cycles are answered and nothing is mastered (PCI Power Management 1.1, 5.3, 5.4).
    unsigned power_state() const { return power_control_ ? bytes_[power_control_] & 3u : 0; }
    bool power_event_enabled() const { return power_control_ && bytes_[power_control_ + 1] & 1u; }      // PME_En
    bool power_event() const { return power_control_ && bytes_[power_control_ + 1] & 0x80u; }           // PME_Status
    void set_power_event(bool enabled, bool status);
    unsigned latency_timer() const { return bytes_[0x0D]; }
    unsigned cache_line_bytes() const { return bytes_[0x0C] * 4u; }
    // The base address register that decodes this address, or -1; `offset` within its window.
    int decode(bool io, std::uint64_t address, std::uint32_t& offset) const { return spanned_[io].holds(address) ? window_of(io, address, offset) : -1; }
    // Another number than before if a register may have changed.
    std::uint32_t version() const { return version_; }

    std::uint32_t window_bytes(unsigned bar) const { return bar == rom_window ? rom_bytes_ : bars_.at(bar).bytes; }

    // Status bits set by hardware: 8 … 15 of the status register.
    void raise_status(std::uint16_t bits);

    // Accepts only the listed values (82559: cache line size 8 or 16); any other write reads back as 0.
    void accept_only(unsigned offset, std::vector<std::uint8_t> values);

private:
    std::uint32_t command() const { return bytes_[4] | bytes_[5] << 8; }
    std::uint32_t enables() const { return power_state() ? 0 : command(); }
    void changed();
    int window_of(bool io, std::uint64_t address, std::uint32_t& offset) const;
    void update_followers();
    struct follower {
        unsigned offset, size;
        std::uint32_t mask;
        unsigned by, low, bits;
        std::vector<std::uint32_t> values;
    };
    struct bar { std::uint32_t bytes = 0; bool io = false; std::uint64_t base = 0; };
    struct range {
        std::uint64_t first = 0, bytes = 0;
        bool holds(std::uint64_t address) const { return address - first < bytes; }
        void include(std::uint64_t base, std::uint64_t size);
    };
    std::array<std::uint8_t, 256> bytes_{}, reset_{}, writable_{}, clear_{};
    std::array<bar, 6> bars_{};
    unsigned bars_used_ = 0;      // the highest number declared + 1
    std::array<range, 2> spanned_{};     // from the first to the last octet that is decoded: memory, I/O
    std::uint32_t version_ = 0;
    std::uint32_t rom_bytes_ = 0, rom_base_ = 0;
    bool rom_on_ = false;
    unsigned power_control_ = 0;  // 0: no power management
    std::vector<std::pair<unsigned, std::vector<std::uint8_t>>> accepted_;
    std::vector<follower> followers_;
};

}  // namespace nicteam::pci
