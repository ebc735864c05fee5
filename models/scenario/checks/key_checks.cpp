#include "scenario/checks/key_checks.h"

#include "scenario/relations/place_of.h"

#include <fmt/format.h>

#include "scenario/checks/ring_checks.h"

namespace nicteam::scenario {

// Under one key and salt a nonce is used once (RFC 3686, 2.1; RFC 4106, 2.1; RFC 4543, 2): associations draw their IVs apart from one another.
// CTR, GCM and GMAC make the same counter blocks of the same three.
void key_checks::check(const component& sa, const ipsec::association_parameters& p) {
    const bool by_cipher = ipsec::info(p.algorithms.cipher).counter;
    if (!by_cipher && p.algorithms.authentication != ipsec::authentication_kind::aes_gmac) return;
    const auto [it, fresh] = counter_modes_.emplace(by_cipher ? p.keys.cipher : p.keys.authentication, &sa);
    if (fresh) return;
    const char* key = by_cipher ? "key" : "authentication_key";
    const position there = place_of(*it->second, it->second->given("key") ? "key" : "authentication_key");
    found_.add(place_of(sa, key),
               fmt::format("sa.{}: {} has this key and salt already, {}; of a counter mode each association has its own, or an IV could come twice; allowed: "
                           "another salt or key, or none given, which draws one",
                           key, it->second->path, found_.where(there)));
}

}  // namespace nicteam::scenario
