// Lists of packets that are used again. Software that hands a list on and waits inside keeps none on its CPU's stack: that
// stack is dropped as it is when a run ends, and what it owned would never be freed.
#pragma once

#include <memory>
#include <vector>

#include "nicteam/driver/adapter.h"

namespace nicteam::driver {

class packet_lists {
public:
    packet_list& take() {                         // empty; allocates only while there are not enough
        if (free_.empty()) {
            all_.push_back(std::make_unique<packet_list>());
            return *all_.back();
        }
        packet_list& l = *free_.back();
        free_.pop_back();
        return l;
    }
    void put(packet_list& l) {
        l.clear();
        free_.push_back(&l);
    }

private:
    std::vector<std::unique_ptr<packet_list>> all_;
    std::vector<packet_list*> free_;
};

}  // namespace nicteam::driver
