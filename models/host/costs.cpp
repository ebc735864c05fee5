#include "nicteam/host/costs.h"

#include <iterator>

namespace nicteam::host {
namespace {
constexpr operation operations[] = {
#define NICTEAM_COST(name, cycles, meaning, source) {#name, cycles, meaning, source},
#include "host/costs.def"
};
static_assert(std::size(operations) == cost_count, "costs.def and enum class cost differ");

#define NICTEAM_COST(name, cycles, meaning, source) static_assert(static_cast<unsigned>(cost::name) < cost_count);
#include "host/costs.def"
}  // namespace

const operation& of(cost c) { return operations[static_cast<unsigned>(c)]; }

std::array<std::uint64_t, cost_count> default_costs() {
    std::array<std::uint64_t, cost_count> a{};
    for (unsigned i = 0; i < cost_count; ++i) a[i] = operations[i].cycles;
    return a;
}

}  // namespace nicteam::host
