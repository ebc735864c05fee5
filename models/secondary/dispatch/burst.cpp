#include "nicteam/secondary/dispatch.h"

namespace nicteam::secondary {
namespace {

// A burst ends early when its engine is not open any more.
class burst : public dispatch_policy {
public:
    explicit burst(unsigned jobs) : jobs_(jobs) {}

private:
    const char* policy_name() const override { return "burst"; }
    unsigned choose(const engine_views& all, std::uint32_t) override {
        if (left_ == 0 || last_ >= all.size() || !all[last_].open) {
            last_ = least_open(all, last_, [](const engine_view&) { return 0; });
            left_ = jobs_;
        }
        --left_;
        return last_;
    }
    unsigned jobs_, left_ = 0, last_ = no_engine;        // before the first
};

}  // namespace

std::unique_ptr<dispatch_policy> make_burst(unsigned jobs) { return std::make_unique<burst>(jobs); }

}  // namespace nicteam::secondary
