// Constructs modules as children of a module that exists already, so that their path is the path of the component.
#pragma once

#include <systemc>

namespace nicteam::sim {

class within {
public:
    explicit within(sc_core::sc_module& parent) { sc_core::sc_get_curr_simcontext()->hierarchy_push(&parent); }
    ~within() { sc_core::sc_get_curr_simcontext()->hierarchy_pop(); }
    within(const within&) = delete;
    within& operator=(const within&) = delete;
};

}  // namespace nicteam::sim
