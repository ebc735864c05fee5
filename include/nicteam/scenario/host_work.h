// How the host that simulates does the ciphers of a run: a matter of its time alone. Results, captures and traces are the same with every choice.
#pragma once

#include <optional>
#include <string_view>

#include "nicteam/ipsec/transform_service.h"

namespace nicteam::scenario {

enum class crypto_worker : unsigned char {
    automatic,      // if a core is free for it when the run begins
    on, off,
};
std::optional<crypto_worker> crypto_worker_named(std::string_view);      // auto, on, off

struct host_work {
    bool transform_cache = true;         // what this run encrypted itself it need not decrypt (decision 195)
    crypto_worker worker = crypto_worker::automatic;      // a thread that encrypts and decrypts beside the simulation (decision 196)
};

// `free_cores`: beside the one that simulates.
ipsec::transform_options transforms_for(const host_work&, unsigned free_cores);

// Of a run beside others, which the cores are for: no thread unless it is asked for by `on`.
host_work beside_others(host_work);

// Cores that this process may use and on which nothing else runs at this moment, without its own.
unsigned free_cores();
// The same of what the system tells: how many it may use, and /proc/loadavg (proc(5)).
unsigned free_cores(unsigned allowed, std::string_view loadavg);

}  // namespace nicteam::scenario
