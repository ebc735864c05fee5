// What can be asked of a finished run's metrics, as exact numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nicteam/base/units.h"
#include "nicteam/report/result.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

struct measured {
    std::string path;
    std::string unit;         // of a count: "frames"; of another kind of quantity as that has it
    quantity kind = quantity::count;
    std::int64_t value = 0;   // in the kind's base unit: ps, B, bit/s, 10^-18 of a ratio
    double amount = 0;        // the same, with the fraction that the mean of a level has
    bool known = true;        // false: a property of samples, and there were none
    std::string why{};        // of one that is not known, if there is more to say
};

// Whether a pattern stands for flows, not for metrics: "client to server.*", "server to client from host_post to protect_start".
bool is_flow(const std::string& pattern);

// `of` as an [[expect]] has it: total, rate, share, mean, least, greatest, p50, p90, p99, p999. One entry for each metric that the pattern matches and
// that has such a thing; `why` says what is wrong when there is none.
std::vector<measured> measure(const report::run_result&, const resolved&, const std::string& pattern, const std::string& of, std::string& why);

// The same before a run, from the tables alone: the first that a run of this scenario would have, without its amount; none: `why` says why not and what may
// have been meant.
std::optional<measured> measurable(const resolved&, const std::string& pattern, const std::string& of, std::string& why);

}  // namespace nicteam::scenario
