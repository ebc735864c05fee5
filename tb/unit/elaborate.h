// Brings a test's model to time 0, ready to be given work.
#pragma once

#include <systemc>

namespace nicteam::test {

inline void elaborate() {
    // Nothing may be pending at time 0, which the kernel finds worth a warning.
    sc_core::sc_report_handler::set_actions(sc_core::SC_ID_NO_SC_START_ACTIVITY_, sc_core::SC_DO_NOTHING);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
}

}  // namespace nicteam::test
