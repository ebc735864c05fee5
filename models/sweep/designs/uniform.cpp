#include "nicteam/base/random_stream.h"
#include "sweep/designs/design.h"

namespace nicteam::sweep {
namespace {

class each_by_itself final : public sample {
public:
    explicit each_by_itself(std::uint64_t seed) : seed_(seed) {}

    std::string refusal(std::size_t, std::size_t) const override { return ""; }

    std::vector<coordinates> points(std::size_t count, std::size_t axes) const override {
        random_stream random(seed_, "sweep", "uniform");
        std::vector<coordinates> all(count, coordinates(axes));
        for (coordinates& point : all)
            for (double& x : point) x = static_cast<double>(random.next() >> 11) * 0x1p-53;
        return all;
    }

private:
    std::uint64_t seed_;
};

}  // namespace

std::unique_ptr<sample> uniform(std::uint64_t seed) { return std::make_unique<each_by_itself>(seed); }

}  // namespace nicteam::sweep
