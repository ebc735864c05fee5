// Return over the transmit path: what 22b put together goes from buffer 140 over path 152, behind transmitter IP logic 22a, into the transmit side's
// IPsec logic 21a, which treats it as received and gives it back to 22b, never to 16a. Source document 004, 27 and 28; docs/decisions/0115. Each
// side's end of it: both outlive what a reset makes anew.
#pragma once

#include "nicteam/offload/engine_bank.h"
#include "nicteam/offload/engine_health.h"
#include "nicteam/offload/ipsec_logic_21a.h"

namespace nicteam::offload {

class receive_end_152 {
public:
    virtual ~receive_end_152() = default;
    virtual stream_source& datagrams() = 0;                              // from buffer 140, marked as received
    virtual security_work visit_152(item&, engine_bank&, engine_health&, ps) = 0;        // what 21a does, with the transmit side's engines
    virtual void worked_152(const item&, ps started, ps done) = 0;
    virtual void offers_22b(ps at) = 0;                                  // something that was received
    virtual void transmit_acted(ps at) = 0;
};

class transmit_end_152 {
public:
    virtual ~transmit_end_152() = default;
    virtual void offers_152(ps at) = 0;                                  // a datagram, from buffer 140
    virtual stream_source& returned() = 0;                               // to 22b
    virtual bool full_of_received() const = 0;                           // 21a takes nothing before 22b takes from it
    virtual void receive_acted() = 0;
    virtual void passes_link(std::uint32_t words) = 0;                   // between two chips, into 21a
    virtual void forget_received(ps at) = 0;                             // a reset of the receive side alone
};

}  // namespace nicteam::offload
