// A queue that keeps its memory.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace nicteam::wire {

template <class T>
class ring {
public:
    bool empty() const { return count_ == 0; }
    std::size_t size() const { return count_; }
    T& front() { return slots_[head_]; }
    T& back() { return slots_[(head_ + count_ - 1) % slots_.size()]; }
    T& operator[](std::size_t i) { return slots_[(head_ + i) % slots_.size()]; }
    const T& operator[](std::size_t i) const { return slots_[(head_ + i) % slots_.size()]; }
    void push(T v) {
        if (count_ == slots_.size()) grow();
        slots_[(head_ + count_++) % slots_.size()] = std::move(v);
    }
    void pop() {
        slots_[head_] = T{};
        head_ = (head_ + 1) % slots_.size();
        --count_;
    }
    void clear() {
        while (count_) pop();
    }

private:
    void grow() {
        std::vector<T> larger(slots_.empty() ? 8 : slots_.size() * 2);
        for (std::size_t i = 0; i < count_; ++i) larger[i] = std::move((*this)[i]);
        slots_ = std::move(larger);
        head_ = 0;
    }
    std::vector<T> slots_;
    std::size_t head_ = 0, count_ = 0;
};

}  // namespace nicteam::wire
