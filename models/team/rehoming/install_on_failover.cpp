// Nothing leaves that is not protected: frames wait until their associations are in the new member, which does not wait for the former.
#include "nicteam/team/rehoming.h"

namespace nicteam::team {
namespace {

class install_on_failover final : public rehoming_policy {
public:
    const char* policy_name() const override { return "install_on_failover"; }
    meanwhile of_frames() const override { return meanwhile::held; }

    bool sweeps() const override { return true; }

    rehoming_step next(const whereabouts& w) const override {
        using kind = rehoming_step::kind;
        if (w.home == no_member) return {};
        if (w.through != w.home) return {kind::flip, w.home};
        for (unsigned n = 0; n < most_members; ++n)
            if (w.at[n].dead) return {kind::sweep, n};
        if (w.at[w.home].out) return {kind::install, w.home};
        if (w.at[w.home].going_in) return {};
        for (unsigned n = 0; n < most_members; ++n)               // what it still has to send names them
            if (n != w.home && w.at[n].in && !w.at[n].sends) return {kind::remove, n};
        return {};
    }
};

}  // namespace

std::unique_ptr<rehoming_policy> make_install_on_failover() { return std::make_unique<install_on_failover>(); }

}  // namespace nicteam::team
