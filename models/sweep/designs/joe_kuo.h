// Primitive polynomials and first direction numbers of axes 2 to 16, from the file new-joe-kuo-6.21201 of S. Joe and F. Y. Kuo.
#pragma once

#include <array>
#include <cstdint>

namespace nicteam::sweep {

struct joe_kuo_row {
    unsigned degree;                    // of the polynomial
    std::uint32_t inner;                // its coefficients between the first and the last, as bits
    std::array<std::uint32_t, 6> first;  // as many as its degree
};

inline constexpr std::array<joe_kuo_row, 15> joe_kuo{{
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
}};

}  // namespace nicteam::sweep
