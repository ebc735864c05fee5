// Adapter fault tolerance (source documents 000/001, ¶27; Intel ANS): one active member, the others idle. The team's address goes with the active one and
// every other has its own, so that members can tell each other's probes apart. A preferred primary takes its place back; one that is active
// by default does not.
#include "team/modes/modes.h"
#include "team/modes/one_active.h"

namespace nicteam::team {

std::unique_ptr<mode> make_aft(const mode_config& c, random_stream) { return std::make_unique<one_active>(c, fail_over_mac::follow, c.fail_back_delay); }

}  // namespace nicteam::team
