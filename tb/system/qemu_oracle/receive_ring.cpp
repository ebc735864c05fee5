#include "receive_ring.h"

#include <algorithm>

#include "command_list.h"

namespace qemu_oracle {
namespace {
enum : std::uint16_t { suspend = 1 << 14, end_of_list = 1 << 15 };                 // a descriptor's command
enum : std::uint16_t { not_individual = 1 << 1, no_match = 1 << 2, too_long = 1 << 9, okay = 1 << 13, complete = 1 << 15 };   // its status
constexpr std::uint32_t fifo_octets = 3072;
constexpr std::uint32_t good_frames = 0x24, resource_errors = 0x30;   // in the counter dump
}  // namespace

octets receive_ring::frame() {
    std::uint32_t length = a_.one_in(3) ? a_.roll(60, 1514) : a_.roll(60, 120);
    if (a_.one_in(20) && (a_.configured(18, 3) || !a_.configured(6, 7))) length = a_.roll(1519, 2000);
    octets f = a_.noise(length);
    f[0] &= 0xFE;                                           // somebody else's address
    switch (a_.roll(0, 5)) {
        case 0: std::fill(f.begin(), f.begin() + 6, 0xFF); break;
        case 1: f[0] |= 1; break;
        case 2:                                             // a multicast address that the hash lets through, if there is one near
            f[0] |= 1;
            for (int i = 0; i < 64 && a_.hash && !(a_.hash & multicast_bit(f.data())); ++i) f[5] = static_cast<std::uint8_t>(f[5] + 1);
            break;
        case 3: break;
        default: std::copy(a_.address.begin(), a_.address.end(), f.begin()); break;
    }
    return f;
}

bool receive_ring::taken(const octets& f) const { return matches(f) && (f.size() <= 1514 || a_.configured(18, 3)); }

bool receive_ring::matches(const octets& f) const { return a_.configured(15, 0) || !only_promiscuous(f); }

bool receive_ring::only_promiscuous(const octets& f) const {
    if (std::equal(a_.address.begin(), a_.address.end(), f.begin())) return false;
    if (std::all_of(f.begin(), f.begin() + 6, [](std::uint8_t b) { return b == 0xFF; })) return false;
    return !(f[0] & 1) || !(a_.configured(21, 3) || (a_.hash & multicast_bit(f.data())));
}

void receive_ring::overlook_remains(std::uint32_t from) {
    const std::uint32_t data = ring_.empty() ? 0 : ring_[at_].at + 16;
    for (std::uint32_t k = data + from; k < data + remains_; ++k) {
        const std::uint8_t theirs = a_.window[k - window_base];
        a_.written(k, &theirs, 1);
        a_.expect(discarded_in_buffer, k & ~3u, 0xFFu << 8 * (k & 3), shown::all(std::uint32_t{theirs} << 8 * (k & 3)), {});
    }
    remains_ = 0;
}


void receive_ring::finish() { overlook_remains(0); }

void receive_ring::counted() {
    if (truncated_) a_.expect(truncated_frame, counters_at + good_frames, 0xFFFF'FFFF, shown::all(good_), shown::all(good_ - truncated_));
    if (refused_ || lost_) a_.expect(no_receive_fifo, counters_at + resource_errors, 0xFFFF'FFFF, shown::all(refused_), shown::all(lost_));
}

void receive_ring::start() {
    const std::uint32_t n = a_.roll(1, 6);
    overlook_remains(0);
    ring_.clear();
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint32_t size = a_.one_in(3) ? 2 * a_.roll(20, 400) : 1536;
        std::uint16_t command = i + 1 == n ? end_of_list : a_.one_in(3) ? suspend : 0;
        ring_.push_back({slot_at(10 + i) + 4 * a_.roll(0, 40), command, size});
    }
    for (std::uint32_t i = 0; i < n; ++i) {
        octets d(16, 0);
        put16(d, 2, ring_[i].command);
        put32(d, 4, (i + 1 < n ? ring_[i + 1].at : ring_[0].at) - a_.ru_offset);
        put32(d, 8, 0xFFFF'FFFF);
        put32(d, 12, ring_[i].size << 16);
        a_.poke(ring_[i].at, d);
        a_.tell("descriptor %u at %08X: command %04X, %u octets", i, ring_[i].at, ring_[i].command, ring_[i].size);
    }
    at_ = 0;
    state_ = state::ready;
    a_.tell("RU start");
    a_.count(ru_start_act);
    a_.command(ru_start, ring_[0].at - a_.ru_offset);
}

void receive_ring::deliver() {
    const octets f = frame();
    const bool mine = taken(f);
    a_.count(mine ? frame_taken : frame_refused);
    a_.tell("frame of %zu octets to %02X:%02X:%02X:%02X:%02X:%02X: %s", f.size(), f[0], f[1], f[2], f[3], f[4], f[5], mine ? "taken" : "not for us");
    if (mine) {
        const descriptor& d = ring_[at_];
        overlook_remains(static_cast<std::uint32_t>(f.size()));
        const std::uint32_t saved = std::min(static_cast<std::uint32_t>(f.size()), d.size);
        octets header(16);
        put16(header, 0, complete | okay | (f[0] & 1 ? not_individual : 0) | (only_promiscuous(f) ? no_match : 0));
        put16(header, 12, saved);
        a_.written(d.at, header.data(), 2);
        a_.written(d.at + 12, header.data() + 12, 2);
        a_.written(d.at + 16, f.data(), saved);
        // dword 0: bits 0 to 15 are the status; dword 12: the actual count.
        if (!(f[0] & 1) && only_promiscuous(f)) a_.expect(receive_status_bits, d.at, not_individual, shown::all(0), shown::all(not_individual));
        a_.expect(actual_count_flags, d.at + 12, 0xC000, shown::all(0), shown::all(0xC000));
        ++good_;
        if (f.size() > d.size) {
            a_.count(frame_truncated);
            a_.expect(truncated_frame, d.at, okay | too_long, shown::all(okay), shown::all(too_long));
            ++truncated_;
        }
        if (d.command & end_of_list) {
            state_ = state::no_resources;
            a_.count(ring_end);
            a_.raise(rnr_cause);
        } else if (d.command & suspend) {
            state_ = state::suspended;
            a_.raise(suspend_without_rnr, rnr_cause, false, true);
        }
        at_ = (at_ + 1) % ring_.size();
    }
    else if (matches(f)) remains_ = std::max(remains_, std::min<std::uint32_t>(static_cast<std::uint32_t>(f.size()), ring_[at_].size));
    a_.arrive(f);
}

void receive_ring::act() {
    switch (state_) {
        case state::idle:
        case state::no_resources: start(); return;
        case state::suspended:
            if (a_.one_in(3)) {
                start();
                return;
            }
            state_ = state::ready;
            a_.tell("RU resume");
            a_.count(ru_resume_act);
            a_.command(ru_resume, 0);
            return;
        case state::ready:
            if (a_.one_in(12)) {
                state_ = state::idle;
                a_.tell("RU abort");
                a_.count(ru_abort_act);
                a_.raise(rnr_cause);
                a_.command(ru_abort, 0);
                return;
            }
            deliver();
    }
}

void receive_ring::forget() {
    ring_.clear();
    at_ = 0;
    state_ = state::idle;
    remains_ = 0;
}

bool receive_ring::exhausted() {
    if (state_ == state::ready) return false;
    for (std::uint32_t n = a_.one_in(3) ? a_.roll(4, 9) : a_.roll(1, 3); n > 0; --n) {       // sometimes more than the FIFO holds
        const octets f = frame();
        a_.tell("frame of %zu octets without a ready receive unit", f.size());
        a_.count(frame_without_descriptor);
        if (taken(f)) {
            ++refused_;
            a_.raise(no_receive_fifo, rnr_cause, true, false);
        }
        if (matches(f)) {                                   // what begins to come in is kept (without its FCS), and told of later
            if (held_ == fifo_octets && state_ != state::idle) ++lost_;
            held_ = std::min(fifo_octets, held_ + static_cast<std::uint32_t>(f.size()));
        }
        a_.arrive(f);
    }
    return true;
}

}  // namespace qemu_oracle
