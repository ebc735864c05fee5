// One controller under comparison, as its driver and its wire see it: host memory, CSR accesses, frames in and out.
// Two of them exist: QEMU's i82559c and the model. Both are driven by the same sequences.
#pragma once

#include <cstdint>
#include <vector>

namespace qemu_oracle {

using octets = std::vector<std::uint8_t>;

// The part of host memory that sequences use and that is compared.
constexpr std::uint32_t window_base = 0x0010'0000;
constexpr std::uint32_t window_size = 0x0001'0000;

// Base addresses of the registers, the same on both sides.
constexpr std::uint32_t memory_base = 0xC000'0000, io_base = 0x1000, flash_base = 0xC100'0000;

// CSR offsets, SDM 6.3.
enum csr : unsigned { scb_status = 0, scb_acknowledge = 1, scb_command = 2, scb_mask = 3, scb_pointer = 4, port = 8, eeprom = 0x0E, mdi = 0x10, receive_byte_count = 0x14, general_status = 0x1D, csr_bytes = 0x40 };

// Where an access goes: the registers by memory or by I/O accesses, or the configuration space.
enum class space : std::uint8_t { memory, io, configuration };

// CU and RU commands as the byte that goes to offset 2, SDM 6.3.2.2.
enum command : std::uint8_t {
    cu_start = 0x10, cu_resume = 0x20, cu_dump_address = 0x40, cu_dump = 0x50, cu_base = 0x60, cu_dump_and_reset = 0x70,
    ru_start = 0x01, ru_resume = 0x02, ru_abort = 0x04, ru_base = 0x06,
};

class side {
public:
    virtual ~side() = default;
    // A fresh start: software reset, window wiped, nothing sent yet.
    virtual void begin() = 0;
    virtual void poke(std::uint32_t address, const octets&) = 0;
    virtual octets peek(std::uint32_t address, std::uint32_t size) = 0;
    virtual void write(space, unsigned offset, unsigned size, std::uint32_t value) = 0;
    // What is read is there after settle() at the latest.
    virtual void read(space, unsigned offset, unsigned size, std::uint32_t& into) = 0;
    std::uint32_t read_now(unsigned offset, unsigned size) {
        std::uint32_t v = 0;
        read(space::memory, offset, size, v);
        settle();
        return v;
    }
    // A frame from the wire, destination address to the last octet before the FCS.
    virtual void arrive(const octets&) = 0;
    virtual void interrupt(bool& into) = 0;   // is INTA# asserted? There after settle().
    // The next write or arrival returns after so long a time, and what is written then finds the side at work, until settle(). (QEMU does all at once.)
    virtual void cut(std::uint32_t nanoseconds) = 0;
    // Until nothing more happens by itself.
    virtual void settle() = 0;
    // Frames sent since begin(), without FCS.
    virtual std::vector<octets> sent() = 0;
    // How many by now: ten microseconds after a reset that cut work off.
    virtual std::size_t sent_count() { return sent().size(); }
};

}  // namespace qemu_oracle
