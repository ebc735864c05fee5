#include "nicteam/secondary/dispatch.h"

namespace nicteam::secondary {
namespace {

class first_idle : public dispatch_policy {
    const char* policy_name() const override { return "first_idle"; }
    unsigned choose(const engine_views& all, std::uint32_t) override {
        for (unsigned n = 0; n < all.size(); ++n)
            if (all[n].open && all[n].jobs == 0) return n;
        return no_engine;
    }
};

}  // namespace

std::unique_ptr<dispatch_policy> make_first_idle() { return std::make_unique<first_idle>(); }

}  // namespace nicteam::secondary
