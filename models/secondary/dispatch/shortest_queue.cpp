#include "nicteam/secondary/dispatch.h"

namespace nicteam::secondary {
namespace {

class shortest_queue : public dispatch_policy {
    const char* policy_name() const override { return "shortest_queue"; }
    unsigned choose(const engine_views& all, std::uint32_t) override {
        return last_ = least_open(all, last_, [](const engine_view& e) { return e.jobs; });
    }
    unsigned last_ = no_engine;                          // before the first
};

}  // namespace

std::unique_ptr<dispatch_policy> make_shortest_queue() { return std::make_unique<shortest_queue>(); }

}  // namespace nicteam::secondary
