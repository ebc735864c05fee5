// A side with one thing wrong, somewhere in a sequence: shows what the comparison notices.
#pragma once

#include <array>
#include <random>

#include "side.h"

namespace qemu_oracle {

enum tampering : std::uint8_t { acknowledge_lost, mask_wrong, command_lost, memory_bit, frame_in_bit, frame_in_lost, frame_out_bit, frame_out_lost, status_bit, read_bit, interrupt_inverted, tampering_count };

struct tampering_info {
    const char* name;
    unsigned least_percent;              // of sequences, some of which do not depend on what is wrong
};

constexpr std::array<tampering_info, tampering_count> tamperings{{
    {"an acknowledgement is lost", 50}, {"a mask bit is wrong", 60}, {"an SCB command is lost", 50}, {"a bit of what the driver writes to memory is wrong", 45}, {"a bit of a frame from the wire is wrong", 35},
    {"a frame from the wire is lost", 45}, {"a bit of a sent frame is wrong", 100}, {"a sent frame is lost", 100}, {"a bit of a noted SCB word is wrong", 80},
    {"a bit of a register read is wrong", 80}, {"INTA# is inverted", 80},
}};

class tampered : public side {
public:
    // Which of the places where it could be wrong is drawn from the seed.
    tampered(side& good, tampering how, std::uint64_t seed) : good_(good), how_(how), random_(seed * tampering_count + how), left_(static_cast<unsigned>(random_() % 6)) {}
    bool done() const { return done_; }

    void begin() override { good_.begin(); }
    void poke(std::uint32_t address, const octets& data) override {
        octets changed = data;
        if (!data.empty() && now(memory_bit)) flip(changed);
        good_.poke(address, changed);
    }
    octets peek(std::uint32_t address, std::uint32_t size) override { return good_.peek(address, size); }
    void write(space where, unsigned offset, unsigned size, std::uint32_t value) override {
        if (where != space::configuration) {
            if (offset == scb_acknowledge && size == 1 && value == 0xFF && now(acknowledge_lost)) value = 0;
            if (offset == scb_mask && size == 1 && now(mask_wrong)) value ^= 0x11;
            if (offset == scb_command && size == 1 && value && now(command_lost)) value = 0;
        }
        good_.write(where, offset, size, value);
    }
    void read(space where, unsigned offset, unsigned size, std::uint32_t& into) override {
        good_.read(where, offset, size, into);
        const bool scb = where == space::memory && offset == scb_status && size == 2;
        if (now(scb ? status_bit : read_bit)) {
            good_.settle();
            into ^= 1u << random_() % (8 * size);
        }
    }
    void arrive(const octets& data) override {
        octets changed = data;
        if (now(frame_in_lost)) return;
        if (now(frame_in_bit)) flip(changed);
        good_.arrive(changed);
    }
    void interrupt(bool& into) override {
        good_.interrupt(into);
        if (!now(interrupt_inverted)) return;
        good_.settle();
        into = !into;
    }
    void cut(std::uint32_t nanoseconds) override { good_.cut(nanoseconds); }
    std::size_t sent_count() override { return good_.sent_count(); }
    void settle() override { good_.settle(); }
    std::vector<octets> sent() override {
        auto all = good_.sent();
        if (!all.empty() && how_ == frame_out_bit) flip(all[random_() % all.size()]), done_ = true;
        if (!all.empty() && how_ == frame_out_lost) all.erase(all.begin() + static_cast<std::ptrdiff_t>(random_() % all.size())), done_ = true;
        return all;
    }

private:
    bool now(tampering t) { return t == how_ && !done_ && left_-- == 0 && (done_ = true); }
    void flip(octets& o) { o[random_() % o.size()] ^= static_cast<std::uint8_t>(1u << random_() % 8); }

    side& good_;
    tampering how_;
    std::mt19937_64 random_;
    unsigned left_;
    bool done_ = false;
};

}  // namespace qemu_oracle
