// The receive unit's half of a sequence: rings of descriptors, frames of all kinds, start, resume, abort.
#pragma once

#include "author.h"

namespace qemu_oracle {

class receive_ring {
public:
    explicit receive_ring(author& a) : a_(a) {}
    void act();
    void deliver();                      // while ready
    void finish();                       // after the last act
    bool exhausted();                    // frames that find the unit not ready: spoils what follows, but for a reset; false: it is ready
    void forget();                       // after a reset
    void begin() { good_ = truncated_ = refused_ = held_ = lost_ = 0; }   // the counters, too
    void counted();                      // before the last dump
    void moved() { finish(), ring_.clear(), state_ = state_ == state::suspended ? state::no_resources : state_; }   // another base: only a start makes sense
    bool ready() const { return state_ == state::ready; }

private:
    enum class state { idle, suspended, no_resources, ready };
    struct descriptor { std::uint32_t at; std::uint16_t command; std::uint32_t size; };
    octets frame();
    bool matches(const octets&) const;   // the address filter
    bool taken(const octets&) const;
    bool only_promiscuous(const octets&) const;   // no address matches
    void overlook_remains(std::uint32_t from);
    void start();

    author& a_;
    state state_ = state::idle;
    std::vector<descriptor> ring_;
    std::size_t at_ = 0;
    std::uint32_t remains_ = 0;          // octets that a discarded frame left in the present buffer
    std::uint32_t good_ = 0, truncated_ = 0;              // frames taken since the counters were cleared
    std::uint32_t refused_ = 0, held_ = 0, lost_ = 0;     // while not ready: of QEMU; octets in the model's FIFO, and frames that found it full
};

}  // namespace qemu_oracle
