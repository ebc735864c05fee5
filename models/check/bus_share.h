// How much of a bus each master took: its tenures with the idle clock behind each (if there is one), within the measuring window.
#pragma once

#include <algorithm>
#include <vector>

#include "nicteam/pci/bus.h"

namespace nicteam::check {

class bus_share : public pci::tenure_observer {
public:
    struct master { std::uint64_t tenures = 0, words = 0; ps time = 0; };

    explicit bus_share(pci::bus& b) : period_(b.clock().period()) { b.observe(*this); }
    void begin_window(ps from) {
        from_ = from;
        masters_.clear();
    }
    void tenure(const pci::payload&, const pci::pci_extension& e) override {
        if (e.master >= masters_.size()) masters_.resize(e.master + 1);
        master& m = masters_[e.master];
        ++m.tenures;
        m.words += e.done;
        m.time += e.idle + period_ - std::max(e.back_to_back ? e.address + period_ : e.address, from_);
    }
    const std::vector<master>& masters() const { return masters_; }

private:
    ps period_, from_ = 0;
    std::vector<master> masters_;
};

}  // namespace nicteam::check
