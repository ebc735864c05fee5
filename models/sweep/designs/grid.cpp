#include <limits>

#include "sweep/designs/design.h"

namespace nicteam::sweep {
namespace {

class every_combination final : public enumeration {
public:
    std::string refusal(const levels&) const override { return ""; }

    std::uint64_t count(const levels& of_axes) const override {
        std::uint64_t all = 1;
        for (const std::size_t n : of_axes)
            if (__builtin_mul_overflow(all, n, &all)) return std::numeric_limits<std::uint64_t>::max();
        return all;
    }

    levels point(std::uint64_t number, const levels& of_axes) const override {
        levels all(of_axes.size());
        for (std::size_t axis = of_axes.size(); axis-- > 0; number /= of_axes[axis]) all[axis] = static_cast<std::size_t>(number % of_axes[axis]);
        return all;
    }
};

}  // namespace

std::unique_ptr<enumeration> grid() { return std::make_unique<every_combination>(); }

}  // namespace nicteam::sweep
