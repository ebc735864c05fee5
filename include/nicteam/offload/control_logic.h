// The control logic of source document 004, FIG. 5, as one recursion: while something of a received packet is encrypted or
// fragmented. Functions of octets and of a time: what a visit takes is told as work, and who runs it (a NIC's blocks, a host in
// software) turns that into cycles.
//
// The figure asks at its top what only decryption can tell: a tunnel hides whether there is a fragment inside. So each visit
// looks at the header that can be seen, and is labelled by what came out of it.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/ipsec/process.h"
#include "nicteam/offload/flow_chart.h"
#include "nicteam/packet/reassembly.h"
#include "nicteam/packet/transport.h"

namespace nicteam::offload {

// A packet between the blocks: IP header first.
struct received {
    bytes packet;
    bool fed_back = false;                    // comes from 22b; its datagram was reassembled
    ipsec::passage security = ipsec::passage::pass;   // `pass`: nothing encrypted is left, or nothing ever was
    ipsec::outcome why = ipsec::outcome::done;        // when `security` is `refused`
    bool engines_failed = false;              // then it is refused as nobody could open it
    std::vector<ipsec::applied> steps;        // associations taken off, the outermost first
    step_list way;                            // so far; a datagram goes on with that of the fragment that completed it
    packet::transport_verdict transport = packet::transport_verdict::other;   // after 204
    std::uint32_t taken_off = 0;              // of `steps`, all but one that refused the packet
    std::uint32_t associations_before = 0;    // of `steps`, those of earlier visits: the others are this visit's work
};

// IPsec logic 21a: one visit. Takes off what it can; what it cannot goes on as it is, with the reason, for the host to judge:
// nothing is thrown away here, and no octet of a packet that does not verify comes out in clear.
void visit_ipsec_logic_21a(ipsec::association_table&, received&, ps now);

enum class next_stop : std::uint8_t {
    held,         // a fragment, in its context
    feed_back,    // reassembled, and encrypted: block 218
    deliver,
    dropped,      // by the reassembly, which tells why; or `complete` and of a length that no ESP or AH has: `why` of the packet tells
};

struct transport_visit {
    next_stop next = next_stop::deliver;
    packet::reassembly_step reassembly = packet::reassembly_step::whole;
    packet::trace_ids parts;                  // of a datagram that is complete now
};

// Receiver IP logic 22b: one visit. `held` leaves `packet` as it was, and so does `dropped` by the reassembly. What cannot be decrypted
// for its length alone is not sent back to be refused: the associations tell the lengths.
transport_visit visit_receiver_logic_22b(const ipsec::association_table&, packet::reassembler&, received&, ps now, trace_id = 0);

}  // namespace nicteam::offload
