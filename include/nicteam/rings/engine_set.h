// What the engines of a unit take for a packet of an association, from lengths alone, and which algorithms they do.
#pragma once

#include <functional>
#include <optional>

#include "nicteam/offload/engine_set.h"

namespace nicteam::rings {

// The engines that serve an association, either way.
struct serving_engines {
    offload::engine_set::choice out, in;
};
// Both ways, or nothing.
std::optional<serving_engines> serving(const offload::engine_set&, const ipsec::association_parameters&);

// Bit n: algorithm n, with keys of some length, that is served.
using served = std::function<bool(const ipsec::association_parameters&)>;
std::uint32_t ciphers_of(const served&);
std::uint32_t authentications_of(const served&);
// … both ways.
std::uint32_t ciphers_of(const offload::engine_set&);
std::uint32_t authentications_of(const offload::engine_set&);

// What a packet takes of one cipher engine and one authentication engine. `packet`: octets as it comes, with `header` octets of IP
// header. One too short for any text takes none.
offload::engine_work work_of(const offload::engine_set::choice&, const ipsec::association_parameters&, offload::way, std::size_t packet,
                             std::size_t header, bool new_key);
offload::engine_work work_of(const serving_engines&, const ipsec::association_parameters&, offload::way, std::size_t packet, std::size_t header,
                             bool new_key);

// Of a self-test, with a new key.
offload::engine_work self_test_of(const offload::engine_set&, const offload::engine_set::choice&, const ipsec::association_parameters&, offload::way);

}  // namespace nicteam::rings
