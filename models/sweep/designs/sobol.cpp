#include <array>

#include <fmt/format.h>

#include "sweep/designs/design.h"
#include "sweep/designs/joe_kuo.h"

namespace nicteam::sweep {
namespace {

constexpr unsigned digits = 32;
using directions = std::array<std::uint32_t, digits>;

directions directions_of(std::size_t axis) {
    directions v{};
    if (axis == 0) {  // van der Corput's sequence
        for (unsigned k = 0; k < digits; ++k) v[k] = 1u << (digits - 1 - k);
        return v;
    }
    const joe_kuo_row& row = joe_kuo[axis - 1];
    for (unsigned k = 0; k < digits; ++k) {
        if (k < row.degree) {
            v[k] = row.first[k] << (digits - 1 - k);
            continue;
        }
        v[k] = v[k - row.degree] ^ (v[k - row.degree] >> row.degree);
        for (unsigned i = 1; i < row.degree; ++i)
            if ((row.inner >> (row.degree - 1 - i)) & 1u) v[k] ^= v[k - i];
    }
    return v;
}

class sobol_sequence final : public sample {
public:
    std::string refusal(std::size_t, std::size_t axes) const override {
        return axes > joe_kuo.size() + 1 ? fmt::format("sobol takes at most {} parameters; there are {}", joe_kuo.size() + 1, axes) : "";
    }

    std::vector<coordinates> points(std::size_t count, std::size_t axes) const override {
        std::vector<coordinates> all(count, coordinates(axes));
        for (std::size_t axis = 0; axis < axes; ++axis) {
            const directions v = directions_of(axis);
            std::uint32_t x = 0;
            for (std::size_t n = 0; n < count; ++n) {
                all[n][axis] = static_cast<double>(x) * 0x1p-32;
                x ^= v[static_cast<unsigned>(__builtin_ctzll(~static_cast<unsigned long long>(n)))];  // Gray code: the lowest digit of n that is 0
            }
        }
        return all;
    }
};

}  // namespace

std::unique_ptr<sample> sobol() { return std::make_unique<sobol_sequence>(); }

}  // namespace nicteam::sweep
