// active-backup of Linux bonding: one active member. By fail_over_mac all members have the team's address (none), each keeps its own and the team is
// announced with that of the active one (active), or the team's goes with the active one (follow).
#include "team/modes/modes.h"
#include "team/modes/one_active.h"

namespace nicteam::team {

std::unique_ptr<mode> make_active_backup(const mode_config& c, random_stream) { return std::make_unique<one_active>(c, c.fail_over_mac, 0); }

}  // namespace nicteam::team
