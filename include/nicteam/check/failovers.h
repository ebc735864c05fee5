// Watches the traffic of teams, and makes time lines of their failovers when a run has ended: what the scenario broke, what the team's history
// tells, and what packets did meanwhile. It costs something for each packet, so there is none in a run without a team.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nicteam/report/failover.h"
#include "nicteam/report/lifelines.h"
#include "nicteam/report/result.h"
#include "nicteam/team/history.h"

namespace nicteam::check {

struct watched_team {
    struct member { std::string name, path, link, out, port; };  // of a nic; its link, the direction of that from it ("lan0.a_to_b"), a switch's port at it
    std::string path;
    std::vector<member> members;
    std::vector<std::string> engines;                            // paths of those of its pool, in their order, software apart
    std::vector<std::string> strangers;                          // paths of other hosts: what happens there is no fault of the team's
    const team::history* told = nullptr;
    bool single_active = false;
};

class team_traffic;

class failovers {
public:
    failovers(std::vector<watched_team>, report::lifelines&);    // both outlive it
    ~failovers();

    // After lifelines::finish(). Faults as the scenario has them, those that come again once.
    void tell(report::run_result&) const;

private:
    std::vector<watched_team> teams_;
    std::vector<std::unique_ptr<team_traffic>> traffic_;         // of each team
};

}  // namespace nicteam::check
