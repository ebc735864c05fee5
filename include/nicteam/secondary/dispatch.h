// Dispatch policies of secondary use (source documents 000/001, ¶41-42, ¶47-49; rows ): which engine of a pool a job goes to.
// Functions apart from time: what is known of the engines comes in, a choice goes out. One file a policy in models/secondary/dispatch/.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "nicteam/base/random_stream.h"

namespace nicteam::secondary {

// An engine as policies see it, when one job wants a place. An engine here is whatever does jobs one behind the other: a nic's ring, a crypto
// card, a CPU with software.
struct engine_view {
    bool open = false;                    // it may have this job: the loading order (loading_order.h) lets it, and it has a place
    unsigned jobs = 0;                    // with it, waiting and given to its unit
    std::uint64_t octets = 0;             // of these
    std::uint64_t rate = 0;               // octets per second that it is said to do: R; more than 0
    std::uint64_t measured = 0;           // octets per second that it did of late; 0: not known yet
    std::uint32_t own = 0;                // share of it that its own traffic takes, in millionths: ρ; at most a million
    bool full = false;                    // it can do this job, and has no place before one comes back
};
using engine_views = std::vector<engine_view>;       // by number

constexpr unsigned no_engine = ~0u;       // none for now: the job waits in common

class dispatch_policy {
public:
    virtual ~dispatch_policy() = default;
    virtual const char* policy_name() const = 0;     // as a scenario names it
    // Some engine is open. What it returns is taken: the policy counts on it.
    virtual unsigned choose(const engine_views&, std::uint32_t octets) = 0;
};

std::unique_ptr<dispatch_policy> make_round_robin();               // each open one in turn
std::unique_ptr<dispatch_policy> make_random(random_stream);       // any open one, all alike: what the others are measured against
std::unique_ptr<dispatch_policy> make_proportional();              // octets in proportion to R (1 - ρ), as rates and loads are at the time: row A-92
std::unique_ptr<dispatch_policy> make_shortest_queue();            // the fewest jobs; of several the next in turn
std::unique_ptr<dispatch_policy> make_first_idle();                // the first without a job; with none the job waits in common
std::unique_ptr<dispatch_policy> make_spill_over();                // the first that is open (DPDK cryptodev scheduler, fail-over)
// Jobs of `threshold` octets and more go to the first `large` engines, others to the rest, the fewest jobs first; a group that is full lets its
// jobs wait (DPDK cryptodev scheduler, packet size distribution). One in which nobody can do a job, or may, leaves it to the other.
std::unique_ptr<dispatch_policy> make_by_size(std::uint32_t threshold, unsigned large);
std::unique_ptr<dispatch_policy> make_burst(unsigned jobs);        // so many in a row to one, then the next in turn: order is kept within
// The earliest expected end: octets with it and of the job, over the rate that was measured (like LAWS: what an engine does, not what it is
// said to do); until there is one, over R.
std::unique_ptr<dispatch_policy> make_expected_end();

struct dispatch_options {
    std::uint32_t size_threshold = 128;   // octets; DPDK's default
    unsigned large_engines = 1;
    unsigned burst = 8;                   // jobs
};
enum class dispatch_kind : unsigned { round_robin, proportional, shortest_queue, first_idle, by_size, spill_over, burst, expected_end, random };
constexpr const char* dispatch_choices = "round_robin|proportional|shortest_queue|first_idle|by_size|spill_over|burst|expected_end|random";
std::unique_ptr<dispatch_policy> make_dispatch(dispatch_kind, const dispatch_options&, random_stream);

// The open one with the least of `key`; of several the first behind `last`. For policies that look at one figure.
template <class Key>
unsigned least_open(const engine_views& all, unsigned last, Key key) {
    unsigned best = no_engine;
    const auto count = static_cast<unsigned>(all.size());
    for (unsigned k = 1; k <= count; ++k) {
        const unsigned n = (last + k) % count;
        if (all[n].open && (best == no_engine || key(all[n]) < key(all[best]))) best = n;
    }
    return best;
}

}  // namespace nicteam::secondary
