// Secondary use of an adapter's crypto unit: one packet through one association, from memory to memory (process-and-return), or from memory to
// its own link (process-and-transmit).
#pragma once

#include "nicteam/driver/adapter.h"

namespace nicteam::driver {

enum class job_service : std::uint8_t {
    ipsec,
    crc32c,                                  // of RFC 3720: no association, nothing is written
};
constexpr unsigned job_services = 2;

struct crypto_job final : job {
    crypto_job() : job("process") {}

    // In. Addresses of host memory; the packet begins with its IP header, of one that is transmitted with its destination address.
    job_service service = job_service::ipsec;
    state::handle association;               // by the driver's name for it
    bool inbound = true;
    bool transmit = false;                   // outbound only; nothing is written
    bool verify_only = false;                // inbound only: the replay window has another owner, who looks at the number that is told
    std::uint64_t source = 0, destination = 0;
    std::uint32_t length = 0, room = 0;      // octets; `room` at `destination`, inbound at least `length`
    trace_id id = 0;                         // of one that is transmitted, for observers

    // Out, when `result` is done: an ipsec::outcome, what was written, the packet's whole number.
    std::uint8_t verdict = 0;
    std::uint32_t octets = 0;
    std::uint64_t sequence = 0;              // of crc32c: the value
    bool unknown = false;                    // not told: the unit is gone, and may have sent it
};

}  // namespace nicteam::driver
