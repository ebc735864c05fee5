// All metrics of a session at one instant; a measuring window is the difference of two.
#pragma once

#include <deque>
#include <variant>
#include <vector>

#include "nicteam/report/result.h"
#include "nicteam/sim/session.h"

namespace nicteam::check {

class snapshot {
public:
    snapshot() = default;                        // power-on: all zero
    // After every metric was brought up to date. Before settle_order() and after, positions differ: take both after.
    snapshot(sim::session&, ps now);

private:
    friend std::vector<report::metric_value> difference(const snapshot&, sim::session&, ps now);
    ps at_ = 0;
    bool taken_ = false;
    std::deque<std::variant<counter, level, histogram>> values_;
};

// What happened since, by path; of facts of bring-up (base/since_power_on.h) what happened since power-on.
std::vector<report::metric_value> difference(const snapshot& since, sim::session&, ps now);

}  // namespace nicteam::check
