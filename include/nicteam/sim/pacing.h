// A run that keeps step with the wall clock because something outside the model takes part in it.
//
// Simulated time follows the wall clock and never overtakes it: the kernel runs up to the instant that the clock shows, then whoever is
// outside is looked at, then the run sleeps in poll() until the next event of the model is due or somebody outside stirs. A model that
// cannot keep up falls behind (the lag), and catches up when it has less to do; nothing is skipped.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include <poll.h>

#include "nicteam/base/time.h"

namespace nicteam::sim {

// Something beyond the model that sends to it and hears from it.
class outside {
public:
    virtual ~outside() = default;
    // Appends what poll() shall watch.
    virtual void watch(std::vector<pollfd>&) = 0;
    // Between two steps of the kernel, at the present simulated time: takes what has come, hands over what can be. Never blocks.
    virtual void look() = 0;
    // Nothing keeps the run from beginning.
    virtual bool ready() const = 0;
};

class pacer {
public:
    // `ratio`: simulated seconds per second of the wall clock, in 10^-18.
    pacer(std::vector<outside*>, std::int64_t ratio);

    // Waits until all are ready, or `stop` says so. Then the clocks start together.
    void begin(const std::function<bool()>& stop);
    // One step: the kernel runs up to where the wall clock is, and not beyond `until`; if it is there already, waits for what comes next.
    void step(ps until);

    // How far simulated time was behind when the outside was looked at.
    ps greatest_lag() const { return greatest_lag_; }
    ps mean_lag() const { return looks_ ? static_cast<ps>(lags_ / looks_) : 0; }

private:
    using wall = std::chrono::steady_clock;
    ps simulated_by(wall::time_point) const;
    wall::time_point shown_at(ps) const;           // when the wall clock gets there, rounded up
    void look();
    void wait(wall::time_point until);

    std::vector<outside*> outsides_;
    std::vector<pollfd> watched_;
    std::int64_t ratio_;                           // in 10^-9
    wall::time_point origin_;
    ps first_ = 0;                                 // simulated time at the origin
    ps slice_;                                     // as much as the kernel runs between two looks when it is behind
    ps greatest_lag_ = 0;
    __int128 lags_ = 0;
    std::int64_t looks_ = 0;
};

}  // namespace nicteam::sim
