// Latencies of single packets by flow, from packets.csv: of parts of the measuring window, their means.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::pages {

// From and to; a mean in seconds for each part in which a packet arrived, by number of the part.
using latency_parts = std::map<std::pair<std::string, std::string>, std::map<std::size_t, double>>;
latency_parts latencies(const std::string& directory, ps from, ps until, std::size_t parts);  // empty without packets.csv

}  // namespace nicteam::pages
