#include "qemu_side.h"

#include <cstring>
#include <stdexcept>

namespace qemu_oracle {
namespace {

constexpr unsigned slot = 4, wire_slot = 5;
constexpr std::uint32_t registers = memory_base, wire_registers = 0xE010'0000;   // base address 0 of each
constexpr std::uint32_t io_registers = io_base, wire_io_registers = io_base + 0x100;   // base address 1

// The wire's own memory, beyond the window.
constexpr std::uint32_t wire_block = 0x0080'0000;     // a command block with its frame
constexpr std::uint32_t wire_ring = 0x0090'0000;      // receive frame descriptors
constexpr std::uint32_t ring_step = 4096, ring_size = 256;

}  // namespace

qemu_side::qemu_side()
    : qemu_({"-netdev", "hubport,id=h0,hubid=0", "-netdev", "hubport,id=h1,hubid=0",
             "-device", "i82559c,netdev=h0,mac=02:00:00:00:00:01,addr=4,romfile=",
             "-device", "i82559c,netdev=h1,mac=02:00:00:00:00:02,addr=5,romfile="}) {
    struct window { unsigned slot; std::uint32_t base, io; };
    for (const window& w : {window{slot, registers, io_registers}, window{wire_slot, wire_registers, wire_io_registers}}) {
        qemu_.write_configuration(w.slot, 0x10, w.base);
        qemu_.write_configuration(w.slot, 0x14, w.io);
        if (w.slot == slot) qemu_.write_configuration(w.slot, 0x18, flash_base);
        qemu_.write_configuration(w.slot, 0x04, 0x0007);   // I/O and memory space, bus master
    }
    // INTA# of slot 4 is the bridge's PIRQD; it alone goes anywhere: to line 11 (82371SB datasheet, PIRQRC, function 0, 60h to 63h).
    qemu_.write_configuration(1, 0x60, 0x0B80'8080);
    qemu_.send("irq_intercept_in ioapic");
    // QEMU's EEPROM gives 0 where nobody drives the line, until it was deselected once.
    for (const std::uint32_t pins : {2, 0}) qemu_.write_memory_space(1, registers + eeprom, pins);
    // The wire takes everything of any length: configure byte 15 bit 0, byte 18 bit 3, byte 21 bit 3.
    qemu_.flush();
    put32(wire_block + 0, 0x8002'0000);
    put32(wire_block + 4, 0xFFFF'FFFF);
    octets c(22, 0);
    c[0] = 22, c[1] = 8, c[6] = 0x32, c[8] = 1, c[15] = 0x49, c[18] = 0xFA, c[20] = 0x3F, c[21] = 0x0D;
    poke(wire_block + 8, c);
    wire_command(cu_base, 0);
    wire_command(ru_base, 0);
    wire_command(cu_start, wire_block);
    qemu_.flush();
    if ((get32(wire_block) & 0xA000) != 0xA000) throw std::runtime_error("QEMU's second controller did not accept its configuration");
}

void qemu_side::put32(std::uint32_t address, std::uint32_t v) { std::memcpy(qemu_.memory() + address, &v, 4); }
std::uint32_t qemu_side::get32(std::uint32_t address) {
    std::uint32_t v;
    std::memcpy(&v, qemu_.memory() + address, 4);
    return v;
}

void qemu_side::wire_command(std::uint8_t command, std::uint32_t pointer) {
    qemu_.write_memory_space(4, wire_registers + scb_pointer, pointer);
    qemu_.write_memory_space(1, wire_registers + scb_command, command);
}

void qemu_side::rewind_ring() {
    for (std::uint32_t i = 0; i < ring_size; ++i) {
        const std::uint32_t at = wire_ring + i * ring_step;
        put32(at, i + 1 == ring_size ? 0x8000'0000 : 0);
        put32(at + 4, at + ring_step);
        put32(at + 8, 0xFFFF'FFFF);
        put32(at + 12, (ring_step - 16) << 16);
    }
    wire_command(ru_abort, 0);
    wire_command(ru_start, wire_ring);
}

void qemu_side::begin() {
    qemu_.write_memory_space(1, registers + scb_acknowledge, 0xFF);   // its reset leaves INTA# as it is
    qemu_.write_memory_space(4, registers + port, 0);                 // software reset
    qemu_.flush();
    std::memset(qemu_.memory() + window_base, 0, window_size);
    rewind_ring();
    qemu_.flush();
}

void qemu_side::poke(std::uint32_t address, const octets& data) {
    constexpr std::size_t worth_waiting = 512;
    if (data.size() <= worth_waiting) return qemu_.write_octets(address, data.data(), data.size());
    qemu_.flush();
    std::memcpy(qemu_.memory() + address, data.data(), data.size());
}
octets qemu_side::peek(std::uint32_t address, std::uint32_t size) {
    qemu_.flush();
    return octets(qemu_.memory() + address, qemu_.memory() + address + size);
}
void qemu_side::write(space where, unsigned offset, unsigned size, std::uint32_t value) {
    switch (where) {
        case space::memory: return qemu_.write_memory_space(size, registers + offset, value);
        case space::io: return qemu_.write_io_space(size, io_registers + offset, value);
        case space::configuration: return qemu_.write_configuration(slot, offset, value, size);
    }
}
void qemu_side::read(space where, unsigned offset, unsigned size, std::uint32_t& into) {
    switch (where) {
        case space::memory: return qemu_.read_memory_space(size, registers + offset, into);
        case space::io: return qemu_.read_io_space(size, io_registers + offset, into);
        case space::configuration: return qemu_.read_configuration(slot, offset, size, into);
    }
}

void qemu_side::arrive(const octets& frame) {
    octets block(16);
    const auto put = [&](std::size_t at, std::uint32_t v) { std::memcpy(&block[at], &v, 4); };
    put(0, 0x8004'0000);   // transmit, last
    put(4, 0xFFFF'FFFF);
    put(8, 0xFFFF'FFFF);   // simplified
    put(12, 0x0001'8000u | static_cast<std::uint32_t>(frame.size()));
    block.insert(block.end(), frame.begin(), frame.end());
    poke(wire_block, block);
    wire_command(cu_start, wire_block);
}

void qemu_side::interrupt(bool& into) { qemu_.line(11, into); }

std::vector<octets> qemu_side::sent() {
    qemu_.flush();
    std::vector<octets> frames;
    for (std::uint32_t i = 0; i < ring_size; ++i) {
        const std::uint32_t at = wire_ring + i * ring_step;
        if (!(get32(at) & 0x8000)) break;
        if (i + 1 == ring_size) throw std::runtime_error("a sequence sent more frames than the ring holds");
        frames.push_back(peek(at + 16, get32(at + 12) & 0x3FFF));
    }
    return frames;
}

}  // namespace qemu_oracle
