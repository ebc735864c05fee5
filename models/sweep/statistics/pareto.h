// Points of which none is better in one objective without being worse in another.
#pragma once

#include <cstddef>
#include <vector>

namespace nicteam::sweep {

enum class aim { minimise, maximise };

// For each point, by how many others it is dominated: those at least as good in every objective and better in one. 0: it is on the front.
// Points with a figure that is no number are dominated by nobody and dominate nobody: unknown_point.
inline constexpr std::size_t unknown_point = static_cast<std::size_t>(-1);
std::vector<std::size_t> dominated_by(const std::vector<std::vector<double>>& points, const std::vector<aim>& objectives);

}  // namespace nicteam::sweep
