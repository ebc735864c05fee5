// The receive unit's half of a sequence: rings of descriptors, frames of all kinds, start, resume, abort.
#pragma once

#include "author.h"

namespace qemu_oracle {

class receive_ring {
public:
    explicit receive_ring(author& a) : a_(a) {}
    void act();
    void last_act();                     // what would spoil what follows: a frame that finds the unit not ready

private:
    enum class state { idle, suspended, no_resources, ready };
    struct descriptor { std::uint32_t at; std::uint16_t command; std::uint32_t size; };
    octets frame();
    bool taken(const octets&) const;
    void start();
    void deliver();

    author& a_;
    state state_ = state::idle;
    std::vector<descriptor> ring_;
    std::size_t at_ = 0;
    bool rnr_hidden_ = false;
};

}  // namespace qemu_oracle
