#include "ipsec/service/work_stealing.h"

#include <algorithm>
#include <chrono>

namespace nicteam::ipsec {
namespace {

// Less than it takes to sleep and to be woken.
constexpr auto patience = std::chrono::microseconds(60);

template <class Condition>
bool soon(Condition c) {
    const auto end = std::chrono::steady_clock::now() + patience;
    do {
        for (int k = 0; k < 32; ++k)
            if (c()) return true;
        std::this_thread::yield();
    } while (std::chrono::steady_clock::now() < end);
    return false;
}

}  // namespace

work_stealing::~work_stealing() {
    {
        const lock l(mutex_);
        stop_ = true;
        queue_.clear();
        waiting_ = 0;
    }
    more_.notify_all();
    for (std::thread& t : threads_) t.join();
}

void work_stealing::submit(task_ref t) {
    if (threads_.empty())
        for (unsigned n = 1; n <= wanted_; ++n) threads_.emplace_back([this, n] { work(n); });
    ++submitted_;
    bool wake = false;
    {
        const lock l(mutex_);
        t->state_.store(task::state::waits, std::memory_order_relaxed);
        queue_.push_back(std::move(t));
        waiting_ = queue_.size();
        wake = asleep_ != 0;
    }
    if (wake) more_.notify_one();
}

task_ref work_stealing::next(lock&) {
    if (queue_.empty()) return nullptr;
    task_ref t = std::move(queue_.front());
    queue_.pop_front();
    waiting_ = queue_.size();
    t->state_.store(task::state::runs, std::memory_order_relaxed);
    return t;
}

void work_stealing::run(task& t, unsigned thread) {
    try {
        t.run(thread);
    } catch (...) {
        t.failed_ = std::current_exception();
    }
    t.state_.store(task::state::done, std::memory_order_release);
}

void work_stealing::work(unsigned thread) {
    for (;;) {
        soon([this] { return waiting_ != 0 || stop_; });
        task_ref t;
        {
            lock l(mutex_);
            ++asleep_;
            more_.wait(l, [this] { return stop_ || !queue_.empty(); });
            --asleep_;
            if (stop_) return;
            t = next(l);
        }
        run(*t, thread);
        t.reset();
        const lock l(mutex_);
        if (joiner_asleep_) ended_.notify_one();
    }
}

void work_stealing::join(task& t) {
    while (!done(t)) {
        task_ref mine;
        {
            lock l(mutex_);
            if (t.state_.load(std::memory_order_relaxed) == task::state::waits) {
                const auto at = std::find_if(queue_.begin(), queue_.end(), [&t](const task_ref& q) { return q.get() == &t; });
                std::rotate(queue_.begin(), at, std::next(at));
            }
            if (!done(t)) mine = next(l);
        }
        if (mine) {
            ++by_caller_;
            run(*mine, 0);
        } else {
            wait_for(t);
        }
    }
    if (t.failed_) std::rethrow_exception(t.failed_);
}

void work_stealing::wait_for(task& t) {
    if (soon([&] { return done(t); })) return;
    lock l(mutex_);
    joiner_asleep_ = true;
    ended_.wait(l, [&] { return done(t); });
    joiner_asleep_ = false;
}

void work_stealing::give_up(task& t) {
    const lock l(mutex_);
    const auto at = std::find_if(queue_.begin(), queue_.end(), [&t](const task_ref& q) { return q.get() == &t; });
    if (at == queue_.end()) return;
    t.state_.store(task::state::given_up, std::memory_order_relaxed);
    queue_.erase(at);
    waiting_ = queue_.size();
}

}  // namespace nicteam::ipsec
