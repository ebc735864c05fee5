// Runs a text workload on the bus and gives every stamp as text: one line per tenure, in order,
//   master command address words request A data idle done why
// edges in ps; `data` as runs first+stride*count joined by commas, or '-'.
//
// The workload, one line per object; lists with commas; '#' begins a comment; what is left out has its default:
//   bus period=30000 phase=0 arbiter=round_robin|fixed parking=last|first|none wide=0 until=1000000000
//   master timer=64 line=32 wide=0 follow=0
//   item arrival=0 command=6 address=0x1000 bytes=64 limit=-1          of the master above
//   target base=0 size=65536 io=0 wide=0 device=-1 devsel=2 first=0 next=0 boundary=0 with_data=1 pattern=. abort_words=1
#pragma once

#include <string>
#include <vector>

#include "nicteam/pci/bus.h"
#include "unit/pci/programmable_target.h"
#include "unit/pci/workload_master.h"

namespace nicteam::test {

struct bus_program {
    pci::bus_config bus;
    ps until = 1'000'000'000;
    std::vector<master_program> masters;
    std::vector<target_program> targets;
};
bus_program read_program(const std::string&);        // throws std::runtime_error

struct run_how {
    bool reversed = false;       // constructs the agents in reverse order
    bool ahead = false;          // see master_program::ahead
    bool grants = false;         // adds a line "gnt MASTER EDGE" for each change of GNT#
};
// A kernel of its own for each run.
std::string run_program(const bus_program&, run_how = {});
inline std::string run_text(const std::string& text, run_how how = {}) { return run_program(read_program(text), how); }

// One tenure in clocks from A, for closed forms: "data 2+1*4 idle 6 done 4 completed".
std::string relative(const std::string& line, ps period = 30'000);

}  // namespace nicteam::test
