// As Linux bonding raced with its users (LB-2): the list of associations is walked as it was when the active member changed. One that its user deletes meanwhile goes
// in all the same, and nobody takes it out again; one that he adds goes into the member that is about to be left.
#include "nicteam/team/rehoming.h"

namespace nicteam::team {
namespace {

class as_listed final : public rehoming_policy {
public:
    const char* policy_name() const override { return "as_listed"; }
    meanwhile of_frames() const override { return meanwhile::dropped; }

    rehoming_step next(const whereabouts& w) const override {
        using kind = rehoming_step::kind;
        if (w.home == no_member) return {};
        if (w.through == w.home) return w.at[w.home].added ? rehoming_step{} : rehoming_step{kind::add_listed, w.home};
        if (w.through == no_member) return {kind::flip, w.home};
        const whereabouts::member& former = w.at[w.through];
        if (former.in) return {kind::remove, w.through};
        return former.going_out || former.going_in ? rehoming_step{} : rehoming_step{kind::flip, w.home};
    }
};

}  // namespace

std::unique_ptr<rehoming_policy> make_as_listed() { return std::make_unique<as_listed>(); }

}  // namespace nicteam::team
