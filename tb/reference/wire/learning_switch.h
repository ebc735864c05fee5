// A learning switch written down plainly: every entry looked at for every frame, every departure from the one before. For comparison with
// the model; includes nothing of it. Times in picoseconds.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace reference::wire {

using octets = std::vector<std::uint8_t>;
using station = std::array<std::uint8_t, 6>;

struct switch_case {
    enum class kind { frame, down, up, flush, dead_in, alive_in, dead_out, alive_out };
    struct happening {
        std::int64_t at;            // of a frame: its last octet
        kind what;
        unsigned port;
        octets data;                // of a frame, with FCS
    };
    std::vector<std::int64_t> rates;            // by port, bit/s
    std::vector<std::vector<unsigned>> groups;
    std::vector<int> choices;                   // by group. 0: source, 1: destination, 2: both addresses, 3: in turn
    std::vector<std::pair<station, unsigned>> fixed;
    std::int64_t latency = 0, ageing = 0;
    std::size_t queue = 0, table = 0, longest = 0;
    std::vector<happening> all;                 // in order of time
    std::int64_t end = 0;                       // of the run
};

struct departure {
    std::int64_t first;             // of the preamble
    octets data;
    bool operator==(const departure& o) const { return first == o.first && data == o.data; }
};

struct switch_result {
    std::vector<std::vector<departure>> out;    // by port
    std::map<std::string, unsigned> counts;     // the names are those of the model's metrics
};

switch_result run(const switch_case&);

}  // namespace reference::wire
