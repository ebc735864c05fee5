// `nicteam explain` and `nicteam list`: from the tables and the scenario files alone.
#pragma once

#include <string>
#include <vector>

namespace nicteam::scenario {

// What KEY is: a table or part of one, a parameter, metric, probe, fault, capture point, stage, end of packets or operation, as
// "x", "nic.x" or a whole path; "*" in it: all that match; "faults" and so on: all of that sort; a word of the summary, the page or
// packets.csv; a choice of a parameter.
// Returns false, with what may have been meant, when there is none. The text ends with a line's end.
bool explain(const std::string& key, std::string& out);

// Every name that it knows and that is one word, for completion; sorted.
std::vector<std::string> explainable();

struct listed {
    std::string file, title;
    bool readable = true;
};
// The scenarios (*.toml) of a directory and of the folders in it, by name; files without a title, as those in parts/, are not listed.
std::vector<listed> list(const std::string& directory);

}  // namespace nicteam::scenario
