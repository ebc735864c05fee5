// Designs: which points a sweep takes.
//
// An enumeration goes through the listed values of each axis; a sample puts any number of points into the unit cube, one coordinate an axis.
// Integer arithmetic and the four operations of IEEE 754 only: the same points on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nicteam::sweep {

// Each axis has so many listed values; a point names one of each, from 0.
using levels = std::vector<std::size_t>;

class enumeration {
public:
    virtual ~enumeration() = default;
    // Why these axes cannot be gone through so; "": they can.
    virtual std::string refusal(const levels& of_axes) const = 0;
    virtual std::uint64_t count(const levels& of_axes) const = 0;  // the most that 64 bits hold when there are more
    virtual levels point(std::uint64_t number, const levels& of_axes) const = 0;
};
std::unique_ptr<enumeration> grid();  // every combination; the last axis changes first
std::unique_ptr<enumeration> zip();   // the first values of all axes, then the second ones …

// Coordinates in [0, 1).
using coordinates = std::vector<double>;

class sample {
public:
    virtual ~sample() = default;
    virtual std::string refusal(std::size_t points, std::size_t axes) const = 0;
    virtual std::vector<coordinates> points(std::size_t count, std::size_t axes) const = 0;
};
std::unique_ptr<sample> uniform(std::uint64_t seed);          // each coordinate by itself
std::unique_ptr<sample> latin_hypercube(std::uint64_t seed);  // of n points one in each n-th of each axis
// The first points of Sobol's sequence with the direction numbers of Joe and Kuo, unscrambled; at most 16 axes and 2^32 points.
// S. Joe, F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30 (2008).
std::unique_ptr<sample> sobol();

// Which of `count` listed values a coordinate stands for.
inline std::size_t level_of(double coordinate, std::size_t count) { return static_cast<std::size_t>(coordinate * static_cast<double>(count)); }

}  // namespace nicteam::sweep
