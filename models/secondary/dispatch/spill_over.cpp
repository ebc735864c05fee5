#include "nicteam/secondary/dispatch.h"

namespace nicteam::secondary {
namespace {

class spill_over : public dispatch_policy {
    const char* policy_name() const override { return "spill_over"; }
    unsigned choose(const engine_views& all, std::uint32_t) override {
        return least_open(all, no_engine, [](const engine_view&) { return 0; });
    }
};

}  // namespace

std::unique_ptr<dispatch_policy> make_spill_over() { return std::make_unique<spill_over>(); }

}  // namespace nicteam::secondary
