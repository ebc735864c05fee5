// An application that uses the pool through the OS crypto API (source documents 000/001, ¶32, ¶35 and step 306; rows ): it opens a session, which is an
// association of its own, and hands buffers over. Closed loop: so many threads, each of which waits for its result; open loop: a job each gap. What
// comes back is looked at: by the session's other end, which the application has too.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/host/cpu.h"
#include "nicteam/host/memory.h"
#include "nicteam/ipsec/association_config.h"
#include "nicteam/secondary/crypto_service.h"
#include "nicteam/secondary/job_way.h"

namespace nicteam::secondary {

struct crypto_load_config {
    unsigned pace = 0;                       // "closed|open"
    unsigned threads = 1;                    // closed: jobs at a time
    unsigned places = 256;                   // open: jobs at a time; what falls due then is lost
    ps gap = 100 * microsecond;              // open: mean between jobs
    unsigned arrivals = 0;                   // open: "regular|poisson"
    unsigned sizes = 0;                      // "fixed|uniform"
    std::int64_t size = 1'024, least_size = 16, greatest_size = 1'024;       // octets of a buffer
    driver::job_service work = driver::job_service::ipsec;
    unsigned direction = 0;                  // "encrypt|decrypt|alternate"
    ipsec::cipher_kind cipher = ipsec::cipher_kind::des3_cbc;
    ipsec::authentication_kind authentication = ipsec::authentication_kind::hmac_sha1_96;
    ps before = 0, after = 0;                // CPU time for a job, before it is submitted and after its result is there
    ps before_octet = 0, after_octet = 0;    // … and for each octet of its buffer
    unsigned cost = 0;                       // "constant|exponential", with that mean
    ps start = 0, duration = 0;              // 0: until the end of the run
    std::int64_t count = 0;                  // 0: no limit
};
extern const block_info crypto_load_info;           // kind "crypto_load"

// The session of the n-th load of a run, n from 0: ESP in transport mode, with keys that are drawn from the seed.
ipsec::association_parameters session_of(const crypto_load_config&, unsigned n, bool inbound, std::uint64_t seed);
constexpr bool uses_ipsec(const crypto_load_config& c) { return c.work == driver::job_service::ipsec; }
constexpr bool encrypts(const crypto_load_config& c) { return uses_ipsec(c) && c.direction != 1; }
constexpr bool decrypts(const crypto_load_config& c) { return uses_ipsec(c) && c.direction != 0; }
// Of the longest buffer: the packet around it, and what becomes of it at most.
std::uint32_t longest_packet(const crypto_load_config&);
// Octets of all its buffers and results, wherever they lie.
std::size_t data_octets(const crypto_load_config&);
unsigned places_of(const crypto_load_config&);           // jobs at a time
std::uint32_t room_of(const crypto_load_config&);        // octets of a packet's place, and of its result's
// What it takes of the host's memory for them.
std::uint64_t take_memory(host::memory&, const crypto_load_config&);

class crypto_load : public sc_core::sc_module {
public:
    // `number`: of the load in the run, from 0. `memory`: of the service's host; so is the CPU, unless `way` leads there from elsewhere.
    crypto_load(sc_core::sc_module_name, const crypto_load_config&, ipsec::payload_kind, unsigned number, crypto_service&, host::cpu&, host::memory&,
                const job_way::maker& way = {});
    ~crypto_load() override;

    // Elaboration: its data lies behind this bus address, in the memory of a device; its CPU writes and reads it word by word.
    void keep_data_at(std::function<std::uint64_t()> address);

private:
    void start_of_simulation() override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;   // models/secondary/crypto_load.cpp
};

}  // namespace nicteam::secondary
