// What befell a team and what it decided, in order of time, for reports: who noticed what when, which members it then used, what it announced.
// Times are those at which the team's software knew: a look at a link is answered later than it is asked.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::team {

struct happening {
    enum class what : std::uint8_t {
        noticed,                         // monitor `by` came to another verdict on `member`: `good`
        usable,                          // the team began (`good`) or ceased to count on `member`
        active,                          // of a mode with one active member: `member` instead of `before`; no_member: none
        announced,                       // a gratuitous ARP request was handed to `member`
    };
    what kind = what::noticed;
    ps at = 0;
    unsigned member = 0;
    bool good = false;
    const char* by = "";                 // monitor_name(), or what else said it
    unsigned before = 0;
    unsigned round = 0;                  // what the team decided at once is of one round
};
using history = std::vector<happening>;

}  // namespace nicteam::team
