// What applications hold: an end point for datagrams or raw frames. Everything completes once, on a CPU's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/driver/adapter.h"
#include "nicteam/host/cpu.h"
#include "nicteam/host/memory.h"

namespace nicteam::stack {

using ipv4_address = std::uint32_t;               // host order: 10.0.0.1 is 0x0A000001

// A datagram or frame that came in. The bytes stay in host memory until the call returns.
struct arrival {
    std::uint64_t address = 0;                    // of the payload (datagrams) or of the destination address (raw frames)
    std::uint32_t bytes = 0;
    ipv4_address from = 0;
    std::uint16_t from_port = 0, to_port = 0;
    trace_id id = 0;
    ps at = 0;                                    // the CPU's time
};

class socket;
class socket_user {
public:
    virtual ~socket_user() = default;
    virtual void received(host::cpu&, socket&, const arrival&) = 0;
    virtual void sent(host::cpu&, socket&, std::uint64_t tag, driver::status) {}
};

struct destination { ipv4_address to = 0; std::uint16_t port = 0; };

class socket {
public:
    virtual ~socket() = default;
    // Largest payload of one send().
    virtual std::uint32_t most() const = 0;
    // Sends a copy of the bytes (datagrams: the payload; raw: the frame from destination address on, without FCS). `id` names it
    // for observers. The user's sent() follows exactly once with the same tag, unless the result is no_room or refused: then nothing was taken.
    virtual driver::status send(host::cpu&, const destination&, const std::uint8_t* data, std::uint32_t bytes, trace_id id, std::uint64_t tag) = 0;
    virtual void user(socket_user&) = 0;          // elaboration
};

}  // namespace nicteam::stack
