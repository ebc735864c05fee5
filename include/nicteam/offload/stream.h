// The joint between the parts of the crypto block: packets that pass word by word, at most one word a clock.
//
// A source offers a packet; the offer stands until the sink takes it, so a sink that cannot take it holds the source off. The
// sink sees an offer from the next edge on. When it takes the packet at edge g, word k passes at the k + 1st edge behind g. The
// last word is marked: at its edge the sink may take the next packet, from whomever. In between it listens to nobody else.
//
// A late source offers a packet that still comes in itself (docs/decisions/0122). Its last word is `stalled` until the end of it has been judged; then
// the words have their plan, or the packet is aborted: from an edge on it is not there, and the sink listens as behind a last word.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "nicteam/base/clock_domain.h"
#include "nicteam/base/ref.h"
#include "nicteam/base/span.h"
#include "nicteam/offload/chip_link.h"
#include "nicteam/offload/control_logic.h"

namespace nicteam::offload {

// A packet within the block.
struct item : counted {
    std::uint32_t octets = 0;        // as it passes the joint that it passes now
    span words;                      // when
    received packet;
    trace_id id = 0;
    std::uint64_t tag = 0;           // the owner's own use
    bool past_21a = false;           // needs no IPsec, and goes from 16b to 22b
    bool came_in = false;            // on the transmit path 152: goes back to 22b, never to 16a
    bool bad = false;                // aborted: in the place of its last word it goes
};
using item_ref = ref<item>;

// The plan of a packet that is taken at edge `at`: a word a clock from the next edge on, or as the link between two chips says; a packet has one word
// at least.
inline void plan_words(span& words, const clock_domain& clock, ps at, std::uint32_t octets, unsigned word_octets, const maybe_link& link = {}) {
    if (link) return link->plan(words, clock, at, octets);
    words.clear();
    words.append({clock.after(at), clock.period(), octets ? (octets + word_octets - 1) / word_octets : 1});
}

constexpr ps stalled = never - 1;                // of a last word: the sink holds off in the middle, and will say when it passes

// A packet under way, as its source remembers it: behind its last word the item is the sink's to change.
struct under_way {
    std::uint32_t octets = 0;
    ps last = never;
    under_way() = default;
    explicit under_way(const item& p) : octets(p.octets), last(p.words.last()) {}
    explicit operator bool() const { return last != never; }
    ps next() const { return last == stalled ? never : last; }
};

class stream_source {
public:
    virtual ~stream_source() = default;
    virtual ps offered() const = 0;              // since which edge; `never`: nothing is
    virtual bool ready(ps at) const { return offered() < at; }   // something can be taken at this edge
    virtual item_ref take(ps at) = 0;            // ready(at). Its words have their plan
};

// One whose sink asks for room before it takes.
class sized_source : public stream_source {
public:
    virtual std::uint32_t octets_offered() const = 0;            // 0: nothing is offered
};

class stream_sink {
public:
    virtual ~stream_sink() = default;
    virtual void offers_changed(ps at) = 0;      // of a source that this sink listens to
    // Of a late source, whose packet this sink has taken: its words have their plan; or it is bad, and goes at edge `passes`.
    virtual void replans(const item&) { throw std::logic_error("a sink that takes whole packets alone"); }
    virtual void aborts(const item&, ps passes) { throw std::logic_error("a sink that takes whole packets alone"); }
};

// Whoever acts at edges. Driven in any order at one instant: what one does there, another sees later.
class timed {
public:
    virtual ~timed() = default;
    virtual ps next() const = 0;                 // `never`: nothing is to do unless another does something
    virtual void advance(ps at) = 0;             // at == next()
};

}  // namespace nicteam::offload
