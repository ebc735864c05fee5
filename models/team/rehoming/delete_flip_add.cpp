// As Linux bonding did it (bond_change_active_slave: bond_ipsec_del_sa_all, then the slave, then bond_ipsec_add_sa_all): a frame sent in between finds no
// association in the device, and goes out as it is.
#include "nicteam/team/rehoming.h"

namespace nicteam::team {
namespace {

class delete_flip_add final : public rehoming_policy {
public:
    const char* policy_name() const override { return "delete_flip_add"; }
    meanwhile of_frames() const override { return meanwhile::in_the_clear; }

    rehoming_step next(const whereabouts& w) const override {
        using kind = rehoming_step::kind;
        if (w.home == no_member) return {};
        if (w.through == w.home) return w.at[w.home].out ? rehoming_step{kind::install, w.home} : rehoming_step{};
        if (w.through == no_member) return {kind::flip, w.home};
        const whereabouts::member& former = w.at[w.through];
        if (former.in) return {kind::remove, w.through};
        return former.going_out || former.going_in ? rehoming_step{} : rehoming_step{kind::flip, w.home};
    }
};

}  // namespace

std::unique_ptr<rehoming_policy> make_delete_flip_add() { return std::make_unique<delete_flip_add>(); }

}  // namespace nicteam::team
