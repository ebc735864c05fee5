// Flows by name, "client to server.sink_9": who sends and who receives, as the table of throughput has them; each side is a path or pattern.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/pattern.h"

namespace nicteam::scenario {

class flow_pattern {
public:
    static bool is_one(const std::string& text) { return text.find(between) != std::string::npos; }

    flow_pattern(const std::string& text, const resolved&);  // of one that is one
    bool matches(std::string_view from, std::string_view to) const { return from_.matches(from) && to_.matches(to); }
    // "" when each side stands for at least one of these places, else which does not, and what may have been meant.
    std::string lacking(const std::vector<std::string>& places) const;

private:
    static constexpr const char* between = " to ";

    std::string sender_, receiver_;
    path_pattern from_, to_;
};

}  // namespace nicteam::scenario
