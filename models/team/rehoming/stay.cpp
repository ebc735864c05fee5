// The associations do not follow: they stay with the member that was active first, and what leaves by another finds none.
#include "nicteam/team/rehoming.h"

namespace nicteam::team {
namespace {

class stay final : public rehoming_policy {
public:
    const char* policy_name() const override { return "stay"; }
    meanwhile of_frames() const override { return meanwhile::dropped; }

    rehoming_step next(const whereabouts& w) const override {
        using kind = rehoming_step::kind;
        if (w.home == no_member) return {};
        if (w.through != w.home) return {kind::flip, w.home};
        for (unsigned n = 0; n < most_members; ++n)
            if (n != w.home && w.at[n].in + w.at[n].going_in) return {};
        return w.at[w.home].out ? rehoming_step{kind::install, w.home} : rehoming_step{};
    }
};

}  // namespace

std::unique_ptr<rehoming_policy> make_stay() { return std::make_unique<stay>(); }

}  // namespace nicteam::team
