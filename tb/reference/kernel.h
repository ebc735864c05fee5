// A SystemC kernel of its own for one run of a reference, so that one process can run thousands. Works with Accellera
// SystemC 2.3.4; outside IEEE 1666, hence for tests only. Destroy the modules before it.
#pragma once

#include <systemc>

namespace reference {

class kernel {
public:
    kernel() : outer_current_(sc_core::sc_curr_simcontext), outer_default_(sc_core::sc_default_global_context) {
        sc_core::sc_curr_simcontext = new sc_core::sc_simcontext();
        sc_core::sc_default_global_context = sc_core::sc_curr_simcontext;
    }
    ~kernel() {
        delete sc_core::sc_curr_simcontext;
        sc_core::sc_curr_simcontext = outer_current_;
        sc_core::sc_default_global_context = outer_default_;
    }
    kernel(const kernel&) = delete;
    kernel& operator=(const kernel&) = delete;

private:
    sc_core::sc_simcontext* outer_current_;
    sc_core::sc_simcontext* outer_default_;
};

inline sc_core::sc_time picoseconds(std::int64_t t) { return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(t)); }
inline std::int64_t now() { return static_cast<std::int64_t>(sc_core::sc_time_stamp().value()); }

}  // namespace reference
