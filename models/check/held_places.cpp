// The rest of I-6: places that packets take up within a component, and entries of its tables. At the end of a run each is free, or somebody who is still
// under way has it.
#include <fmt/format.h>

#include "nicteam/check/conservation.h"

namespace nicteam::check {

void conservation::finish_places(ps end, sim::session& session) {
    for (const sim::keeper& k : session.keepers())
        for (const sim::held_place& p : k.places(end)) {
            if (p.used > p.by.size() + p.otherwise)
                breaches_.report(checker::conservation, end,
                                 fmt::format("{} of {}: {} in use at the end, of which {} can be accounted for", p.name, k.path, p.used,
                                             p.by.size() + p.otherwise));
            for (const trace_id id : p.by)
                if (id && under_way_.find(id) == report::id_table::none)
                    breaches_.report(checker::conservation, end, fmt::format("{} of {} holds packet {}, which is not under way", p.name, k.path, id_text(id)));
        }
}

}  // namespace nicteam::check
