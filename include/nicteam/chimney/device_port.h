// What the host's layers ask of a device, through its minidriver. Nothing comes back at once: each question has a ticket, with which its answer comes to
// answers::… in the order in which questions were asked.
#pragma once

#include "nicteam/chimney/target.h"

namespace nicteam::chimney {

using ticket = std::uint64_t;

// What came of a connection that runs in the device, told in the order in which it came about there. By sequence numbers: whoever is told twice,
// by two devices one after the other, or when the state has come back, can see it.
struct happening {
    std::uint32_t events = 0;                    // bits of tcp::event
    tcp::sequence from = 0;                      // of the first of `octets`; without any, the next that will come
    packet::octets octets;                       // received, in order; they stay in the device's window until they are consumed
    tcp::sequence acknowledged = 0;              // SND.UNA: what lies before it has left the device's queue
};

class answers {
public:
    virtual ~answers() = default;
    virtual void offloaded(ps now, ticket, state::block_list) = 0;               // 308
    virtual void written(ps now, ticket, status) = 0;
    virtual void updated(ps now, ticket, status) = 0;                            // 645
    virtual void uploaded(ps now, ticket, state::block_list) = 0;                // 742
    virtual void asked(ps now, ticket, status, const bytes& part) = 0;           // of a query
    virtual void sent_on(ps now, ticket, status) = 0;                            // of a forward
    virtual void indicated(ps now, state::handle connection, reason) = 0;        // 702
    virtual void happened(ps now, state::handle connection, const happening&) {} // its octets are good during the call
};

// The dispatch table (¶70): who is put in between, a filter, a virtual device, a fault injector, replaces an entry by its own and calls the one before.
struct dispatch_table {
    std::function<void(ps now, ticket, state::block_list, bool whole)> offload;
    std::function<void(ps now, ticket, state::handle, state::part, bytes)> write;
    std::function<void(ps now, ticket, state::handle, bytes data)> write_data;
    std::function<void(ps now, ticket, state::handle, bytes cached)> update;
    std::function<void(ps now, ticket, state::handle path, state::handle neighbour)> relink;
    std::function<void(ps now, ticket, state::handle, state::part)> query;
    std::function<void(ps now, ticket, state::block_list)> upload;
    std::function<void(ps now, state::handle, bytes)> send;
    std::function<void(ps now, state::handle, std::size_t)> consume;
    std::function<void(ps now, state::handle)> close;
    std::function<void(ps now, state::handle)> abort;
    std::function<void(ps now, ticket, state::handle, packet::ip_address source, packet::ip_address destination, bytes segment)> forward;
    std::function<const chimney::abilities&()> able;
};

}  // namespace nicteam::chimney
