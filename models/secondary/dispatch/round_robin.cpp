#include "nicteam/secondary/dispatch.h"

namespace nicteam::secondary {
namespace {

class round_robin : public dispatch_policy {
    const char* policy_name() const override { return "round_robin"; }
    unsigned choose(const engine_views& all, std::uint32_t) override {
        return last_ = least_open(all, last_, [](const engine_view&) { return 0; });
    }
    unsigned last_ = no_engine;                          // before the first
};

}  // namespace

std::unique_ptr<dispatch_policy> make_round_robin() { return std::make_unique<round_robin>(); }

}  // namespace nicteam::secondary
