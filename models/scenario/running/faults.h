// The time line of faults: each begins and ends at its time, before anything else that looks at that instant's past.
#pragma once

#include <vector>

#include <systemc>

#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

class fault_time_line : public sc_core::sc_module, private sim::agenda_user {
public:
    // Throws build_error when a fault's pattern meets no fault port.
    fault_time_line(sc_core::sc_module_name, const resolved&, sim::session&);

private:
    struct fault {
        std::vector<sim::fault_port*> ports;
        std::int64_t amount;
        ps from, until;          // the first time
        ps every;                // `never`: it comes once
        std::uint64_t times;
    };
    // Begun, over.
    struct count { std::uint64_t of[2] = {}; };
    void due(unsigned slot, ps at) override;

    static std::vector<fault> collect(const resolved&, sim::session&);
    std::vector<fault> faults_;
    std::vector<count> counts_;
    sim::agenda agenda_;  // slots 2 n (begin) and 2 n + 1 (end)
};

}  // namespace nicteam::scenario
