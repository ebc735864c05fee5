// Text that came before what it follows: kept until the hole in front of it is filled. What is there stays as it first came.
#pragma once

#include <vector>

#include "nicteam/packet/octets.h"
#include "nicteam/tcp/options.h"

namespace nicteam::tcp {

class reassembly_queue {
public:
    // One behind the other without a hole between them they are one.
    struct piece {
        sequence begin = 0;
        bytes octets;
        std::uint32_t touched = 0;                 // the later the higher
        sequence end() const { return begin + static_cast<sequence>(octets.size()); }
    };
    static constexpr std::size_t most_pieces = 256;   // more are not kept: the peer sends them again, and memory stays near the window's

    // Octets from `at` on, all behind `next`. false: nothing new in them, or no room for one more piece.
    bool put(sequence at, packet::octets, sequence next);
    // What follows at `next`: taken out; empty when nothing does. What lies before `next` is dropped.
    bytes take(sequence next);

    // At most n blocks, the one that was touched last first (RFC 2018, 4).
    unsigned blocks(sack_block* out, unsigned n) const;

    const std::vector<piece>& pieces() const { return pieces_; }
    bool empty() const { return pieces_.empty(); }
    std::size_t octets() const;
    std::size_t memory() const;
    void clear() { std::vector<piece>().swap(pieces_); }

private:
    bool add(sequence at, packet::octets, std::size_t place);

    std::vector<piece> pieces_;                    // ascending
    std::uint32_t touches_ = 0;
};

}  // namespace nicteam::tcp
