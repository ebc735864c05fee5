// Secondary use of an adapter's crypto unit: one packet through one association, from memory to memory (process-and-return).
#pragma once

#include "nicteam/driver/adapter.h"

namespace nicteam::driver {

struct crypto_job final : job {
    crypto_job() : job("process_and_return") {}

    // In. Addresses of host memory; the packet begins with its IP header. `room`: octets at `destination`, inbound at least `length`.
    state::handle association;               // by the driver's name for it
    bool inbound = true;
    std::uint64_t source = 0, destination = 0;
    std::uint32_t length = 0, room = 0;

    // Out, when `result` is done: an ipsec::outcome, what was written, the packet's whole number.
    std::uint8_t verdict = 0;
    std::uint32_t octets = 0;
    std::uint64_t sequence = 0;
};

}  // namespace nicteam::driver
