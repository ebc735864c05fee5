// What each parameter does to a figure: main effects, for the tornado.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nicteam::sweep {

// The mean of the figure over all points with one value of the parameter.
struct level_mean {
    std::string value;
    std::size_t points = 0;
    double mean = 0;
};
struct effect {
    std::size_t parameter = 0;     // which column
    std::vector<level_mean> levels;  // in order of appearance
    double swing = 0;              // greatest mean less least
};
// `values`: a row a point, a column a parameter; `figures`: one a point, those that are no number are left out. Sorted, the greatest swing first.
std::vector<effect> main_effects(const std::vector<std::vector<std::string>>& values, const std::vector<double>& figures);

}  // namespace nicteam::sweep
