// Counted references to pooled objects. Single-threaded, as a simulation kernel is.
#pragma once

#include <cstdint>
#include <utility>

namespace nicteam {

// Base of what a ref may point to. `recycle` is called when the last reference goes.
class counted {
public:
    counted() = default;
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    void hold() const { ++references_; }
    void drop() const {
        if (--references_ == 0) const_cast<counted*>(this)->recycle();
    }

protected:
    virtual ~counted() = default;
    virtual void recycle() { delete this; }

private:
    mutable std::uint32_t references_ = 0;
};

template <class T>
class ref {
public:
    ref() = default;
    explicit ref(T* p) : p_(p) { if (p_) p_->hold(); }
    ref(const ref& o) : p_(o.p_) { if (p_) p_->hold(); }
    ref(ref&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
    template <class U> ref(const ref<U>& o) : p_(o.get()) { if (p_) p_->hold(); }
    ~ref() { if (p_) p_->drop(); }
    ref& operator=(ref o) noexcept { std::swap(p_, o.p_); return *this; }
    T* get() const { return p_; }
    T* operator->() const { return p_; }
    T& operator*() const { return *p_; }
    explicit operator bool() const { return p_ != nullptr; }

private:
    T* p_ = nullptr;
};

}  // namespace nicteam
