// What limited a run: the resource with the highest demand over closed-form capacity.
#pragma once

#include <string>
#include <vector>

#include "nicteam/base/time.h"
#include "nicteam/bounds/fraction.h"

namespace nicteam::bounds {

// Something that can be used up. Demand and capacity in the same unit over the same window.
struct resource {
    std::string path;              // "server.pci0"
    std::string kind;              // "bus", "cpu", "wire", "fifo"
    fraction demand, capacity;
    std::string unit;              // "clocks", "cycles", "octets"
    std::string bound;             // the closed form with its numbers: "33.3 M clocks/s at 30 ns"
    std::string source;            // where the closed form comes from

    fraction use() const { return {demand.numerator * capacity.denominator, demand.denominator * capacity.numerator}; }
};

// Time that packets spent on average between two places, for a run that no resource limited.
struct wait {
    std::string from, to;          // stages
    std::string flow;
    std::uint64_t packets = 0;
    __int128 total = 0;            // ps
};

struct limit {
    int by = -1;                   // index of the resource with the highest use; -1 without resources
    bool limited = false;          // at 95 % or above
    int waited_for = -1;           // when not limited: index of the wait that took most time; -1 if nothing was timed
};

constexpr unsigned limit_percent = 95;

// Ties go to the earlier in the list.
limit find_limit(const std::vector<resource>&, const std::vector<wait>&);

}  // namespace nicteam::bounds
