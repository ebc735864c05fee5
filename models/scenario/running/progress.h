// One line on a terminal that says how far a run is; nothing anywhere else.
#pragma once

#include <chrono>
#include <fmt/format.h>

#include "nicteam/base/time.h"
#include "nicteam/base/units.h"
#include "nicteam/report/file_writer.h"

namespace nicteam::scenario {

class progress_line {
public:
    progress_line(bool on, ps end) : on_(on), end_(end) {}
    ~progress_line() { clear(); }
    void clear() {
        if (shown_) report::write_message("\r\033[K");
        shown_ = false;
    }
    void show(ps now) {
        if (!on_) return;
        const auto clock = std::chrono::steady_clock::now();
        if (clock - last_ < std::chrono::milliseconds(200)) return;
        last_ = clock;
        const double wall = std::chrono::duration<double>(clock - began_).count();
        report::write_message(fmt::format("\r\033[K{:3} %  {} of {}  {:.0f} s", static_cast<int>(static_cast<__int128>(now) * 100 / end_),
                                          format_quantity(quantity::time, now / microsecond * microsecond), format_quantity(quantity::time, end_), wall));
        shown_ = true;
    }

private:
    bool on_, shown_ = false;
    ps end_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now(), last_ = began_;
};

}  // namespace nicteam::scenario
