// Streams of octets between applications: TCP of a protocol stack, on the CPU that calls. What an application holds is a handle.
#pragma once

#include "nicteam/host/cpu.h"
#include "nicteam/packet/octets.h"
#include "nicteam/stack/socket.h"
#include "nicteam/state/handle.h"

namespace nicteam::stack {

class stream_user {
public:
    virtual ~stream_user() = default;
    // Somebody opened a connection to its port.
    virtual void accepted(host::cpu&, state::handle) {}
    // Bits of tcp::event. After tcp::event::closed the handle is good for what is still readable, until release().
    virtual void happened(host::cpu&, state::handle, std::uint32_t events) = 0;
};

// With a handle that is stale, calls do nothing and tell of nothing.
class streams {
public:
    virtual ~streams() = default;
    // Elaboration. false: the port is taken.
    virtual bool listen(std::uint16_t port, stream_user&) = 0;
    // An empty handle: no way there, or no port or place in the table is left.
    virtual state::handle connect(host::cpu&, const destination&, stream_user&) = 0;

    virtual std::size_t room(state::handle) const = 0;                       // octets that send() would take
    virtual void send(host::cpu&, state::handle, packet::octets) = 0;        // at most room(); taken before time passes
    virtual packet::octets readable(state::handle) const = 0;                // until the next call
    virtual void consume(host::cpu&, state::handle, std::size_t) = 0;
    virtual bool peer_closed(state::handle) const = 0;                       // nothing comes behind what is readable
    virtual void close(host::cpu&, state::handle) = 0;                       // nothing more to send
    virtual void abort(host::cpu&, state::handle) = 0;
    // Nobody asks for it any more: what is open is closed, what comes is answered with RST.
    virtual void release(host::cpu&, state::handle) = 0;
};

}  // namespace nicteam::stack
