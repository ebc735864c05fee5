// What a scenario breaks, as a team sees it: begins and ends of faults, and which of them explains a change.
#pragma once

#include <string>
#include <vector>

#include "nicteam/check/failovers.h"
#include "nicteam/report/result.h"

namespace nicteam::check {

// A fault's begin, or its end.
struct occurrence {
    ps at;
    bool ends;
    const report::fault* fault;
    unsigned members;                    // that it touches; none: it lies beyond them
    bool of_whole;                       // of a member or its link, not of a part of a member
    ps over;                             // from when on it can explain nothing new: a begin's end, an end's own instant; `never`: it lasts
    bool order = false;                  // an operator's, to the team
    unsigned told_of = 0, told_choice = 0;       // members whose change it has explained; that became active for it

    bool told() const { return told_of || told_choice; }
    bool mends() const { return ends != (fault->what == "inserted"); }           // it gives rather than takes
};

// In order of time, those before `end`.
std::vector<occurrence> occurrences_of(const watched_team&, const std::vector<report::fault>&, ps end);

// A change of a team that wants to be explained.
struct change {
    ps since;                            // its first notice, or itself
    bool took, gave;                     // members from the team, or to it
    bool noticed;                        // by anybody: else the team acted by itself
    unsigned about;                      // these members
    bool choice;                         // of the active member alone
};
// The nearest before that explains it; null: nothing does, the team changed by itself.
occurrence* explanation(std::vector<occurrence>&, const change&);

}  // namespace nicteam::check
