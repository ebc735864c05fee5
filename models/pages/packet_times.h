// What packets.csv tells over time: latencies by flow, packets between stages; and how long each stage took, as curves.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::pages {

struct packet_times {
    static constexpr std::size_t bins = 64;      // of the measuring window
    ps from = 0, step = 0;                       // bin n begins at from + n * step; what is left over at the end is in none
    using flow_name = std::pair<std::string, std::string>;
    struct latency {
        std::vector<double> sum, greatest;       // seconds, by the end of the packet; greatest 0: none ended there
        std::vector<std::size_t> packets;
    };
    std::map<flow_name, latency> latencies;      // whole ways: of a copy, from the birth of what it was made from
    std::vector<std::pair<std::string, std::vector<double>>> under_way;  // by stage, in order of the way: mean number of packets past it
    std::map<flow_name, std::map<std::string, std::vector<double>>> stages;  // "a -> b": seconds, sorted; whole ways of packets that arrived

    struct packet {
        std::string id, from, to;
        ps born = 0, ended = 0;                  // of a copy, the birth of what it was made from
    } slowest;                                   // of those that arrived; ended 0: none did

    bool known() const { return step > 0; }
};
packet_times read_packet_times(const std::string& directory, ps from, ps until);  // nothing without packets.csv

}  // namespace nicteam::pages
