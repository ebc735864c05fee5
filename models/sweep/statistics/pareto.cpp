#include "sweep/statistics/pareto.h"

#include <cmath>

namespace nicteam::sweep {
namespace {

using figures = std::vector<double>;

bool known(const figures& p) {
    for (const double x : p)
        if (!std::isfinite(x)) return false;
    return true;
}

bool dominates(const figures& a, const figures& b, const std::vector<aim>& objectives) {
    bool better = false;
    for (std::size_t n = 0; n < objectives.size(); ++n) {
        const bool up = objectives[n] == aim::maximise;
        if (up ? a[n] < b[n] : a[n] > b[n]) return false;
        better = better || a[n] != b[n];
    }
    return better;
}

}  // namespace

std::vector<std::size_t> dominated_by(const std::vector<figures>& points, const std::vector<aim>& objectives) {
    std::vector<std::size_t> all(points.size(), unknown_point);
    for (std::size_t n = 0; n < points.size(); ++n) {
        if (!known(points[n])) continue;
        all[n] = 0;
        for (const figures& other : points)
            if (known(other) && dominates(other, points[n], objectives)) ++all[n];
    }
    return all;
}

}  // namespace nicteam::sweep
