#include "nicteam/secondary/dispatch.h"

namespace nicteam::secondary {
namespace {

class by_size : public dispatch_policy {
public:
    by_size(std::uint32_t threshold, unsigned large) : threshold_(threshold), large_(large) {}

private:
    const char* policy_name() const override { return "by_size"; }
    unsigned choose(const engine_views& all, std::uint32_t octets) override {
        const bool large = octets >= threshold_;
        const unsigned own = best_of(all, large);
        return own != no_engine || one_is_full(all, large) ? own : best_of(all, !large);
    }
    bool one_is_full(const engine_views& all, bool large) const {
        for (unsigned n = 0; n < all.size(); ++n)
            if (all[n].full && (n < large_) == large) return true;
        return false;
    }
    unsigned best_of(const engine_views& all, bool large) const {
        unsigned best = no_engine;
        for (unsigned n = 0; n < all.size(); ++n)
            if (all[n].open && (n < large_) == large && (best == no_engine || all[n].jobs < all[best].jobs)) best = n;
        return best;
    }
    std::uint32_t threshold_;
    unsigned large_;
};

}  // namespace

std::unique_ptr<dispatch_policy> make_by_size(std::uint32_t threshold, unsigned large) { return std::make_unique<by_size>(threshold, large); }

}  // namespace nicteam::secondary
