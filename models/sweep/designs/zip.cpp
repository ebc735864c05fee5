#include <fmt/format.h>

#include "sweep/designs/design.h"

namespace nicteam::sweep {
namespace {

class in_step final : public enumeration {
public:
    std::string refusal(const levels& of_axes) const override {
        for (const std::size_t n : of_axes)
            if (n != of_axes.front()) return fmt::format("zip takes as many values of each parameter; one has {}, another {}", of_axes.front(), n);
        return "";
    }

    std::uint64_t count(const levels& of_axes) const override { return of_axes.empty() ? 1 : of_axes.front(); }

    levels point(std::uint64_t number, const levels& of_axes) const override { return levels(of_axes.size(), static_cast<std::size_t>(number)); }
};

}  // namespace

std::unique_ptr<enumeration> zip() { return std::make_unique<in_step>(); }

}  // namespace nicteam::sweep
