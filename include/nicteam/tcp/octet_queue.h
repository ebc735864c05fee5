// Octets in order: put in behind, taken from the front. Empty, it holds no memory.
#pragma once

#include "nicteam/packet/octets.h"

namespace nicteam::tcp {

class octet_queue {
public:
    std::size_t size() const { return octets_.size() - head_; }
    bool empty() const { return size() == 0; }
    const std::uint8_t* data() const { return octets_.data() + head_; }
    packet::octets from(std::size_t at, std::size_t n) const { return packet::octets(data(), size()).from(at).first(n); }
    packet::octets all() const { return {data(), size()}; }
    std::size_t memory() const { return octets_.capacity(); }

    void push(packet::octets o) { octets_.insert(octets_.end(), o.data, o.data + o.size); }
    // At most as many as there are.
    void pop(std::size_t n) {
        head_ += n < size() ? n : size();
        if (head_ == octets_.size()) {
            bytes().swap(octets_);
            head_ = 0;
        } else if (head_ > 4096 && head_ > octets_.size() / 2) {      // each octet is moved once on average
            octets_.erase(octets_.begin(), octets_.begin() + static_cast<std::ptrdiff_t>(head_));
            head_ = 0;
        }
    }

private:
    bytes octets_;
    std::size_t head_ = 0;
};

}  // namespace nicteam::tcp
