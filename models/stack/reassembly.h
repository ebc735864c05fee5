// Fragments back to datagrams, by the CPU (RFC 1122, 3.3.2). What of them does not come in time is given up, and its source is told.
#pragma once

#include <vector>

#include "nicteam/packet/reassembly.h"
#include "stack/machinery.h"

namespace nicteam::stack {

class reassembly {
public:
    explicit reassembly(protocol_stack_100::machinery&);
    // A fragment. true: `packet` is the datagram now and `id` its own; false: nothing is to be done further. `scope`: as of
    // packet::reassembler.
    bool put_together(host::cpu&, bytes& packet, trace_id& id, std::uint64_t scope);
    void claim(const sim::station::claim& c) const {
        for (const trace_id id : held_) c(id);
    }

private:
    void give_up(host::cpu&);
    void watch(host::cpu&);                      // the time of the oldest
    void tell(host::cpu&);

    protocol_stack_100::machinery& m_;
    packet::reassembler again_;
    std::vector<trace_id> held_;
    std::vector<packet::expired> over_;          // given up, and not yet told
    bytes first_, message_;                      // of the one that is being told
    ps watched_ = never;
};

}  // namespace nicteam::stack
