#include "nicteam/stack/buffers.h"

namespace nicteam::stack {

buffer_pool::buffer_pool(host::memory& m, unsigned buffers, std::uint32_t room) {
    for (unsigned n = 0; n < buffers; ++n) {
        auto b = std::make_unique<buffer>();
        b->address = m.allocate(room, 32);
        b->room = room;
        b->packet.pieces = {{b->address, 0}};
        b->packet.owner = b.get();
        free_.push_back(b.get());
        all_.push_back(std::move(b));
    }
}

buffer* buffer_pool::take() {
    if (free_.empty()) return nullptr;
    buffer* b = free_.back();
    free_.pop_back();
    return b;
}

void buffer_pool::give_back(buffer* b) { free_.push_back(b); }

}  // namespace nicteam::stack
