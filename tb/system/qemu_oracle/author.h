// Writes a sequence: steps, the story for people, and marks for the comparison.
#pragma once

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <random>

#include "sequence.h"

namespace qemu_oracle {

// The window: command blocks and receive frame descriptors in slots, then buffers, arrays, the set-up's blocks, the counters.
constexpr std::uint32_t slot_size = 0xC00, slot_count = 16;
constexpr std::uint32_t buffers_at = window_base + slot_size * slot_count, buffers_size = 0x3000;
constexpr std::uint32_t arrays_at = buffers_at + buffers_size, array_size = 0x40, array_count = 32;
constexpr std::uint32_t microcode_octets = 64 * 4;
constexpr std::uint32_t setup_at = arrays_at + array_size * array_count;
constexpr std::uint32_t counters_at = window_base + 0xFF00;
constexpr std::uint32_t slot_at(unsigned n) { return window_base + n * slot_size; }

// STAT/ACK bits in the SCB word (SDM 6.3.2.1).
enum : std::uint16_t { mdi_cause = 0x0800, rnr_cause = 0x1000, cna_cause = 0x2000 };

class author {
public:
    explicit author(std::uint64_t seed) : engine_(seed) { s.seed = seed; }

    std::uint32_t roll(std::uint32_t low, std::uint32_t high) { return low + static_cast<std::uint32_t>(engine_() % (high - low + 1ull)); }
    bool one_in(std::uint32_t n) { return roll(1, n) == 1; }
    octets noise(std::uint32_t n) {
        octets o(n);
        for (auto& b : o) b = static_cast<std::uint8_t>(engine_());
        return o;
    }

    void tell(const char* format, ...) __attribute__((format(printf, 2, 3))) {
        char line[300];
        va_list list;
        va_start(list, format);
        std::vsnprintf(line, sizeof line, format, list);
        va_end(list);
        s.story.push_back(line);
    }
    void count(feature f) { ++s.used[f]; }
    void poke(std::uint32_t address, octets data) {
        written(address, data.data(), static_cast<std::uint32_t>(data.size()));
        s.steps.push_back({step::poke, address, 0, 0, std::move(data)});
    }
    void write(unsigned offset, unsigned size, std::uint32_t v, space where) {
        if (where != space::configuration) count(size == 1 ? byte_access : size == 2 ? word_access : dword_access);
        s.steps.push_back({step::write, offset, size, v, {}, where});
    }
    void write(unsigned offset, unsigned size, std::uint32_t v) { write(offset, size, v, either()); }
    // A register of four bytes: at once, in halves, or byte by byte, the last byte last.
    void write_dword(unsigned offset, std::uint32_t v) {
        const space where = either();
        const unsigned size = one_in(4) ? 1u << roll(0, 1) : 4;
        if (size != 4) count(register_in_pieces);
        for (unsigned i = 0; i < 4; i += size) write(offset + i, size, size == 4 ? v : v >> 8 * i & ((1u << 8 * size) - 1), where);
    }
    // What the read gives is compared. Its number, for overlook_read().
    std::uint32_t read(unsigned offset, unsigned size, space where) {
        if (where != space::configuration) count(size == 1 ? byte_access : size == 2 ? word_access : dword_access);
        s.steps.push_back({step::read, offset, size, 0, {}, where});
        s.story.push_back("    -> read " + std::to_string(reads_) + (where == space::configuration ? " of configuration space at " : " of registers at ") + std::to_string(offset));
        return reads_++;
    }
    void expect_read(rule why, std::uint32_t number, std::uint32_t bits, shown qemu, shown model) {
        if (bits) s.reads.push_back({why, number, bits, qemu, model});
    }
    void command(std::uint8_t c, std::uint32_t pointer) {
        write_dword(scb_pointer, pointer);
        const bool left = leaving();
        // Together with the mask byte, or alone.
        if (one_in(6)) {
            write(scb_command, 2, c | masks << 8);
            si_written = false;
        } else write(scb_command, 1, c);
        if (!left) observe();
    }
    void arrive(octets frame) {
        const bool left = leaving();
        s.steps.push_back({step::arrive, 0, 0, 0, std::move(frame)});
        if (!left) observe();
    }
    void observe() {
        s.steps.push_back({step::observe, 0, 0, 0, {}});
        s.masks.push_back(masks);
        for (const cause& c : causes)
            if (c.qemu != c.model) s.scb.push_back({c.why, observations, c.bit, c.theirs(), c.ours()});
        ++observations;
        s.story.push_back("    -> observation " + std::to_string(observations - 1));
    }
    void acknowledge(std::uint8_t bits) {
        tell("acknowledge %02X", bits);
        count(acknowledge_act);
        forget(bits << 8);
        if (one_in(3)) write(scb_status, 2, bits << 8 | roll(0, 255));   // the status byte is read only
        else write(scb_acknowledge, 1, bits);
        observe();
    }
    // A request for an interrupt that a rule has one side make alone. From the next observation on, until an acknowledgement of the bit.
    void raise(rule why, std::uint16_t bit, bool qemu, bool model) {
        for (cause& c : causes) {
            if (c.bit != bit) continue;
            if (qemu != model) c.why = why;
            c.qemu |= qemu;
            c.model |= model;
            if (qemu) c.vague = false;
        }
    }
    void raise(std::uint16_t bit) { raise(rule_count, bit, true, true); }
    void forget(std::uint32_t bits) {
        for (cause& c : causes)
            if (c.bit & bits) c.qemu = c.model = c.vague = false;
            else if (c.bit == mdi_cause && !c.model) c.vague = c.qemu;   // not held where acknowledgements are reckoned, unless another request came since
    }
    // By the driver, or by QEMU's receive unit as it should: what a rule states of these octets is no more.
    void written(std::uint32_t address, const std::uint8_t* data, std::uint32_t size) {
        std::copy(data, data + size, window.begin() + (address - window_base));
        for (mark& m : s.memory)
            for (unsigned i = 0; i < 4; ++i)
                if (m.at + i >= address && m.at + i < address + size) m.bits &= ~(0xFFu << 8 * i);
        s.memory.erase(std::remove_if(s.memory.begin(), s.memory.end(), [](const mark& m) { return m.bits == 0; }), s.memory.end());
    }
    void expect(rule why, std::uint32_t address, std::uint32_t bits, shown qemu, shown model) { s.memory.push_back({why, address, bits, qemu, model}); }
    // The next command or frame is left at work after so long, unobserved.
    void leave(std::uint32_t nanoseconds) { leaves_ = nanoseconds; }

    void mask(std::uint8_t bits) {
        tell("interrupt control %02X", bits);
        count(mask_act);
        if (bits & 2) count(software_interrupt);
        write(scb_mask, 1, bits);
        masks = bits & ~2u;
        observe();
        si_written = bits & 2;
    }

    // A bit of the SCB word that the two may hold apart.
    struct cause {
        std::uint16_t bit;
        rule why = rule_count;
        bool qemu = false, model = false;
        bool vague = false;                             // QEMU may have lost it
        shown theirs() const { return vague ? shown{} : shown::all(qemu ? bit : 0); }
        shown ours() const { return shown::all(model ? bit : 0); }
    };
    std::array<cause, 3> causes{{{cna_cause}, {rnr_cause}, {mdi_cause}}};

    sequence s;
    std::uint32_t observations = 0;
    octets window = octets(window_size, 0);             // what was written to the window
    std::uint8_t masks = 0;
    bool si_written = false;                            // by the last write of the mask byte
    std::uint32_t cu_offset = 0, ru_offset = 0;         // what the base registers hold
    std::array<std::uint8_t, 6> address{};              // the individual address in force
    std::uint64_t hash = 0;                             // the multicast table in force
    octets configuration;                               // the 22 bytes in force

    bool configured(unsigned byte, unsigned bit) const { return configuration[byte] >> bit & 1; }

private:
    bool leaving() {
        if (!leaves_) return false;
        s.steps.push_back({step::cut, 0, 0, leaves_, {}});
        leaves_ = 0;
        return true;
    }
    space either() { return one_in(4) ? space::io : space::memory; }
    std::mt19937_64 engine_;
    std::uint32_t reads_ = 0;
    std::uint32_t leaves_ = 0;
};

inline void put16(octets& o, std::size_t at, std::uint32_t v) {
    o[at] = static_cast<std::uint8_t>(v);
    o[at + 1] = static_cast<std::uint8_t>(v >> 8);
}
inline void put32(octets& o, std::size_t at, std::uint32_t v) {
    put16(o, at, v);
    put16(o, at + 2, v >> 16);
}

}  // namespace qemu_oracle
