// Threads that do tasks beside the one who asks for them. Who waits for a task that nobody has begun does it itself, and while somebody
// else is at it does the next one instead of standing idle: with no core free it takes as long as without threads.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace nicteam::ipsec {

class task {
public:
    virtual ~task() = default;

protected:
    // Once. `thread`: 0 who asked for it, 1 … the others.
    virtual void run(unsigned thread) = 0;

private:
    friend class work_stealing;
    enum class state : std::uint8_t { new_one, waits, runs, done, given_up };
    std::atomic<state> state_{state::new_one};
    std::exception_ptr failed_;
};
using task_ref = std::shared_ptr<task>;

class work_stealing {
public:
    explicit work_stealing(unsigned threads) : wanted_(threads) {}      // they begin with the first task
    ~work_stealing();                                                   // what was not begun is given up; the threads have ended
    work_stealing(const work_stealing&) = delete;
    work_stealing& operator=(const work_stealing&) = delete;

    // All three from one thread, the asking one.
    void submit(task_ref);
    void join(task&);                  // it is done; throws what it threw
    void give_up(task&);               // nobody needs it any more; if somebody is at it, let him

    bool done(const task& t) const { return t.state_.load(std::memory_order_acquire) == task::state::done; }
    std::uint64_t submitted() const { return submitted_; }
    std::uint64_t by_caller() const { return by_caller_; }

private:
    using lock = std::unique_lock<std::mutex>;
    void work(unsigned thread);
    void run(task&, unsigned thread);
    task_ref next(lock&);
    void wait_for(task&);

    unsigned wanted_;
    std::vector<std::thread> threads_;
    std::mutex mutex_;
    std::condition_variable more_, ended_;
    std::deque<task_ref> queue_;
    std::atomic<std::size_t> waiting_{0};       // those in the queue
    unsigned asleep_ = 0;
    bool joiner_asleep_ = false;
    std::atomic<bool> stop_{false};
    std::uint64_t submitted_ = 0, by_caller_ = 0;
};

}  // namespace nicteam::ipsec
