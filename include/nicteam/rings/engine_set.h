// The cores that an engine of a unit has, and what they take for a packet of an association, from lengths alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nicteam/ipsec/association.h"
#include "nicteam/offload/engine_pool.h"
#include "nicteam/offload/engine_timing.h"

namespace nicteam::rings {

// The cores that serve an association, either way.
struct serving_cores {
    offload::engines out, in;
};

class engine_set {
public:
    // Throws std::invalid_argument: a name that is no core's, or one twice. Every cipher engine has all ciphers among them, every
    // authentication engine all hashes.
    explicit engine_set(const std::vector<std::string>& cores, offload::coupling = offload::coupling::chained);

    // Nothing: no core does it. `key`: octets of the cipher's key, without salt.
    std::optional<offload::engines> find(const ipsec::algorithms&, std::size_t key, offload::way) const;
    std::optional<serving_cores> serving(const ipsec::algorithms&, std::size_t key) const;      // both ways, or nothing

    // Bit n: algorithm n, with keys of some length, both ways.
    std::uint32_t ciphers() const;
    std::uint32_t authentications() const;

    // What a packet takes of one cipher engine and one authentication engine. `packet`: octets as it comes, with `header` octets of IP
    // header. One too short for any text takes none.
    static offload::engine_work work(const serving_cores&, const ipsec::association_parameters&, offload::way, std::size_t packet, std::size_t header,
                                     bool new_key);

private:
    std::vector<const offload::engine_core*> cores_;
    offload::coupling coupling_;
};

}  // namespace nicteam::rings
