#include "command_list.h"

#include <algorithm>

namespace qemu_oracle {
namespace {

enum : std::uint16_t { nop = 0, individual = 1, configure = 2, multicast_setup = 3, transmit_command = 4, microcode = 5, diagnose = 7, flexible = 8, interrupt = 1 << 13, suspend = 1 << 14, end_of_list = 1 << 15 };

octets header(std::uint16_t command, std::uint32_t link, std::size_t size) {
    octets o(size, 0);
    put16(o, 2, command);
    put32(o, 4, link);
    return o;
}

}  // namespace

// SDM 6.4.2.3: bits 7:2 of the CRC-32 of the address, most significant bit first.
std::uint64_t multicast_bit(const std::uint8_t* address) {
    std::uint32_t crc = 0xFFFF'FFFF;
    for (int i = 0; i < 6; ++i)
        for (int bit = 0; bit < 8; ++bit) {
            const bool feedback = (crc >> 31) ^ (address[i] >> bit & 1);
            crc = crc << 1 ^ (feedback ? 0x04C1'1DB7u : 0);
        }
    return 1ull << (crc >> 2 & 63);
}

octets command_list::configuration() {
    octets c{22, 8, 0, 0, 0, 0, 0x32, 0, 1, 0, 0x2E, 0, 0x61, 0, 0xF2, 0x48, 0, 0x40, 0xF2, 0x80, 0x3F, 0x05};
    c[1] = static_cast<std::uint8_t>(a_.roll(0, 15));
    if (a_.one_in(2)) c[6] ^= 0x10;                                  // extended transmit blocks
    if (a_.one_in(4)) c[6] |= 0x08;                                  // CI interrupt
    if (a_.one_in(2)) c[6] |= 0x80;                                  // save bad frames
    c[7] = static_cast<std::uint8_t>(a_.roll(0, 7) | (a_.one_in(2) ? 0x40 : 0));
    if (a_.one_in(3)) c[15] |= 0x01;                                 // promiscuous
    if (a_.one_in(3)) c[18] |= 0x08;                                 // long frames are taken
    if (a_.one_in(4)) c[21] |= 0x08;                                 // all multicast
    return c;
}

octets command_list::multicast() {
    const std::uint32_t n = a_.roll(0, 6);
    octets o(10 - 8 + 6 * n);
    put16(o, 0, 6 * n);
    for (std::uint32_t i = 0; i < n; ++i) {
        octets address = a_.noise(6);
        address[0] |= 1;
        std::copy(address.begin(), address.end(), o.begin() + 2 + 6 * i);
    }
    return o;
}

// From +8 of the block on. Lengths and pieces at random, at least 14 octets in all.
octets command_list::transmit(std::uint16_t& command, std::uint32_t array) {
    const std::uint32_t threshold = a_.roll(1, 0xE0);
    if (a_.one_in(2)) {
        a_.count(simplified_transmit);
        const std::uint32_t length = a_.one_in(4) ? a_.roll(14, 2600) : a_.roll(14, 200);
        octets o(8), data = a_.noise(length);
        put32(o, 0, 0xFFFF'FFFF);
        put32(o, 4, threshold << 16 | 0x8000 | length);
        o.insert(o.end(), data.begin(), data.end());
        return o;
    }
    command |= flexible;
    const bool extended = !a_.configured(6, 4);
    a_.count(flexible_transmit);
    if (extended) a_.count(extended_transmit);
    std::uint32_t left = a_.one_in(4) ? a_.roll(14, 2000) : a_.roll(14, 300);
    const std::uint32_t immediate = !extended && a_.one_in(3) ? a_.roll(1, std::min(left, 100u)) : 0;
    left -= immediate;
    if (immediate) a_.count(immediate_data);
    octets descriptors;
    std::uint32_t n = 0;
    while (left > 0) {
        const std::uint32_t size = n == 6 ? left : std::min(left, a_.roll(1, 700));
        const std::uint32_t from = buffers_at + a_.roll(0, buffers_size - size);   // any alignment
        left -= size;
        ++n;
        octets d(8);
        put32(d, 0, from);
        put32(d, 4, size | (left == 0 ? 0x1'0000 : 0));
        descriptors.insert(descriptors.end(), d.begin(), d.end());
    }
    octets o(8), data = a_.noise(immediate);
    put32(o, 0, array);
    put32(o, 4, n << 24 | threshold << 16 | (immediate ? 0x8000 : 0) | immediate);
    o.insert(o.end(), data.begin(), data.end());
    const std::uint32_t embedded = extended ? std::min(n, 2u) : 0;
    o.insert(o.end(), descriptors.begin(), descriptors.begin() + 8 * embedded);
    if (extended && embedded < 2) o.resize(8 + 16);
    a_.poke(array, octets(array_size, 0));   // QEMU reads it even after EL in an embedded descriptor
    if (n > embedded) a_.poke(array, octets(descriptors.begin() + 8 * embedded, descriptors.end()));
    a_.tell("    flexible: %u immediate octets, %u descriptors, %s", immediate, n, extended ? "extended" : "standard");
    return o;
}

void command_list::set_up() {
    a_.configuration = configuration();
    octets c = header(configure, setup_at + 0x40 - a_.cu_offset, 8);
    c.insert(c.end(), a_.configuration.begin(), a_.configuration.end());
    a_.poke(setup_at, c);
    octets i = header(individual | end_of_list, 0xFFFF'FFFF, 8), mac = a_.noise(6);
    mac[0] &= 0xFE;
    std::copy(mac.begin(), mac.end(), a_.address.begin());
    i.insert(i.end(), mac.begin(), mac.end());
    a_.poke(setup_at + 0x40, i);
    a_.poke(buffers_at, a_.noise(buffers_size));
    a_.raise(cna_cause);
    a_.tell("configure %02X %02X … 6: %02X 7: %02X 15: %02X 18: %02X 21: %02X, individual address", c[8], c[9], c[14], c[15], c[23], c[26], c[29]);
    a_.command(cu_start, setup_at - a_.cu_offset);
}

void command_list::execute(const octets& b) {
    switch (b[2] & 7) {
        case nop: a_.count(nop_block); break;
        case microcode: a_.count(microcode_block); break;
        case diagnose: a_.count(diagnose_block); break;
        case individual: a_.count(individual_address_block); std::copy(b.begin() + 8, b.begin() + 14, a_.address.begin()); break;
        case configure: a_.count(configure_block); a_.configuration.assign(b.begin() + 8, b.begin() + 30); break;
        case multicast_setup:
            a_.count(multicast_block);
            a_.hash = 0;
            for (std::size_t i = 10; i + 6 <= b.size(); i += 6) a_.hash |= multicast_bit(&b[i]);
            break;
        default: break;
    }
}

void command_list::build() {
    const std::uint32_t n = a_.roll(1, 9);
    // Command blocks have the lower ten slots, in any order.
    std::vector<unsigned> slots;
    for (unsigned i = 0; i < 10; ++i) slots.insert(slots.begin() + a_.roll(0, i), i);
    list_.clear();
    body_.clear();
    for (std::uint32_t i = 0; i < n; ++i) {
        const bool last = i + 1 == n;
        const std::uint32_t at = slot_at(slots[i]) + 16 * a_.roll(0, 16) + 4 * a_.roll(0, 3), link = last ? 0xFFFF'FFFF : 0;
        std::uint16_t command = 0;
        octets rest;
        switch (a_.roll(0, 13)) {
            case 0: command = nop; rest = octets(); break;
            case 1: command = individual; rest = a_.noise(6); rest[0] &= 0xFE; break;
            case 2: command = configure; rest = configuration(); rest[6] = static_cast<std::uint8_t>((rest[6] & ~0x18) | (a_.configuration[6] & 0x18)); break;
            case 3: command = multicast_setup; rest = multicast(); break;
            case 4: command = a_.one_in(2) ? microcode : diagnose; if (command == microcode) rest = a_.noise(microcode_octets); break;
            default: command = transmit_command; rest = transmit(command, arrays_at + i * array_size); break;
        }
        if (a_.one_in(2)) command |= interrupt;
        if (a_.one_in(4)) command |= suspend;
        if (last) command = static_cast<std::uint16_t>(command | (a_.one_in(3) ? suspend : end_of_list));
        else command &= static_cast<std::uint16_t>(~end_of_list);
        if (command & end_of_list) command &= static_cast<std::uint16_t>(~suspend);
        octets b = header(command, link, 8);
        b.insert(b.end(), rest.begin(), rest.end());
        list_.push_back({at, command});
        body_.push_back(b);
    }
    for (std::uint32_t i = 0; i < n; ++i) {
        if (i + 1 < n) put32(body_[i], 4, list_[i + 1].at - a_.cu_offset);
        a_.poke(list_[i].at, body_[i]);
        a_.tell("block %u at %08X: command %04X, %zu octets", i, list_[i].at, list_[i].command, body_[i].size());
    }
}

void command_list::run(std::size_t from) {
    for (at_ = from; at_ < list_.size(); ++at_) {
        execute(body_[at_]);
        if (list_[at_].command & interrupt) a_.count(block_with_interrupt);
        if (list_[at_].command & suspend) a_.count(block_with_suspend);
        if (list_[at_].command & end_of_list) a_.count(list_end);
        suspended_ = list_[at_].command & suspend;
        if (list_[at_].command & (suspend | end_of_list)) break;
    }
    a_.raise(suspend_in_ci_mode, cna_cause, true, !(suspended_ && a_.configured(6, 3)));
}

void command_list::forget() {
    list_.clear();
    body_.clear();
    suspended_ = false;
}

void command_list::act() {
    if (suspended_ && at_ + 1 < list_.size() && !a_.one_in(6)) {
        a_.count(cu_resume_act);
        // As a driver does it: clear S where the unit waits, then resume.
        list_[at_].command &= static_cast<std::uint16_t>(~suspend);
        octets w(2);
        put16(w, 0, list_[at_].command);
        a_.poke(list_[at_].at + 2, w);
        a_.tell("CU resume after block %zu", at_);
        suspended_ = false;
        run(at_ + 1);
        a_.command(cu_resume, 0);
        return;
    }
    std::size_t from = 0;
    if (suspended_) a_.count(cu_start_while_suspended);
    const bool again = !list_.empty() && a_.one_in(4);
    if (again) a_.count(list_once_more);
    if (again) from = a_.roll(0, static_cast<std::uint32_t>(list_.size()) - 1);   // once more, over used status words
    else build();
    suspended_ = false;
    run(from);
    a_.tell("CU start at block %zu", from);
    a_.command(cu_start, list_[from].at - a_.cu_offset);
}

}  // namespace qemu_oracle
