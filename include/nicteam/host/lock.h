// A lock between CPUs: taking and giving it back cost cycles; who finds it taken spins, and gets it in order of asking.
// Interrupts of the holder are masked meanwhile, so that its handlers may take the same lock.
#pragma once

#include <deque>

#include <systemc>

#include "nicteam/host/cpu_core.h"

namespace nicteam::host {

class lock : public sc_core::sc_object {
public:
    explicit lock(const char* name) : sc_object(name) {}
    void acquire(cpu_core&);
    void release(cpu_core&);
    bool held() const { return holder_ != nullptr; }

private:
    cpu_core* holder_ = nullptr;
    std::deque<cpu_core*> waiting_;
    sc_core::sc_event handed_over_;
};

}  // namespace nicteam::host
