#include "sweep/statistics/effects.h"

#include <algorithm>
#include <cmath>

namespace nicteam::sweep {

std::vector<effect> main_effects(const std::vector<std::vector<std::string>>& values, const std::vector<double>& figures) {
    std::vector<effect> all(values.empty() ? 0 : values.front().size());
    for (std::size_t parameter = 0; parameter < all.size(); ++parameter) {
        effect& e = all[parameter];
        e.parameter = parameter;
        for (std::size_t n = 0; n < values.size(); ++n) {
            if (!std::isfinite(figures[n])) continue;
            const std::string& value = values[n][parameter];
            auto level = std::find_if(e.levels.begin(), e.levels.end(), [&](const level_mean& l) { return l.value == value; });
            if (level == e.levels.end()) level = e.levels.insert(level, {value, 0, 0});
            level->points += 1, level->mean += figures[n];
        }
        for (level_mean& l : e.levels) l.mean /= static_cast<double>(l.points);
        const auto [least, most] = std::minmax_element(e.levels.begin(), e.levels.end(), [](const auto& a, const auto& b) { return a.mean < b.mean; });
        if (least != e.levels.end()) e.swing = most->mean - least->mean;
    }
    std::stable_sort(all.begin(), all.end(), [](const effect& a, const effect& b) { return a.swing > b.swing; });
    return all;
}

}  // namespace nicteam::sweep
