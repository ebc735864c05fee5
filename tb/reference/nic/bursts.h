// The bus as the FIFO tests see it: one burst at a time, with random delays and wait states.
#pragma once

#include <cstdint>
#include <string>

#include "reference/nic/fifo_case.h"

namespace reference::nic {

using ps = std::int64_t;

// What happened at t is seen in another clock domain at its edge n exactly if it lies more than one period back.
inline bool crossed(ps t, ps edge, ps period) { return t < edge - period; }

class burst_engine {
public:
    burst_engine(const nicteam::test::bus_gaps& gaps, ps period) : gaps_(gaps), period_(period) {}

    bool busy() const { return state_ != resting; }
    void request(ps edge, std::size_t frame) {
        state_ = waiting;
        frame_ = frame;
        requested_ = edge;
        address_ = edge + period_ * pick(gaps_.grant);
    }
    std::size_t frame() const { return frame_; }
    bool decides(ps edge) const { return state_ == waiting && edge == address_ - period_; }
    // The first word carries `first_word` bytes, the others 4, the last what is left.
    void decided(std::uint32_t bytes, std::uint32_t first_word) {
        state_ = moving;
        bytes_ = left_ = bytes;
        next_bytes_ = first_word;
        next_ = first_ = address_ + 2 * period_;
    }
    // Bytes that pass at this edge, 0 if it is no data edge.
    std::uint32_t passes(ps edge) {
        if (state_ != moving || edge != next_) return 0;
        const std::uint32_t n = left_ < next_bytes_ ? left_ : next_bytes_;
        left_ -= n;
        next_bytes_ = 4;
        last_ = edge;
        if (left_ == 0) state_ = ending;
        next_ += period_ * (1 + pick(gaps_.wait));
        return n;
    }
    // At the idle edge: the burst is over, another may be asked for at this very edge.
    bool idle(ps edge, std::string& log) {
        if (state_ != ending || edge != last_ + period_) return false;
        log += "burst " + std::to_string(number_) + " frame " + std::to_string(frame_) + " request " + std::to_string(requested_) +
               " address " + std::to_string(address_) + " bytes " + std::to_string(bytes_) + " first " + std::to_string(first_) +
               " last " + std::to_string(last_) + " idle " + std::to_string(edge) + '\n';
        ++number_;
        state_ = resting;
        return true;
    }

private:
    ps pick(const std::vector<unsigned>& list) const { return list[number_ % list.size()]; }

    const nicteam::test::bus_gaps& gaps_;
    ps period_;
    enum { resting, waiting, moving, ending } state_ = resting;
    std::size_t number_ = 0, frame_ = 0;
    ps requested_ = 0, address_ = 0, first_ = 0, last_ = 0, next_ = 0;
    std::uint32_t bytes_ = 0, left_ = 0, next_bytes_ = 4;
};

}  // namespace reference::nic
