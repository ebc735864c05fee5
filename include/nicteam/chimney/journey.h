// A request on its way through the layers (source document 002, FIG. 3 and 7): down to the device, and up again as its completion.
#pragma once

#include <memory>
#include <vector>

#include "nicteam/chimney/device_port.h"

namespace nicteam::chimney {

// Who refused, and why.
struct refusal {
    const char* layer = nullptr;                 // "switch", "transport", "network", "framing", "device"; none: nobody did
    status why = status::done;
    explicit operator bool() const { return layer; }
};

// One connection of it. Each layer fills in what is its own.
struct traveller {
    std::uint64_t name = 0;                      // the switch's
    std::shared_ptr<tcp::path> over;
    state::handle device;                        // of the connection in the device; offload: when that has granted it
    refusal refused;
    bool counted = false;                        // its path counts it
    std::uint32_t block = state::block::none;    // its number in the list
};

struct journey {
    ticket number = 0;
    bool down = true;                            // an offload; else an upload
    bool whole = false;                          // all or none
    std::vector<traveller> travellers;
    // Offload: what layers have to say of objects that are new to the device; upload: paths and next hops on which nothing depends any more.
    std::vector<std::shared_ptr<tcp::path>> paths;
    std::vector<std::shared_ptr<tcp::neighbor>> neighbours;
    state::block_list list;                      // as it goes to the device, and comes from there

    std::size_t going() const {
        std::size_t n = 0;
        for (const traveller& t : travellers) n += t.refused ? 0 : 1;
        return n;
    }
    void refuse_all(refusal r) {
        for (traveller& t : travellers)
            if (!t.refused) t.refused = r;
    }
};
using journey_ref = std::unique_ptr<journey>;

struct chimney_options {
    bool state_with_request = false;             // ¶75: next hops and paths go with the request; else behind its completion
    bool queue_requests = true;                  // ¶76: a request for an object under way waits; else it is refused
    bool seed_literal_identifications = false;   // DF-3: a path's window begins at the ID that came back, and drifts into the host's half
};

}  // namespace nicteam::chimney
