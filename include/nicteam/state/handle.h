// Names for what a table holds, which go stale when the thing goes: index and generation. And the table.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace nicteam::state {

// As it crosses the bus: 32 bits each, little endian. Generation 0 names nothing.
struct handle {
    std::uint32_t index = 0, generation = 0;

    explicit operator bool() const { return generation != 0; }
    friend bool operator==(const handle& a, const handle& b) { return a.index == b.index && a.generation == b.generation; }
    friend bool operator!=(const handle& a, const handle& b) { return !(a == b); }
};

// At most `capacity` things, with indices from `first` on: tables whose indices do not meet share one space of handles. A slot that is used
// again has another generation, so an old handle finds nothing.
template <class T>
class slot_table {
public:
    explicit slot_table(std::size_t capacity, std::uint32_t first = 0) : capacity_(capacity), first_(first) {}

    // Nothing when the table is full.
    template <class... Arguments>
    std::optional<handle> add(Arguments&&... arguments) {
        std::uint32_t index = 0;
        if (!free_.empty()) {
            index = free_.back();
            free_.pop_back();
        } else if (slots_.size() < capacity_) {
            index = static_cast<std::uint32_t>(slots_.size());
            slots_.emplace_back();
        } else {
            return std::nullopt;
        }
        slot& s = slots_[index];
        s.thing.emplace(std::forward<Arguments>(arguments)...);
        if (++s.generation == 0) ++s.generation;
        ++used_;
        return handle{first_ + index, s.generation};
    }

    // nullptr for a stale handle, and for one that never was.
    T* find(handle h) {
        if (!h || h.index - first_ >= slots_.size()) return nullptr;
        slot& s = slots_[h.index - first_];
        return s.generation == h.generation && s.thing ? &*s.thing : nullptr;
    }
    const T* find(handle h) const { return const_cast<slot_table*>(this)->find(h); }

    // false for a stale handle.
    bool remove(handle h) {
        if (!find(h)) return false;
        slots_[h.index - first_].thing.reset();
        free_.push_back(h.index - first_);
        --used_;
        return true;
    }

    std::size_t size() const { return used_; }
    std::size_t capacity() const { return capacity_; }
    std::uint32_t first() const { return first_; }

    // In order of the index.
    template <class F>
    void each(F&& f) {
        for (std::uint32_t i = 0; i < slots_.size(); ++i)
            if (slots_[i].thing) f(handle{first_ + i, slots_[i].generation}, *slots_[i].thing);
    }

private:
    struct slot {
        std::optional<T> thing;
        std::uint32_t generation = 0;
    };
    std::size_t capacity_, used_ = 0;
    std::uint32_t first_;
    std::vector<slot> slots_;
    std::vector<std::uint32_t> free_;
};

}  // namespace nicteam::state
