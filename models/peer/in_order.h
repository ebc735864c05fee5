// A peer's buffer in front of its associations: frames whose packets show ESP or AH go on in the order of their numbers, each association for itself.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "nicteam/base/frame.h"
#include "nicteam/ipsec/resequencer.h"
#include "nicteam/packet/ip.h"
#include "nicteam/peer/peer.h"
#include "nicteam/sim/agenda.h"

namespace nicteam::peer {

class in_order : private sim::agenda_user {
public:
    // Of every peer, with such a buffer or without.
    struct metrics {
        explicit metrics(peer&);
        counter &resequenced, &gaps;
        level& waiting;
    };

    // Elaboration, within the peer. `go_on` gets what is in order.
    in_order(const metrics&, const peer_config&, std::function<void(const frame_ref&, ps at)> go_on);

    // A good frame for the peer, which goes on now, later, or lets others go on before it.
    void take(const frame_ref&, ps at);
    void claim(const sim::station::claim&) const;

private:
    using association = std::pair<std::uint32_t, packet::ip_address>;      // index and destination
    void due(unsigned slot, ps at) override;
    void hand_on(ps at);

    const peer_config& config_;
    std::function<void(const frame_ref&, ps)> go_on_;
    sim::agenda agenda_;
    std::map<association, ipsec::resequencer<frame_ref>> all_;
    std::vector<frame_ref> on_;
    std::uint64_t gaps_told_ = 0;
    const metrics metrics_;
};

}  // namespace nicteam::peer
