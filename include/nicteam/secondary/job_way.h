// How the jobs of a load reach a pool, and results come back: in memory of the pool's own host, or over a network.
#pragma once

#include <functional>
#include <memory>

#include "nicteam/base/frame.h"
#include "nicteam/host/cpu.h"
#include "nicteam/host/memory.h"
#include "nicteam/secondary/crypto_service.h"

namespace nicteam::secondary {

// `done`: and found good. `value`: the packet's whole number, or a CRC-32c.
struct job_answer {
    bool done = false;
    bytes octets;
    std::uint64_t value = 0;
};

class job_way {
public:
    virtual ~job_way() = default;
    // On the application's CPU: what was made for this place goes to the pool.
    virtual void ask(host::cpu&, unsigned place, bool inbound, const bytes& made) = 0;

    struct setup {
        const sc_core::sc_object& owner;                 // whose rows a requester has
        crypto_service& service;
        driver::job_service work;
        unsigned places;                                 // jobs at a time
        std::uint32_t room;                              // octets of each packet, and of its result
        host::memory& ram;                               // of the service's host
        std::uint64_t base;                              // there: a place's packet and its result, one place behind the other
        std::function<state::handle(bool inbound)> session;
        bool found;                                      // the crypto API has somebody for it
        // Once for each, on the application's CPU, in its main loop.
        std::function<void(host::cpu&, unsigned place, const job_answer&)> answered;
    };
    using maker = std::function<std::unique_ptr<job_way>(const setup&)>;
};

// Of an application of that host, on this CPU. Data in its memory or, with `device`, word by word in a device's at that bus address.
std::unique_ptr<job_way> make_local_way(const job_way::setup&, host::cpu&, const std::function<std::uint64_t()>& device);

}  // namespace nicteam::secondary
