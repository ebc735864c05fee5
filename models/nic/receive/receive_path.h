// Receive FIFO: docs/nic-fifos.md, Receive. Plain C++: no bus, no kernel. The write side is told what the link brings, the
// burst side asks when it may request and what a burst may take. Frames queue; the burst side works on the front one.
#pragma once

#include <cstdint>
#include <vector>

#include "nic/fill.h"
#include "nicteam/base/clock_domain.h"
#include "nicteam/base/frame.h"
#include "nicteam/base/span.h"
#include "nicteam/wire/link.h"

namespace nicteam::nic {

struct receive_setup {
    clock_domain pci{30'000};
    std::uint32_t fifo_bytes = 3072;
    std::uint32_t threshold = 64;      // bytes seen that make a request
    bool discard_short = true;
    bool fcs_to_memory = false;
    bool whole_frame = false;          // request only when the frame's end has been seen
    unsigned fcs_octets = 4;
    unsigned address_octets = 6;
    unsigned minimum_octets = 64;
    unsigned word_octets = 0;          // behind the frame, with its last octet: a checksum word
};

class receive_path {
public:
    enum class verdict : std::uint8_t { unknown, match, no_match };

    struct arrival {
        frame_ref data;                // as the link gave it, or as it goes to memory
        frame_ref arrived;             // as the link gave it if that is another, else null
        span octets;                   // preamble included
        unsigned preamble = 0;         // octets of it
        bool ended = false;            // the link said so
        wire::wire_end how = wire::wire_end::good;
        verdict match = verdict::unknown;
        bool overrun = false;
        ps overrun_at = never;
        std::uint32_t most = UINT32_MAX;     // data bytes that are no padding to strip
        std::uint32_t own = UINT32_MAX;      // octets of the frame that began; behind them a jam, nobody's
        std::uint32_t limit = UINT32_MAX;    // bytes that may enter: set by an overrun or by a buffer without room
        std::uint32_t taken = 0;       // bytes asked for by bursts
        std::uint32_t thrown = 0;      // bytes that entered and found no room in the buffer
        std::uint32_t tag = 0;         // octets behind the addresses that do not enter: a VLAN tag
        std::uint64_t number = 0;      // counts arrivals from 0
        std::uint32_t length = 0;      // octets from destination address to FCS, by present plans
        unsigned filter = 0;           // the owner's own use: how the address matched
    };

    receive_path() : ring_(64), mask_(ring_.size() - 1) {}
    void setup(const receive_setup& s) { setup_ = s; }
    const receive_setup& current() const { return setup_; }
    // Reset or abort: all frames are gone, but the front one if it is to stay; what still arrives of one is ignored.
    void clear(bool keep_front = false);

    // ---- the write side
    void begin(const frame_ref&, const span& octets);
    void replan(const span& octets);
    void strip(const frame_ref& without, std::uint32_t tag);       // behind begin(): the frame as it goes to memory, and what it lacks
    // The frame's last octet has passed. The owner then judges the back frame with settle() or drops it with drop_back().
    void end(const frame_ref&, wire::wire_end);
    ps reaches(std::uint32_t bytes) const;                  // when the byte enters that makes the FIFO hold so many, by present plans
    ps next_overrun() const { return overrun_; }           // by present plans, or `never`
    void overrun(ps at);
    bool safe() const;                 // the frame that arrives fits even if nothing leaves
    bool arriving() const { return count_ && !at(count_ - 1).ended; }
    arrival& back() { return at(count_ - 1); }
    void settle();                     // the back frame stays: what entered counts
    void drop_back();                  // the back frame goes, whatever of it was in
    std::uint32_t entered(const arrival&, ps t) const;     // bytes that entered strictly before t
    std::uint32_t total(const arrival&) const;             // bytes that enter, by present plans

    // ---- the burst side
    bool empty() const { return count_ == 0; }
    std::size_t frames() const { return count_; }
    arrival& front() { return at(0); }
    ps address_seen(ps earliest) const;                    // front's destination address is known at this PCI edge
    ps next_request(ps earliest) const;                    // for the front frame, or `never`
    ps end_seen(ps earliest) const;                        // PCI edge at which the front's last octet has been seen
    // The burst from frame byte `first` on to address `to`; 0 … room bytes.
    std::uint32_t take(ps decision, std::uint32_t first, std::uint32_t room, std::uint64_t to);
    void planned(std::uint32_t first, unsigned lead, unsigned word_bytes, const span& words);
    void truncate(ps at);                                  // the buffer is full: nothing more of the front frame enters
    void pop();                                            // the front frame is done; later than its last word's edge

    std::uint32_t level(ps t) const;                       // what arrives and is not for us counts nowhere, once its address is known
    std::uint32_t in_memory(ps t) const { return left(t); }       // bytes of the front frame whose word passed strictly before t
    ps out_of(std::uint32_t byte) const { return out_.when(byte); }      // when this byte of the front frame passes; `never`: not planned
    std::uint32_t whole_length(const arrival&) const;      // bytes of the frame behind the strip delay line
    void give(std::uint32_t first, ps at) { out_.give(first, at), find_overrun(); }   // the bus took nothing: the burst counts as gone
    template <class F> void for_each(F f) const {
        for (std::size_t i = 0; i < count_; ++i) f(at(i));
    }

private:
    std::uint32_t left(ps t) const;    // bytes of the front frame that left strictly before t
    void lengthen(arrival&);           // half duplex: a jam that outlasts the frame that it spoils
    void find_overrun();
    ps entry(const arrival&, std::uint32_t byte) const;
    std::uint32_t data_bytes(const arrival&) const;

    arrival& at(std::size_t i) { return ring_[(head_ + i) & mask_]; }
    const arrival& at(std::size_t i) const { return ring_[(head_ + i) & mask_]; }
    void grow();

    receive_setup setup_;
    std::vector<arrival> ring_;
    std::size_t mask_;                 // its size, a power of two, less one
    std::size_t head_ = 0, count_ = 0;
    std::uint64_t arrivals_ = 0;
    std::uint64_t entered_ = 0;        // bytes of settled frames
    std::uint64_t left_ = 0;           // bytes of frames that are done, and what was thrown away
    fill out_;                         // the bursts of the front frame
    ps overrun_ = never;
    std::uint32_t overrun_byte_ = 0;
};

}  // namespace nicteam::nic
