#include "registers.h"

namespace qemu_oracle {
namespace {

constexpr std::uint32_t interrupt_enable = 1u << 29, mdi_ready = 1u << 28, phy = 1u << 21;
constexpr std::uint32_t good_link = 0x07;                   // full duplex, 100 Mb/s, up (SDM 6.3.9)
constexpr std::uint32_t qemu_partner = 0x41FE, partner = 0x0080;   // PHY register 5: what QEMU has there; 100BASE-TX by parallel detection (IEEE 802.3 28.2.3.1)

}  // namespace

// Of what was read from offset `at` on: the bits that differ, what QEMU shows of them, and what the model.
void registers::expect(const noted& read, rule why, unsigned at, std::uint32_t bits, shown qemu, shown model) {
    for (unsigned i = 0; i < 4; ++i) {
        if (at + i < read.offset || at + i >= read.offset + read.size) continue;
        const auto part = [&](std::uint32_t v) { return (v >> 8 * i & 0xFF) << 8 * (at + i - read.offset); };
        a_.expect_read(why, read.number, part(bits), {part(qemu.known), part(qemu.value)}, {part(model.known), part(model.value)});
    }
}

void registers::read_some() {
    for (unsigned n = a_.roll(1, 4); n > 0; --n) {
        const unsigned size = 1u << a_.roll(0, 2), offset = a_.roll(0, csr_bytes / size - 1) * size;
        const space where = a_.one_in(2) ? space::io : space::memory;
        a_.count(where == space::io ? register_read_by_io : register_read_by_memory);
        const noted read{a_.read(offset, size, where), offset, size};
        for (const author::cause& c : a_.causes)
            if (c.qemu != c.model) expect(read, c.why, scb_status, c.bit, c.theirs(), c.ours());
        if (a_.si_written) expect(read, si_reads_back, scb_mask, 2, shown::all(2), shown::all(0));
        if (size > 2) expect(read, data_out_by_dword, eeprom - 2, 0x0008'0008, shown::all(0x0000'0008), shown::all(0x0008'0000));
        expect(read, no_receive_byte_count, receive_byte_count, 0x07F8, shown::all(0), {});
        if (size > 1) expect(read, general_status_by_byte, general_status, 0xFF, shown::all(0), shown::all(good_link));
        if (partner_shown_) expect(read, link_partner, mdi, 0xFFFF, shown::all(qemu_partner), shown::all(partner));
        if (!mdi_used_) expect(read, mdi_after_reset, mdi, 0xFFFF'FFFF, shown::all(mdi_ready | phy), shown::all(mdi_ready));
    }
}

void registers::use_mdi() {
    const unsigned number = a_.roll(0, 5);
    const bool write = number == 4 && (!advertisement_written_ || a_.one_in(2)), interrupt = a_.one_in(4);
    advertisement_written_ |= write;
    std::uint32_t word = (write ? 1u : 2u) << 26 | phy | number << 16 | (interrupt ? interrupt_enable : 0);
    if (write) word |= a_.roll(0, 0x3F) << 5;
    a_.count(write ? mdi_write : mdi_read);
    if (interrupt) a_.count(mdi_interrupt);
    a_.tell("MDI control %08X", word);
    mdi_used_ = true;
    a_.write_dword(mdi, word);
    a_.raise(mdi_without_ie, mdi_cause, true, interrupt);
    a_.observe();
    const std::uint32_t result = a_.read(mdi, 4, space::memory);
    partner_shown_ = number == 5;
    if (partner_shown_) a_.expect_read(link_partner, result, 0xFFFF, shown::all(qemu_partner), shown::all(partner));
    if (a_.one_in(2)) a_.acknowledge(mdi_cause >> 8);
}

void registers::use_configuration_space() {
    enum : unsigned { command_register = 0x04, status_register = 0x06, revision = 0x08, line_size = 0x0C, latency = 0x0D, interrupt_line = 0x3C, power_control = 0xE0 };
    constexpr std::uint32_t enables = 0x0007;               // I/O, memory, master
    const auto look = [&](unsigned offset, unsigned size) {
        a_.count(configuration_read);
        const noted read{a_.read(offset, size, space::configuration), offset, size};
        expect(read, revision_of_82550, revision, 0xFF, shown::all(0x0C), shown::all(0x08));
        expect(read, fixed_latency_timer, latency, 0xFF, shown::all(0x20), shown::all(0x00));
        expect(read, fixed_command_bits, command_register, 0x0050, shown::all(0), shown::all(command_written_));
        expect(read, interrupt_status, status_register, 0x0008, {}, shown::all(0));
        expect(read, no_power_data, power_control, 0xFFFF'6000, shown::all(0), shown::all(0x3A00'4000));
    };
    const auto set = [&](unsigned offset, unsigned size, std::uint32_t v) {
        if (offset == command_register) command_written_ = v;
        a_.count(configuration_write);
        a_.tell("configuration space at %02X, %u octets: %X", offset, size, v);
        a_.write(offset, size, v, space::configuration);
    };
    switch (a_.roll(0, 4)) {
        case 0: {                                           // any of the header, in any size
            constexpr unsigned words[] = {0x00, 0x04, 0x08, 0x0C, 0x10, 0x14, 0x18, 0x1C, 0x20, 0x24, 0x28, 0x2C, 0x30, 0x34, 0x38, 0x3C, 0xDC, 0xE0};
            for (unsigned n = a_.roll(1, 4); n > 0; --n) {
                const unsigned size = 1u << a_.roll(0, 2);
                look(words[a_.roll(0, 17)] + size * a_.roll(0, 4 / size - 1), size);
            }
            break;
        }
        case 1:
            set(command_register, 2, a_.roll(0, 0x3FF) & 0x0157);
            look(command_register, 2);
            set(command_register, 2, enables);
            look(command_register, 4);
            break;
        case 2:
            set(line_size, 1, 8 * a_.roll(0, 2));
            look(line_size, 1);
            break;
        case 3:
            set(interrupt_line, 1, a_.roll(0, 255));
            look(interrupt_line, a_.one_in(2) ? 1 : 2);
            break;
        default: {                                          // how large a window is (PCI 2.2, 6.2.5.1)
            a_.count(base_address_size);
            const bool io = a_.one_in(2);
            const unsigned at = io ? 0x14 : 0x10;
            set(command_register, 2, 0);
            set(at, 4, 0xFFFF'FFFF);
            look(at, 4);
            set(at, 4, io ? io_base : memory_base);
            set(command_register, 2, enables);
            look(at, 4);
        }
    }
}

}  // namespace qemu_oracle
