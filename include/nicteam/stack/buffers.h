// Transmit buffers in host memory: a fixed number, taken and given back; none is allocated while the system runs.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nicteam/driver/adapter.h"
#include "nicteam/host/memory.h"

namespace nicteam::stack {

struct by_ring;

struct buffer {
    driver::packet packet;            // owner = this buffer
    std::uint64_t address = 0;        // of the room
    std::uint32_t room = 0;
    void* holder = nullptr;           // who gets the completion
    std::uint64_t tag = 0;
    unsigned kind = 0;
    const by_ring* ring = nullptr;    // that puts an association on it; none: it goes straight to its adapter

    // Pieces of one datagram: a chain, the first of which is kept until all are done.
    buffer* next = nullptr;
    buffer* first = nullptr;          // none: it is whole
    unsigned open = 0;                // of the first: pieces that are not done
    driver::status worst = driver::status::done;      // likewise
};

// A frame of the longest MTU that adapters offer, and room for tags.
inline constexpr std::uint32_t buffer_room = 2048;

class buffer_pool {
public:
    buffer_pool(host::memory&, unsigned buffers, std::uint32_t room);
    buffer* take();                   // nullptr: none left
    void give_back(buffer*);
    std::size_t left() const { return free_.size(); }

private:
    std::vector<std::unique_ptr<buffer>> all_;
    std::vector<buffer*> free_;
};

// Places for packets that a ring takes associations off, once, of a stack that hands it any.
std::uint64_t take_sent_back(host::memory&);

}  // namespace nicteam::stack
