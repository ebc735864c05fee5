#include <utility>

#include "nicteam/base/random_stream.h"
#include "sweep/designs/design.h"

namespace nicteam::sweep {
namespace {

class one_in_each_part final : public sample {
public:
    explicit one_in_each_part(std::uint64_t seed) : seed_(seed) {}

    std::string refusal(std::size_t, std::size_t) const override { return ""; }

    std::vector<coordinates> points(std::size_t count, std::size_t axes) const override {
        random_stream random(seed_, "sweep", "latin_hypercube");
        std::vector<coordinates> all(count, coordinates(axes));
        std::vector<std::size_t> parts(count);
        for (std::size_t axis = 0; axis < axes; ++axis) {
            for (std::size_t n = 0; n < count; ++n) parts[n] = n;
            for (std::size_t n = count; n > 1; --n) std::swap(parts[n - 1], parts[random.below(n)]);
            for (std::size_t n = 0; n < count; ++n) {
                const double within = static_cast<double>(random.next() >> 32) * 0x1p-32;  // so short that the sum is exact
                all[n][axis] = (static_cast<double>(parts[n]) + within) / static_cast<double>(count);
            }
        }
        return all;
    }

private:
    std::uint64_t seed_;
};

}  // namespace

std::unique_ptr<sample> latin_hypercube(std::uint64_t seed) { return std::make_unique<one_in_each_part>(seed); }

}  // namespace nicteam::sweep
