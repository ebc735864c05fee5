// Why there can be no such association: all that is wrong with it at once, each by the name of what is wrong.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nicteam/ipsec/association.h"

namespace nicteam::ipsec {

constexpr std::uint32_t largest_window = std::uint32_t{1} << 31;      // half of the numbers: RFC 4303, A2.1

struct objection {
    const char* key;          // of [[sa]], docs/scenario.md: what is wrong
    const char* beside;       // what it does not go with; "": wrong by itself
    std::string why;          // a sentence that stands alone, with values and what is allowed; never with a key's octets
};

// In the order in which one would mend them; empty: the association may be. `refusal` is the first's `why`.
std::vector<objection> objections(const association_parameters&);
// Those to what a host may change.
std::vector<objection> objections(const cached_parameters&, const association_parameters&);

// The 4 weak and 12 semi-weak keys of DES, with any parity (FIPS 74), and keys of 3DES that make DES of it (RFC 2451, 2.3); else "".
// `key` has the length of its cipher.
std::string weak_key_refusal(cipher_kind, const bytes& key);

}  // namespace nicteam::ipsec
