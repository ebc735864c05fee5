// LACP of one group of a switch's ports (IEEE 802.1AX 5.4): which of them carry frames. Apart from time: octets and instants in, octets and states out.
#pragma once

#include <utility>
#include <vector>

#include "nicteam/aggregation/lacp.h"
#include "nicteam/wire/ethernet_switch.h"

namespace nicteam::wire {

class group_lacp {
public:
    // number: of the group in its switch; ports of different groups have different keys.
    group_lacp(const port_group_config&, const packet::mac_address& system, unsigned number, ps now);

    void link(unsigned port, bool up, std::int64_t rate, ps now);
    // An LACPDU or a marker; else false.
    bool received(unsigned port, packet::octets without_fcs, ps now);
    ps next() const { return lacp_.next(); }
    void due(ps now);

    // Of the aggregator in use. A port without a partner carries nothing: nothing could loop through it.
    bool collects(unsigned port) const;
    bool distributes(unsigned port) const;
    std::vector<std::pair<unsigned, bytes>> take_frames();      // to be sent, without FCS, by port

private:
    unsigned index_of(unsigned port) const;
    bool in_use(unsigned index) const;
    void choose(ps now);

    std::vector<unsigned> ports_;
    unsigned number_;
    std::vector<std::int64_t> rates_;                           // as they came: each is a key
    aggregation::lacp lacp_;
    int aggregator_ = -1;                                       // in use; none
};

}  // namespace nicteam::wire
