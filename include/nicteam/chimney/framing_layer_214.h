// The framing (neighbor) layer of source document 002, FIG. 2 (214), FIG. 3 (304), FIG. 6 (670), FIG. 7 (770): next hops, which of them the device has, and how
// many paths depend on each there.
#pragma once

#include <deque>
#include <map>

#include "nicteam/chimney/minidriver_210.h"

namespace nicteam::chimney {

class framing_layer_214 {
public:
    framing_layer_214(minidriver_210&, const chimney_options&, act_observer&);

    // 334: the request of the layer above, with its blocks ready to be put on those of next hops. `list` of the journey holds nothing yet.
    struct on_top {
        std::shared_ptr<tcp::path> path;
        state::block block;
        std::vector<std::pair<std::size_t, state::block>> connections;          // traveller, block
    };
    void request(ps now, journey_ref, std::vector<on_top>);
    std::function<void(ps, journey_ref)> completed;                             // 312
    void terminate(ps now, journey_ref, std::vector<on_top>);                   // 726
    std::function<void(ps, journey_ref)> terminated;                            // 746

    void changed(ps now, const std::shared_ptr<tcp::neighbor>&);                // 630
    void pass_update(ps now, state::handle, bytes cached, minidriver_210::heard);      // of a layer above: 620 to 625
    // A path goes over another next hop from now on; that one is made known to the device first. Told when the path may be linked to it.
    void move(ps now, const std::shared_ptr<tcp::neighbor>& to, std::function<void(ps, state::handle)> there);
    void release(ps now, const std::shared_ptr<tcp::neighbor>&);                // one path fewer; with the last one it comes back (¶58)

    state::handle in_device(const std::shared_ptr<tcp::neighbor>&) const;
    std::size_t size() const;                                                   // next hops that the device has

private:
    enum class phase : std::uint8_t { coming, there, leaving };
    struct entry {
        std::shared_ptr<tcp::neighbor> it;
        std::uint64_t number = 0;                // the host's name for it
        state::handle device;
        std::size_t dependents = 0;              // paths
        framing_layer_214::phase phase = phase::coming;
    };
    state::block block_of(ps now, const entry&) const;
    bool waits(const std::vector<on_top>&) const;
    void done(ps now, journey_ref);              // 308
    void gone(ps now, journey_ref);              // 744
    void resume(ps now);

    minidriver_210& below_;
    const chimney_options& options_;
    act_observer& observer_;
    entry& make(const std::shared_ptr<tcp::neighbor>&);
    std::map<tcp::neighbor*, entry> entries_;
    std::uint64_t next_ = 1;
    std::deque<std::pair<journey_ref, std::vector<on_top>>> waiting_;
    std::map<journey*, std::function<void(ps, state::handle)>> moves_;           // journeys without travellers
};

}  // namespace nicteam::chimney
