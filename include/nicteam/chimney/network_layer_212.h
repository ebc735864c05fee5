// The network (path) layer of source document 002, FIG. 2 (212), FIG. 3 (302), FIG. 6 (660), FIG. 7 (760): paths, which of them the device has, how many
// connections depend on each there, and which IP-IDs are the device's (¶86-87).
#pragma once

#include "nicteam/chimney/framing_layer_214.h"

namespace nicteam::chimney {

class network_layer_212 {
public:
    network_layer_212(framing_layer_214&, minidriver_210&, const chimney_options&, act_observer&);

    void request(ps now, journey_ref, std::vector<state::block> connections);  // 332: a block for each traveller that goes
    std::function<void(ps, journey_ref)> completed;                             // 316
    void terminate(ps now, journey_ref, std::vector<state::block> connections);    // 728
    std::function<void(ps, journey_ref)> terminated;                            // 748

    void changed(ps now, const std::shared_ptr<tcp::path>&);                    // 620
    void pass_update(ps now, state::handle, bytes cached, minidriver_210::heard);      // of the layer above: 610 to 615
    // It goes over another next hop: the new one is there before the old one goes (¶102).
    void route(ps now, const std::shared_ptr<tcp::path>&, const std::shared_ptr<tcp::neighbor>& to);
    void release(ps now, const std::shared_ptr<tcp::path>&);                    // one connection fewer; with the last one it comes back (¶58)

    state::handle in_device(const std::shared_ptr<tcp::path>&) const;
    std::size_t size() const;                                                   // paths that the device has
    // Where the device's IP-IDs of a path stand while the host has it: 32K from here, the host keeps the others.
    const tcp::path_delegated* identifications(const std::shared_ptr<tcp::path>&) const;

private:
    enum class phase : std::uint8_t { coming, there, leaving };
    struct entry {
        std::shared_ptr<tcp::path> it;
        std::uint64_t number = 0;
        state::handle device;
        std::size_t dependents = 0;              // connections
        network_layer_212::phase phase = phase::coming;
    };
    state::block block_of(ps now, const entry&);
    void done(ps now, journey_ref);              // 312
    void gone(ps now, journey_ref);              // 746
    void came_back(const std::shared_ptr<tcp::path>&, const state::block&);

    framing_layer_214& below_;
    minidriver_210& driver_;
    const chimney_options& options_;
    act_observer& observer_;
    std::map<tcp::path*, entry> entries_;
    std::map<tcp::path*, std::pair<std::weak_ptr<tcp::path>, tcp::path_delegated>> identifications_;
    std::deque<std::pair<journey_ref, std::vector<state::block>>> waiting_;
    std::uint64_t next_ = 1;
};

}  // namespace nicteam::chimney
