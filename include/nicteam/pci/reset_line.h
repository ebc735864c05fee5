// RST# of a bus: who drives it tells everybody on it (PCI 2.2, 2.2.1, 4.3.2).
#pragma once

#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::pci {

class reset_user {
public:
    virtual ~reset_user() = default;
    // RST# went low (true) or high at `at`; seen by edges strictly later.
    virtual void reset_line_changed(bool low, ps at) = 0;
};

class reset_line {
public:
    void listen(reset_user& u) { users_.push_back(&u); }      // elaboration
    void drive(bool low, ps at) {
        if (low == low_) return;
        low_ = low;
        for (reset_user* u : users_) u->reset_line_changed(low, at);
    }
    bool low() const { return low_; }

private:
    std::vector<reset_user*> users_;
    bool low_ = false;
};

}  // namespace nicteam::pci
