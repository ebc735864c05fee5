// What a list of engines lacks for an association, in words, with the cores that would do.
#pragma once

#include <string>
#include <vector>

#include "nicteam/offload/engine_timing.h"

namespace nicteam::offload {

core_kind kind_for(ipsec::cipher_kind);
core_kind kind_for(const ipsec::algorithms&);                  // of what authenticates
bool galois(const ipsec::algorithms&);                         // a cipher that authenticates too

// "aes-128-iterative, aes-128-round": all cores that do this cipher with a key of so many octets that way.
std::string cores_for_cipher(const ipsec::algorithms&, std::size_t key, way);
std::string cores_for_authentication(const ipsec::algorithms&);

// Why no two of `cores` serve the algorithms: all that is missing. Only where none do.
std::string shortage(const std::vector<const engine_core*>& cores, const ipsec::algorithms&, std::size_t key, way);

}  // namespace nicteam::offload
