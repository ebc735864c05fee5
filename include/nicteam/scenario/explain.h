// `nicteam explain` and `nicteam list`: from the tables and the scenario files alone.
#pragma once

#include <string>
#include <vector>

namespace nicteam::scenario {

// What KEY is: a table, parameter, metric, probe, fault, capture point, stage, outcome or operation, "nic.x", "x" or a whole path.
// Returns false, with the nearest names, when there is none.
bool explain(const std::string& key, std::string& out);

struct listed {
    std::string file, title;
    bool readable = true;
};
// The scenarios (*.toml) of a directory, by name; files without a title, and those in parts/, are not listed.
std::vector<listed> list(const std::string& directory);

}  // namespace nicteam::scenario
