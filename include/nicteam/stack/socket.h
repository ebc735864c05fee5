// What applications hold: an end point for datagrams or raw frames. Everything completes once, on a CPU's thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/driver/adapter.h"
#include "nicteam/host/cpu.h"
#include "nicteam/packet/addresses.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/octets.h"

namespace nicteam::stack {

using packet::ipv4_address;                       // host order

// A datagram or frame that came in: payload (datagrams) or everything from the destination address on (raw frames).
struct arrival {
    packet::octets data;                          // valid until the call returns
    ipv4_address from = 0;
    std::uint16_t from_port = 0, to_port = 0;
    trace_id id = 0;
    ps at = 0;                                    // the CPU's time
    bool six = false;                             // it came over IPv6, from documentation_address() of `from`
};

class socket;
class socket_user {
public:
    virtual ~socket_user() = default;
    virtual void received(host::cpu&, socket&, const arrival&) = 0;
    virtual bool listens() const { return true; } // false: it only sends; what comes in finds no socket
    virtual void sent(host::cpu&, socket&, std::uint64_t tag, driver::status) {}
    virtual void room(host::cpu&, socket&) {}     // once, after a send() that found no room
};

// Observers hear of a frame as long as it is on the wire: padded, with its FCS.
inline std::uint32_t on_wire(std::size_t octets) { return static_cast<std::uint32_t>(std::max(octets, packet::least_without_fcs) + packet::fcs_octets); }

struct destination {
    ipv4_address to = 0;
    std::uint16_t port = 0;
    bool six = false;                             // over IPv6, to documentation_address() of it
};

class socket {
public:
    virtual ~socket() = default;
    // Largest payload of one send().
    virtual std::uint32_t most() const = 0;
    // Octets in front of a payload: 0 when it is the frame itself.
    virtual std::uint32_t headers(bool /*six*/ = false) const { return 0; }
    // Sends a copy of the bytes (datagrams: the payload; raw: the frame from destination address on, without FCS). `id` names it
    // for observers. The user's sent() follows exactly once with the same tag, unless the result is no_room or refused: then nothing was taken.
    virtual driver::status send(host::cpu&, const destination&, packet::octets data, trace_id id, std::uint64_t tag) = 0;
    virtual void user(socket_user&) = 0;          // elaboration
};

}  // namespace nicteam::stack
