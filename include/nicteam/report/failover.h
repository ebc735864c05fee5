// The time line of each change of a team: what broke, who noticed it when, what was decided, when frames went again, what was lost meanwhile.
// docs/outputs.md says what each part means. Times are simulated picoseconds; `never`: it did not happen by the end of the run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::report {

// How a flow fared: its longest silence that reaches into the time from fault to decision, or, when nobody decided, into that from the fault to
// the next fault or decision.
struct gap {
    std::string from, to;
    ps last = never, first = never;              // the last good frame before the silence, the first behind it, as they arrived
    std::uint64_t lost = 0, out_of_order = 0;    // sent from the last before the fault to the first behind the decision, and lost; arrived behind a younger frame, from `last` to the next failover
    std::uint64_t told_elsewhere = 0;            // lost in that time, and among the losses of another failover
    struct cause { std::string reason, where; std::uint64_t packets = 0; };
    std::vector<cause> causes;
    ps usual = 0;                                // half of the flow's frames came no later behind the one before; 0: there was one
    std::vector<std::uint64_t> octets;           // that arrived in each step of failover::around

    bool over() const { return first != never; }
    ps length() const { return over() ? first - last : never; }
    ps cost() const { return over() ? std::max(length() - usual, ps{0}) : never; }       // beyond what is usual
};

struct failover {
    struct notice { std::string by, member; bool good = false; ps at = 0; };
    // Of frames that arrived where they were for, the first that this member carried behind the decision: when it began on its wire.
    struct good_frame { std::string member, from, to; ps at = never; };

    std::string team;
    std::string fault, what, where;              // the nearest fault before, of the scenario; "": none
    bool fault_ends = false;                     // … or rather its end
    ps fault_at = never;
    std::vector<notice> noticed;
    ps decided = never;                          // never: nobody noticed
    std::vector<std::string> lost, found;        // members that the team ceased, or began, to count on
    std::string before, after;                   // the active member; of modes that use several: all that are usable, "+" between; "none"
    std::string announced_by;                    // the member that it was handed to
    ps announced = never, announced_on_wire = never;
    good_frame sent, received;
    std::vector<gap> gaps;                       // flows through the team, in order of their texts
    // The same steps for all of them: n is [from + n * step, from + (n + 1) * step). Step 0: there are none.
    struct steps { ps from = 0, step = 0; } around;

    ps detected() const;                         // from fault to the first notice; `never`: one of them is missing
    const gap* costliest() const;                // by the time beyond the usual; one that is not over costs more than all; null: no flow was silent
};

// Frames that came out of order at their flow's end, of flows through a team.
struct reordering { std::string from, to; std::uint64_t packets = 0, out_of_order = 0; ps latest = 0; };     // latest: behind the youngest before it, by birth

}  // namespace nicteam::report
