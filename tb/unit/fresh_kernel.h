// Several small simulations in one test process: each fresh_kernel is a kernel context of its own. Works with Accellera
// SystemC 2.3.4; outside IEEE 1666, hence for tests and benchmarks only. Destroy the model before the fresh_kernel.
#pragma once

#include <memory>

#include <systemc>

#include "nicteam/sim/session.h"

namespace nicteam::test {

class fresh_kernel {
public:
    explicit fresh_kernel(std::uint64_t seed = 1) {
        sc_core::sc_curr_simcontext = new sc_core::sc_simcontext();
        sc_core::sc_default_global_context = sc_core::sc_curr_simcontext;
        session_ = std::make_unique<sim::session>(seed);
    }
    ~fresh_kernel() {
        session_.reset();
        delete sc_core::sc_curr_simcontext;
        sc_core::sc_curr_simcontext = nullptr;
        sc_core::sc_default_global_context = nullptr;
    }
    sim::session& session() { return *session_; }

private:
    std::unique_ptr<sim::session> session_;
};

}  // namespace nicteam::test
