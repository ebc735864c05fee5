// A queue of fixed room: nothing is allocated after construction.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <vector>

namespace nicteam::stack {

template <class T>
class ring {
public:
    explicit ring(std::size_t room) : items_(room) {}
    bool empty() const { return used_ == 0; }
    std::size_t size() const { return used_; }
    T front() const { return items_[first_]; }
    T operator[](std::size_t n) const { return items_[(first_ + n) % items_.size()]; }
    void push_back(T v) {
        if (used_ == items_.size()) throw std::logic_error("a queue of fixed room overflowed");
        items_[(first_ + used_++) % items_.size()] = v;
    }
    void push_front(T v) {
        if (used_ == items_.size()) throw std::logic_error("a queue of fixed room overflowed");
        first_ = (first_ + items_.size() - 1) % items_.size();
        items_[first_] = v;
        ++used_;
    }
    void pop_front() {
        first_ = (first_ + 1) % items_.size();
        --used_;
    }

private:
    std::vector<T> items_;
    std::size_t first_ = 0, used_ = 0;
};

}  // namespace nicteam::stack
