// What is left behind at one member and added again at another fills tables with associations that nobody uses, or is refused as there already.
#include "nicteam/team/rehoming.h"

namespace nicteam::team {
namespace {

class add_only final : public rehoming_policy {
public:
    const char* policy_name() const override { return "add_only"; }
    meanwhile of_frames() const override { return meanwhile::dropped; }

    rehoming_step next(const whereabouts& w) const override {
        using kind = rehoming_step::kind;
        if (w.home == no_member) return {};
        if (w.through != w.home) return {kind::flip, w.home};
        return w.at[w.home].added ? rehoming_step{} : rehoming_step{kind::add, w.home};
    }
};

}  // namespace

std::unique_ptr<rehoming_policy> make_add_only() { return std::make_unique<add_only>(); }

}  // namespace nicteam::team
