// Where the transforms of a run are done on the host that simulates: in place, from memory of what this run sealed itself, or by threads
// beside the simulation. A matter of the host's time alone: octets, outcomes and simulated time are the same with every choice.
#pragma once

#include <cstdint>
#include <memory>

#include "nicteam/ipsec/transform.h"

namespace nicteam::ipsec {

struct transform_options {
    // What a transform opens and this run sealed under the same keys, octet for octet, is not decrypted: the text is known (decision 195).
    bool cache = false;
    // Threads that do what is asked for ahead of time (decision 196); they begin with the first such packet. 0: none.
    unsigned threads = 0;
};

class transform_service {
public:
    explicit transform_service(const transform_options&);
    ~transform_service();                                // its threads end with the last transform that it made
    transform_service(const transform_service&) = delete;
    transform_service& operator=(const transform_service&) = delete;

    // As transform::make with real payload.
    std::unique_ptr<transform> make(const algorithms&, const keys&);
    // There are threads, and transforms that are slow enough for them.
    bool works_ahead() const;

    struct counts {
        std::uint64_t kept = 0, hits = 0, opened_again = 0;          // of the cache; hits that were decrypted nevertheless, to compare
        std::uint64_t ahead = 0, by_caller = 0, foreseen = 0;        // packets handed to threads; of them done by the simulation; opened before asked
    };
    counts count() const;

    // What associations are made with in this process while this lives; else transforms work in place.
    class in_force {
    public:
        explicit in_force(transform_service&);
        ~in_force();
        in_force(const in_force&) = delete;
        in_force& operator=(const in_force&) = delete;

    private:
        transform_service* before_;
    };
    static transform_service* current();
    // One is in force that works ahead.
    static bool ahead() { return current() && current()->works_ahead(); }

    struct parts;

private:
    std::shared_ptr<parts> parts_;
};

// By the service in force.
std::unique_ptr<transform> make_transform(const algorithms&, const keys&, payload_kind);

}  // namespace nicteam::ipsec
