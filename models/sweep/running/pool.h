// Processes, so many at a time: what one of them does to itself harms no other.
#pragma once

#include <chrono>
#include <csignal>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace nicteam::sweep {

class pool {
public:
    struct ended {
        std::size_t task = 0;
        int exit = 0;            // its exit status, or 128 and the signal that ended it
        bool late = false;       // ended by the limit of time
        double wall_seconds = 0;
        std::string said;        // the beginning of its standard error
    };

    pool(std::size_t at_once, std::optional<double> seconds);  // seconds: what one may take
    ~pool();                                                   // ends those that are left
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;

    bool full() const { return running_.size() >= at_once_; }
    bool empty() const { return running_.empty(); }
    // `work` runs in a process of its own and gives its exit status; its standard output goes nowhere. Throws std::system_error.
    void start(std::size_t task, const std::function<int()>& work);
    // The next that ends; none when nothing runs, a signal came in, or a fifth of a second has passed.
    std::optional<ended> wait();
    // Asks all to end (SIGINT), and ends those that have not within the grace.
    void stop(std::chrono::milliseconds grace);

private:
    using clock = std::chrono::steady_clock;
    struct process {
        pid_t id;
        int said;  // reads its standard error
        std::size_t task;
        clock::time_point began;
        bool late = false;
        std::string text{};
    };

    int milliseconds_to_deadline() const;
    void end_late_ones();
    bool read(process&);  // false: it has ended
    ended reap(process&);

    std::size_t at_once_;
    std::optional<double> seconds_;
    std::vector<process> running_;
};

}  // namespace nicteam::sweep
