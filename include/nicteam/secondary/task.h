// One piece of secondary use: a packet through an association of the pool, for whoever asked (source documents 000/001, ¶30-32, ¶40; row A-35).
#pragma once

#include <string>

#include "nicteam/driver/crypto_job.h"
#include "nicteam/secondary/job_pool.h"

namespace nicteam::secondary {

struct task : pooled_job {
    // In. Addresses of host memory; the packet begins with its IP header, one that is transmitted with its destination address.
    driver::job_service service = driver::job_service::ipsec;        // crc32c: of the octets at `source`
    state::handle association;               // by the pool's name for it
    bool inbound = false;
    bool transmit = false;                   // outbound only: its unit sends it on its own link (process-and-transmit)
    trace_id id = 0;                         // of one that is transmitted, for observers
    std::uint64_t allowed = ~std::uint64_t{0};       // engines that may do it, a bit each, as far as the requester says
    bool in_device = false;                  // its octets lie in a device's memory, perhaps the engine's own: for observers
    std::uint64_t source = 0, destination = 0;
    std::uint32_t length = 0, room = 0;      // octets; `room` at `destination`

    // Out. Done: `verdict` is an ipsec::outcome, what was written, the packet's whole number.
    driver::status result = driver::status::not_done;
    std::string detail;
    std::uint8_t verdict = 0;
    std::uint32_t written = 0;               // octets
    std::uint64_t sequence = 0;              // of crc32c: the value
    unsigned tries = 0;                      // engines that it was given to

    // The service's own, from submit() to finished().
    driver::crypto_job job;
    unsigned by = 0;                         // requester
    std::uint64_t never = 0;                 // engines that cannot, as they found, a bit each
    ps came = 0;
};

class requester {
public:
    virtual ~requester() = default;
    // Loop-back (FIG. 6, 358): once for each task, perhaps before submit() returns, perhaps in an interrupt handler. The task is the
    // requester's again.
    virtual void finished(host::cpu&, task&) = 0;
};

}  // namespace nicteam::secondary
