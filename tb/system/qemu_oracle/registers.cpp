#include "registers.h"

namespace qemu_oracle {
namespace {

constexpr std::uint32_t interrupt_enable = 1u << 29, phy = 1u << 21;
constexpr std::uint16_t mdi_cause = 0x0800;                 // STAT/ACK bit 3 in the SCB word

}  // namespace

void registers::read_some() {
    for (unsigned n = a_.roll(1, 4); n > 0; --n) {
        const unsigned size = 1u << a_.roll(0, 2), offset = a_.roll(0, csr_bytes / size - 1) * size;
        const space where = a_.one_in(2) ? space::io : space::memory;
        a_.count(where == space::io ? register_read_by_io : register_read_by_memory);
        const std::uint32_t number = a_.read(offset, size, where);
        const auto hide = [&](rule why, unsigned at, std::uint32_t bits) {          // bits of the byte at `at`
            if (at >= offset && at < offset + size) a_.overlook_read(why, number, bits << 8 * (at - offset));
        };
        for (const mark& m : a_.s.scb)
            if (m.until == for_ever) hide(m.why, scb_acknowledge, m.bits >> 8);
        if (a_.si_written) hide(si_reads_back, scb_mask, 2);
        if (size > 2)
            for (const unsigned at : {eeprom - 2, unsigned{eeprom}}) hide(data_out_by_dword, at, 8);
        hide(no_receive_byte_count, receive_byte_count, 0xF8);
        hide(no_receive_byte_count, receive_byte_count + 1, 0x07);
        if (size > 1) hide(general_status_by_byte, general_status, 0xFF);
        if (partner_shown_)
            for (unsigned i = 0; i < 2; ++i) hide(link_partner, mdi + i, 0xFF);
        if (!mdi_used_)
            for (unsigned i = 0; i < 4; ++i) hide(mdi_after_reset, mdi + i, 0xFF);
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
    if (!interrupt) a_.overlook_scb(mdi_without_ie, mdi_cause);
    a_.observe();
    const std::uint32_t result = a_.read(mdi, 4, space::memory);
    partner_shown_ = number == 5;
    if (partner_shown_) a_.overlook_read(link_partner, result, 0xFFFF);
    if (a_.one_in(2)) a_.acknowledge(mdi_cause >> 8);
}

void registers::use_configuration_space() {
    enum : unsigned { command_register = 0x04, revision = 0x08, line_size = 0x0C, latency = 0x0D, interrupt_line = 0x3C };
    constexpr std::uint32_t enables = 0x0007;               // I/O, memory, master
    const auto look = [&](unsigned offset, unsigned size) {
        a_.count(configuration_read);
        const std::uint32_t n = a_.read(offset, size, space::configuration);
        const auto hide = [&](rule why, unsigned at, unsigned bytes, std::uint32_t bits) {
            for (unsigned i = 0; i < bytes; ++i)
                if (at + i >= offset && at + i < offset + size) a_.overlook_read(why, n, (bits >> 8 * i & 0xFF) << 8 * (at + i - offset));
        };
        hide(revision_of_82550, revision, 1, 0xFF);
        hide(fixed_latency_timer, latency, 1, 0xFF);
        hide(fixed_command_bits, command_register, 2, 0x0050);
        hide(interrupt_status, 0x06, 2, 0x0008);
        hide(no_power_data, 0xE0, 4, 0xFFFF'6000);
    };
    const auto set = [&](unsigned offset, unsigned size, std::uint32_t v) {
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
