// What an operator does to a team, as to /sys/class/net/bond0/bonding/active_slave: clears its active member, or makes another one that (docs/decisions/0181).
#include "nicteam/sim/session.h"
#include "team/rehomer.h"

namespace nicteam::team {

void augmentation_layer_250::machinery::bind_operator() {
    const auto bind = [this](const fault_info& f, bool clear) {
        sim::bind_fault(layer, f, [this, clear](bool begin, std::int64_t amount, ps at) {
            if (begin) home.cpu->post(at, [this, clear, member = static_cast<unsigned>(amount)](host::cpu& c) { order(c, clear, member); });
        });
    };
    bind(team_info.faults.rows[0], true);
    bind(team_info.faults.rows[1], false);
}

void augmentation_layer_250::machinery::order(host::cpu& c, bool clear, unsigned member) {
    const bool done = begun && (clear ? setup.mode->clear_active(members, c.now(), wanted) : setup.mode->set_active(member, members, c.now(), wanted));
    count(done ? team_metric::orders : team_metric::orders_refused);
    if (!done) return;
    judge_members(c);
    if (clear && rehoming) rehoming->cleared(c);
}

void augmentation_layer_250::adds(state::handle name, ps at) {
    machinery_->pool().live(name, false);
    machinery_->of_users.push_back({at, name, true});
}

void augmentation_layer_250::deletes(state::handle name, ps at) { machinery_->of_users.push_back({at, name, false}); }

}  // namespace nicteam::team
