// What limited a run: of the resources that are full the one with the highest demand over closed-form capacity.
#pragma once

#include <string>
#include <vector>

#include "nicteam/base/time.h"
#include "nicteam/bounds/fraction.h"

namespace nicteam::bounds {

// Something that can be used up. All amounts in the same unit over the same window.
struct resource {
    std::string path;              // "server.pci0"
    std::string kind;              // "bus", "cpu", "wire", "medium"
    fraction used, capacity;
    std::string unit;              // "clocks", "ns", "octets"
    std::string bound;             // the closed form with its numbers: "33.3 M clocks/s at 30 ns"
    std::string source;            // where the closed form comes from
    std::uint64_t waiting = 0;     // packets that were lost for want of room, or left over at the end, before they came through it
    fraction missing = {};         // what they would have used, each as much as those that came through
    struct part { std::string what; fraction amount; };
    std::vector<part> parts = {};  // what the capacity went into, where that is told apart: used and free

    fraction use() const { return {used.numerator * capacity.denominator, used.denominator * capacity.numerator}; }
    fraction demand() const { return {used.numerator * missing.denominator + missing.numerator * used.denominator, used.denominator * missing.denominator}; }
    fraction wanted() const { return {demand().numerator * capacity.denominator, demand().denominator * capacity.numerator}; }
};

// Time that packets spent on average between two places, for a run that no resource limited.
struct wait {
    std::string from, to;          // stages
    std::string flow;
    std::uint64_t packets = 0;
    __int128 total = 0;            // ps
};

struct limit {
    int by = -1;                   // index of the limit, else of the resource with the highest use; -1 without resources
    bool limited = false;          // it is full
    int waited_for = -1;           // when not limited: index of the wait that took most time; -1 if nothing was timed
    std::vector<int> as_well = {}; // full, and demand within 5 % of the limit's: which of them has to grow first cannot be told
    std::vector<int> full = {};    // full with less demand: it would have carried more, had the limit taken it
};

constexpr unsigned limit_percent = 95;   // use from which a resource is full; part of the highest demand that is as much

// A resource that many packets had still to come through when they were lost or left waiting has more demand than one that they had
// behind them: a wire that its sender fills is full, the CPU behind it that loses half of what comes has twice its own demand.
// Ties go to the earlier in the list.
limit find_limit(const std::vector<resource>&, const std::vector<wait>&);

}  // namespace nicteam::bounds
