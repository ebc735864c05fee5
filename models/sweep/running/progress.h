// The line that says how far a sweep is, on a terminal.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "sweep/results/record.h"

namespace nicteam::sweep {

struct progress {
    std::size_t runs = 0, ended = 0;  // ended: also those that follow
    std::size_t broken = 0, failed = 0, killed = 0;
    std::size_t known = 0;            // ended in an earlier sweep: they say nothing about how fast this one is
};
// "12 of 36 runs, 1 broken, 2 failed, 4.0/s, 0:00:06 left"; rate and time left are known once a run has ended here.
std::string text_of(const progress&, double seconds);

class sweep_progress {
public:
    sweep_progress(bool wanted, std::size_t runs);
    void ended(record::status_type, bool known);  // known: by an earlier sweep
    void killed();                                // one, from outside: it will have to be run again
    void show();                                  // at most ten times a second
    void close();                                 // takes the line away

private:
    using clock = std::chrono::steady_clock;

    bool wanted_;
    progress now_;
    clock::time_point began_ = clock::now(), shown_{};
};

}  // namespace nicteam::sweep
