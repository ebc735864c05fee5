// The line that says how far a sweep is, on a terminal.
#pragma once

#include <chrono>
#include <cstddef>

#include "sweep/results/record.h"

namespace nicteam::sweep {

class sweep_progress {
public:
    sweep_progress(bool wanted, std::size_t runs);
    void ended(record::status_type, bool known);  // known: by an earlier sweep
    void killed();                                // one, from outside: it will have to be run again
    void show();                                  // at most ten times a second
    void close();                                 // takes the line away

private:
    using clock = std::chrono::steady_clock;
    void print();

    bool wanted_;
    std::size_t runs_, ended_ = 0, broken_ = 0, failed_ = 0, killed_ = 0, known_ = 0;
    clock::time_point began_ = clock::now(), shown_{};
};

}  // namespace nicteam::sweep
