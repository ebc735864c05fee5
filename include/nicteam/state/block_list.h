// The block list of source document 002, FIG. 5B (¶92-97): state objects of several connections in one structure that goes down at an offload and
// comes up at its end. A block's Dependent pointer names the first block of the layer above that depends on it, its Next pointer another one of its
// own layer with the same block beneath, or, of the lowest, another tree. So one call moves thousands of connections.
//
// In octets, little endian, each block behind the one before, at a multiple of eight:
//
//   octet  0   layer                      8      state::layer
//          1   bit 0: stays               8      of an upload: it only leads to those above it
//          2   status                    16      of this block, in a completion
//          4   Next                      32      octets from the list's begin; 0: none (the first block is nobody's next)
//          8   Dependent                 32      likewise
//         12   target's handle           64      index, generation; generation 0: none: the block is new
//         20   host's handle             64      what its layer calls it; comes back as it was
//         28   lengths                4 x 32     CONST, CACHED, DELEGATED, data beside the state
//         44   reserved, 0               32
//         48   these four, one behind the other
//
// The format is our own: the document names blocks and pointers, no octets.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/state/handle.h"
#include "nicteam/state/state_object.h"

namespace nicteam::state {

struct block {
    state::layer layer = state::layer::neighbor;
    std::uint16_t status = 0;
    bool stays = false;                          // in an upload: it is named because of those above it, and stays where it is
    handle target;                               // the offload target's; empty: a new object
    std::uint64_t host = 0;
    bytes constant, cached, delegated, data;     // what of it crosses
    static constexpr std::uint32_t none = UINT32_MAX;
    std::uint32_t next = none, dependent = none; // numbers of blocks

    bytes& of(part p) { return p == part::constant ? constant : p == part::cached ? cached : delegated; }
};

class block_list {
public:
    static constexpr std::uint32_t none = block::none;

    // Puts a block on top of `beneath` (none: a tree of its own), behind the others that are there. Its number.
    std::uint32_t add(block, std::uint32_t beneath = none);
    // Behind the last of its layer, whose number is known: a list of n blocks takes a time that grows with n.
    std::uint32_t add_beside(block, std::uint32_t last);
    void reserve(std::size_t n) { blocks_.reserve(n); }
    block& operator[](std::uint32_t n) { return blocks_[n]; }
    const block& operator[](std::uint32_t n) const { return blocks_[n]; }
    std::uint32_t size() const { return static_cast<std::uint32_t>(blocks_.size()); }
    bool empty() const { return blocks_.empty(); }

    // f(number, number of the block beneath): each block before those that depend on it, in the order of its pointers.
    template <class F>
    void walk(F&& f) const {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> todo;
        if (!empty()) todo.emplace_back(0, none);
        while (!todo.empty()) {
            const auto [n, beneath] = todo.back();
            todo.pop_back();
            f(n, beneath);
            if (blocks_[n].next != none) todo.emplace_back(blocks_[n].next, beneath);
            if (blocks_[n].dependent != none) todo.emplace_back(blocks_[n].dependent, n);
        }
    }
    std::vector<std::uint32_t> blocks_of(layer) const;
    std::size_t octets() const;                  // that encode() makes
    bytes encode() const;

    // `why`, if it is none: pointers that lead outside, into a block, to one that is part of the list already, down or sideways through layers; lengths
    // that do not fit; more than `most` blocks. Then it is empty. Blocks that no pointer leads to are an error too.
    static block_list decode(const std::uint8_t* from, std::size_t n, std::string& why, std::size_t most = 1u << 20);

private:
    std::vector<block> blocks_;
};

constexpr std::size_t block_header = 48;

}  // namespace nicteam::state
