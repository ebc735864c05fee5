// Flows by name, "client to server.sink_9": who sends and who receives, as the table of throughput has them; each side is a path or pattern. Behind them may be
// what of their packets' way is meant, "server to client from host_post to protect_start"; else it is all of it, from birth to end.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nicteam/report/lifelines.h"
#include "nicteam/scenario/pattern.h"
#include "scenario/relations/parts.h"

namespace nicteam::scenario {

class flow_pattern {
public:
    static bool is_one(const std::string& text);

    flow_pattern(const std::string& text, const resolved&);  // of one that is one
    // Of a flow's packets the time that is meant, which has none when no packet took it; null: it is another flow.
    const report::distribution* times_of(const report::flow&) const;
    // "", or that the flow's packets passed the stages the other way round.
    std::string other_way(const report::flow&) const;
    // By name; a run has to be asked for them before it (report::lifeline_options::between).
    const std::optional<std::pair<std::string, std::string>>& stages() const { return stages_; }
    // "" when each side stands for at least one place of these, and the stages are some of theirs that a packet can pass in this order; else what is wrong,
    // and what may have been meant.
    std::string lacking(const std::vector<part>&, const resolved&) const;

private:
    std::string wrong_stage(const std::vector<part>&, const resolved&) const;
    const report::stretch* stretch_of(const report::flow&) const;  // null: nobody asked for it

    std::string sender_, receiver_;
    std::optional<std::pair<std::string, std::string>> stages_;
    path_pattern from_, to_;
};

}  // namespace nicteam::scenario
