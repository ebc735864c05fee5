// What packets.csv tells over time: latencies by flow, packets between stages; and how long each stage took, as curves.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::pages {

struct packet_times {
    static constexpr std::size_t bins = 64;      // of the measuring window
    static constexpr std::size_t parts = 8;      // of a bin, for who looks closer
    ps from = 0, step = 0;                       // bin n begins at from + n * step; what is left over at the end is in none
    using flow_name = std::pair<std::string, std::string>;
    struct latency {
        std::vector<double> sum, greatest;       // seconds, by the end of the packet; greatest 0: none ended there
        std::vector<std::size_t> packets;
    };
    struct stage_load {
        std::string stage;
        std::vector<double> mean, of_parts;      // number of packets past it
    };
    std::map<flow_name, latency> latencies, of_parts;  // by bin, by part of one; whole ways: of a copy, from the birth of what it was made from
    std::vector<stage_load> under_way;           // in order of the way
    std::map<flow_name, std::vector<std::uint64_t>> octets;  // that arrived, in steps of `octets_step` from `from` on
    ps octets_step = 0;
    std::map<flow_name, std::map<std::string, std::vector<double>>> stages;  // "a -> b": seconds, sorted; whole ways of packets that arrived

    struct packet {
        std::string id, from, to;
        ps born = 0, ended = 0;                  // of a copy, the birth of what it was made from
    } slowest;                                   // of those that arrived; ended 0: none did

    bool known() const { return step > 0; }
};
// Nothing without packets.csv. `octets_step` has to be more than 0.
packet_times read_packet_times(const std::string& directory, ps from, ps until, ps octets_step);

}  // namespace nicteam::pages
