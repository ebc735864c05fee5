#include "nicteam/offload/engine_set.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "offload/engine_shortage.h"

namespace nicteam::offload {
namespace {

constexpr std::uint32_t esp_header = 8;          // SPI and sequence number

// Octets between IV and ICV, as far as the packet was looked at.
std::uint32_t text_of(const ipsec::association_parameters& p, const ipsec::work& done) {
    const std::uint32_t front = esp_header + static_cast<std::uint32_t>(p.algorithms.iv());
    return done.cipher_octets ? done.cipher_octets : done.authentication_octets - std::min(done.authentication_octets, front);
}

std::size_t key_of(const ipsec::association_parameters& p) {
    return p.keys.cipher.size() - std::min<std::size_t>(p.keys.cipher.size(), ipsec::info(p.algorithms.cipher).salt);
}

}  // namespace

engine_set::engine_set(const std::vector<std::string>& names, coupling c) : coupling_(c) {
    for (const std::string& name : names) {
        const engine_core* core = core_named(name);
        if (!core) throw std::invalid_argument(fmt::format("there is no engine \"{}\"", name));
        const auto at = std::find(cores_.begin(), cores_.end(), core);
        if (at == cores_.end()) cores_.push_back(core), counts_.push_back(1);
        else ++counts_[static_cast<std::size_t>(at - cores_.begin())];
    }
}

// The first pair in the order of the list that can do it.
engine_set::choice engine_set::serving(const ipsec::association_parameters& p, way w) const {
    const bool ciphers = p.algorithms.cipher != ipsec::cipher_kind::null;
    const std::size_t none = cores_.size(), key = key_of(p);
    const auto core = [&](std::size_t n) { return n == none ? nullptr : cores_[n]; };
    // Without a cipher or a hash first: what one engine does alone takes no other.
    for (std::size_t k = 0; k <= none; ++k)
        for (std::size_t m = 0; m <= none; ++m) {
            const std::size_t cipher = !ciphers ? none : k, hash = m == 0 ? none : m - 1;
            if (!ciphers && k) continue;
            if (cipher != none && cipher == hash && counts_[cipher] < 2) continue;
            const engines e{core(cipher), core(hash), coupling_};
            if (refusal(e, p.algorithms, key, w).empty()) return {e, static_cast<unsigned>(cipher), static_cast<unsigned>(hash), ""};
        }
    choice none_do;
    none_do.refused = shortage(cores_, p.algorithms, key, w);
    return none_do;
}

// Which engines, and all that AH wants of them.
engine_work engine_set::of_hash(const choice& c, const ipsec::association_parameters& p, const ipsec::work& done, bool new_key) const {
    engine_work w;
    w.cipher_group = static_cast<std::uint8_t>(c.cipher_group);
    w.authentication_group = static_cast<std::uint8_t>(c.authentication_group);
    w.chained = coupling_ == coupling::chained;
    if (p.protocol == ipsec::security_protocol::ah)
        w.authentication = static_cast<std::uint32_t>(hash_clocks(c.with, p.algorithms, done.authentication_octets, new_key).total);
    return w;
}

engine_work engine_set::inbound(const choice& c, const ipsec::association_parameters& p, const ipsec::work& done, bool new_key) const {
    engine_work w = of_hash(c, p, done, new_key);
    if (p.protocol == ipsec::security_protocol::ah) return w;
    const engine_clocks t = esp_clocks(c.with, p.algorithms, way::in, text_of(p, done), p.extended_sequence, new_key);
    // A packet that was refused before its text was looked at has kept no cipher busy. Key set-up is before both.
    if (c.with.cipher && done.cipher_octets) w.cipher = static_cast<std::uint32_t>(t.key_setup + t.cipher);
    if (c.with.authentication && done.authentication_octets) w.authentication = static_cast<std::uint32_t>(t.authentication + (w.cipher && !w.chained ? 0 : t.key_setup));
    return w;
}

engine_work engine_set::outbound(const choice& c, const ipsec::association_parameters& p, const ipsec::work& done, bool new_key) const {
    engine_work w = of_hash(c, p, done, new_key);
    if (p.protocol == ipsec::security_protocol::ah) return w;
    const engine_clocks t = esp_clocks(c.with, p.algorithms, way::out, text_of(p, done), p.extended_sequence, new_key);
    if (!c.with.authentication) {                    // one core does both, or nothing is authenticated
        w.cipher = static_cast<std::uint32_t>(t.total);
    } else if (!c.with.cipher) {
        w.authentication = static_cast<std::uint32_t>(t.total);
    } else {
        w.cipher = static_cast<std::uint32_t>(t.key_setup + t.cipher);
        w.authentication = static_cast<std::uint32_t>(t.authentication);
        if (w.chained) w.lag = static_cast<std::uint32_t>(t.total - t.authentication);      // the hash waits for the cipher's blocks
    }
    return w;
}

}  // namespace nicteam::offload
