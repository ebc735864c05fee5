// What `explain` knows besides the rows of tables: words of the reports, choices of parameters; components by their usual names.
#pragma once

#include <string>
#include <vector>

namespace nicteam::scenario {

// A paragraph for each meaning, each with an empty line behind it; "" if there is none. Capitals, "-", "_" and blanks do not matter.
std::string words_meant(const std::string& key);
std::vector<std::string> all_words();
// What a report's way of writing stands for: "wire_begin_ps" (packets.csv) and "lan0.a_to_b after wire_begin" (Losses) for the stage,
// "client to server" for "flow"; or "".
std::string meant_by_a_report(const std::string& key);

// The kind of components that scenarios usually call so, whatever the number: "bus" for "server.pci0"; or "".
std::string kind_called(const std::string& key);

}  // namespace nicteam::scenario
