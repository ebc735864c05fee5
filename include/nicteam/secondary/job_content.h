// What a load asks for, whoever hands it over and wherever it lies: packets through a session, which is an association of its own, or buffers whose
// CRC-32c is wanted; and the session's other end, which looks at results. No time passes here.
#pragma once

#include <cstdint>
#include <memory>

#include <systemc>

#include "nicteam/base/random_stream.h"
#include "nicteam/ipsec/association.h"
#include "nicteam/ipsec/process.h"
#include "nicteam/secondary/crypto_load.h"

namespace nicteam::secondary {

class job_content {
public:
    struct job {
        bytes plain;                         // what the session's other end should see, or made; the buffer of a CRC-32c
        std::uint32_t octets = 0;            // of the buffer
        bool inbound = false;
    };
    // `owner`: its path names the random streams. `number`: of the load in the run. The session's near end is held in the pool.
    job_content(const sc_core::sc_object& owner, const crypto_load_config&, ipsec::payload_kind, unsigned number, pooled_associations&);

    state::handle session(bool inbound) const { return inbound ? in_.name : out_.name; }       // by the pool's name
    void choose(job&);                       // the next one's direction and size
    const bytes& make(job&);                 // what is handed over; as it stands until the next call
    // Of a job that was done: `result` are the octets that came back, `value` the packet's number or the CRC-32c.
    bool good(const job&, const bytes& result, std::uint64_t value);
    std::int64_t chosen() const { return chosen_; }
    void pass_over() { ++chosen_; }          // one that fell due and found no place

private:
    struct end {
        state::handle name;                              // in the pool
        std::unique_ptr<ipsec::association> far;         // of who asks
    };
    crypto_load_config config_;
    random_stream sizes_;
    end out_, in_;
    std::int64_t chosen_ = 0;
    bytes made_;                             // kept: not on a stack while time passes
    ipsec::opened opened_;
};

}  // namespace nicteam::secondary
