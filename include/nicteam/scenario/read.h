// Reading a scenario: TOML, `extends`, --set, and every check that needs no model.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

struct read_options {
    std::vector<std::string> environment;  // "key=value", from NICTEAM_SET, before the next
    std::vector<std::string> sets;         // "key=value", the last one wins
    std::string seed{}, until{};           // --seed, --until; empty: not given
    std::optional<std::vector<std::string>> trace{};  // of wave, pcap, packets: instead of what the scenario's [trace] says
};

// What was read; `found` holds everything that is wrong. When it is empty, `what` can be run.
struct reading {
    problems found;
    std::unique_ptr<resolved> what;
};
reading read(const std::string& file, const read_options& = {});

}  // namespace nicteam::scenario
