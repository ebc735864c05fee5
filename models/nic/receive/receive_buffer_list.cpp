#include "nic/receive/receive_buffer_list.h"

namespace nicteam::nic {
namespace {

constexpr std::uint32_t no_pointer = 0xFFFFFFFF;
constexpr std::uint64_t address_space = std::uint64_t{1} << 32;

bool within(const receive_buffer& b) { return std::uint64_t{b.buffer} + b.size <= address_space; }

}  // namespace

std::uint16_t receive_buffer_list::entry::word(bool end_of_frame) const {
    return static_cast<std::uint16_t>(count | receive_descriptor::count_filled | (end_of_frame ? receive_descriptor::count_eof : 0u));
}

void receive_buffer_list::clear() {
    begun_ = more_ = false;
    used_.clear();
}

void receive_buffer_list::begin(std::uint32_t base, std::uint32_t pointer, std::uint32_t descriptor) {
    begun_ = true;
    base_ = base;
    more_ = pointer != no_pointer;
    next_ = base + pointer;
    last_ = descriptor;
    mark_ = end_mark::pointer;
    given_ = next_;
    used_.clear();
}

bool receive_buffer_list::completed(const receive_buffer& d) const {
    for (const entry& e : used_)
        if (e.address == next_) return true;
    return d.filled && given_ != next_;
}

receive_buffer_list::found receive_buffer_list::fetched(const std::uint8_t* b, bool readable, bool watched) {
    const receive_buffer d = receive_buffer::of(b);
    const bool been_here = watched && readable && completed(d);
    last_ = next_;
    if (been_here || !readable || !within(d) || d.size == 0) {
        more_ = false;
        mark_ = end_mark::unused;
        return been_here ? found::completed : readable && d.size == 0 ? found::end : found::refused;
    }
    if (!used_.empty()) used_.back().count = used_.back().buffer.size;
    used_.push_back({next_, d, 0});
    more_ = !d.last;
    next_ = base_ + d.link;
    mark_ = end_mark::linked;
    return found::buffer;
}

void receive_buffer_list::close(std::uint32_t count) {
    if (used_.empty()) return;
    used_.back().count = count;
    if (count) return;
    next_ = used_.back().address;
    more_ = true;
    used_.pop_back();
}

void receive_buffer_list::done() {
    if (!used_.empty()) given_.reset();
    used_.clear();
}

void receive_buffer_list::rewind() {
    if (used_.empty()) return;
    next_ = used_.front().address;
    more_ = true;
    used_.clear();
}

void receive_buffer_list::again(const std::uint8_t* b, bool readable) {
    if (!begun_ || !readable) return;
    const receive_buffer d = receive_buffer::of(b);
    switch (mark_) {
    case end_mark::pointer: {
        const std::uint32_t pointer = receive_descriptor::of(b).buffer;
        more_ = pointer != no_pointer;
        next_ = base_ + pointer;
        given_ = next_;
        break;
    }
    case end_mark::unused:
        more_ = d.size != 0 && within(d);
        next_ = last_;
        break;
    case end_mark::linked:
        more_ = !d.last;
        next_ = base_ + d.link;
        break;
    }
}

}  // namespace nicteam::nic
