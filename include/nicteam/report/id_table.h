// From trace ids to small numbers: open addressing, linear probing, no tombstones. Grows when half full, never shrinks.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/frame.h"

namespace nicteam::report {

class id_table {
public:
    static constexpr std::uint32_t none = UINT32_MAX;

    explicit id_table(std::size_t expected = 512) {
        std::size_t n = 16;
        while (n < 2 * expected) n *= 2;
        cells_.resize(n);
    }
    std::uint32_t find(trace_id id) const {
        for (std::size_t i = place(id);; i = next(i)) {
            if (cells_[i].id == id) return cells_[i].value;
            if (cells_[i].id == 0) return none;
        }
    }
    // `id` is not in the table and not 0.
    void insert(trace_id id, std::uint32_t value) {
        if (2 * ++count_ > cells_.size()) grow();
        put(id, value);
    }
    bool erase(trace_id id) {
        std::size_t i = place(id);
        while (cells_[i].id != id) {
            if (cells_[i].id == 0) return false;
            i = next(i);
        }
        --count_;
        // Close the gap: move back what would no longer be found.
        for (std::size_t j = next(i); cells_[j].id; j = next(j)) {
            const std::size_t home = place(cells_[j].id);
            if (((j - home) & (cells_.size() - 1)) >= ((j - i) & (cells_.size() - 1))) {
                cells_[i] = cells_[j];
                i = j;
            }
        }
        cells_[i] = {};
        return true;
    }
    std::size_t size() const { return count_; }
    template <class F> void for_each(F f) const {         // in no order
        for (const cell& c : cells_)
            if (c.id) f(c.id, c.value);
    }

private:
    struct cell { trace_id id = 0; std::uint32_t value = 0; };
    std::size_t place(trace_id id) const { return static_cast<std::size_t>((id * 0x9E3779B97F4A7C15ull) >> 20) & (cells_.size() - 1); }
    std::size_t next(std::size_t i) const { return (i + 1) & (cells_.size() - 1); }
    void put(trace_id id, std::uint32_t value) {
        std::size_t i = place(id);
        while (cells_[i].id) i = next(i);
        cells_[i] = {id, value};
    }
    void grow() {
        std::vector<cell> old(cells_.size() * 2);
        old.swap(cells_);
        for (const cell& c : old)
            if (c.id) put(c.id, c.value);
    }

    std::vector<cell> cells_;
    std::size_t count_ = 0;
};

}  // namespace nicteam::report
