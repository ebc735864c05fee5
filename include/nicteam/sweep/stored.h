// The results of a sweep, read back from its directory: what pages and comparisons are made from, and nothing else.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "nicteam/report/stored.h"
#include "nicteam/sweep/table.h"

namespace nicteam::sweep {

inline constexpr const char* results_name = "results.sqlite";

struct stored_sweep {
    std::map<std::string, std::string> facts;  // of table `sweep`
    table runs, points, figures, effects, breaches, notes;
    std::vector<std::string> configuration;    // the resolved scenario before all points, in lines

    const std::string& fact(const std::string& key) const;  // "" if it is not told
};

bool is_sweep(const std::string& directory);  // it has results of a sweep, or would have them: sweep.json is there
// Throws report::unreadable: no results, not whole, of another format, without a column or a fact that readers need or with one of another kind.
// Behind it, runs and points have the columns of docs/sweeps.md and those of each row of `figures`.
stored_sweep read_results(const std::string& directory);

}  // namespace nicteam::sweep
