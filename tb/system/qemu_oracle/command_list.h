// The command unit's half of a sequence: lists of blocks of all kinds, started, suspended, resumed, run again.
#pragma once

#include "author.h"

namespace qemu_oracle {

class command_list {
public:
    explicit command_list(author& a) : a_(a) {}
    void set_up();                       // configure and individual address, each sequence's first blocks
    void act();                          // builds a list, or carries the present one on
    void forget();                       // blocks that are no more: a reset, another base
    bool idle() const { return !suspended_; }

private:
    struct block { std::uint32_t at; std::uint16_t command; };
    octets configuration();
    octets transmit(std::uint16_t& command, std::uint32_t array);
    octets multicast();
    void build();
    void run(std::size_t from);          // what the unit executes, to the next S or EL; keeps the author's picture of the chip true
    void execute(const octets& block);

    author& a_;
    std::vector<block> list_;
    std::vector<octets> body_;
    std::size_t at_ = 0;
    bool suspended_ = false;
};

std::uint64_t multicast_bit(const std::uint8_t* address);

}  // namespace qemu_oracle
