#include "offload/engine_shortage.h"

#include <algorithm>

#include <fmt/format.h>

namespace nicteam::offload {
namespace {

using ipsec::authentication_kind;
using ipsec::cipher_kind;

template <class Able>
std::string names(Able&& able) {
    std::string all;
    for (const engine_core& c : engine_cores)
        if (able(c)) all += (all.empty() ? "" : ", ") + std::string(c.name);
    return all;
}

bool decrypts_blocks(const ipsec::algorithms& a, way w) { return w == way::in && !ipsec::info(a.cipher).counter; }

bool does_cipher(const engine_core& c, const ipsec::algorithms& a, std::size_t key, way w) {
    return c.kind == kind_for(a.cipher) && c.key == key && !(decrypts_blocks(a, w) && c.backward.interval == 0);
}

bool does_authentication(const engine_core& c, const ipsec::algorithms& a) {
    return c.kind == kind_for(a) && (c.kind != core_kind::aes || c.key == ipsec::info(a.authentication).keys[0]);
}

bool measured(authentication_kind a) { return a != authentication_kind::hmac_sha2_384_192 && a != authentication_kind::hmac_sha2_512_256; }

std::string with_key(const ipsec::algorithms& a, std::size_t key) { return fmt::format("{} with a key of {} octets", ipsec::info(a.cipher).name, key); }

// By one core that does both, or by a cipher beside a hash.
std::string galois_shortage(bool cipher, bool hash, const ipsec::algorithms& a, std::size_t key, way w) {
    const std::string one = names([&](const engine_core& c) { return c.kind == core_kind::aes_gcm && c.key == key; });
    std::string two = cipher ? cores_for_authentication(a) : cores_for_cipher(a, key, w);
    if (cipher || hash) two += fmt::format(" beside {}", cipher ? "the cipher that is there" : cores_for_authentication(a));
    else two = fmt::format("{} and one of {}", cores_for_authentication(a), two);
    return fmt::format("no engines do {}; allowed: {}{}{}", with_key(a, key), one, one.empty() ? "" : ", or ", two);
}

}  // namespace

core_kind kind_for(cipher_kind c) {
    return c == cipher_kind::des_cbc ? core_kind::des : c == cipher_kind::des3_cbc ? core_kind::des3 : core_kind::aes;
}

core_kind kind_for(const ipsec::algorithms& a) {
    switch (a.authentication) {
        case authentication_kind::hmac_md5_96: return core_kind::md5;
        case authentication_kind::hmac_sha1_96: return core_kind::sha1;
        case authentication_kind::hmac_sha2_256_128: return core_kind::sha256;
        case authentication_kind::aes_xcbc_mac_96: return core_kind::aes;
        default: return core_kind::ghash;
    }
}

bool galois(const ipsec::algorithms& a) { return ipsec::info(a.cipher).icv != 0; }

std::string cores_for_cipher(const ipsec::algorithms& a, std::size_t key, way w) {
    return names([&](const engine_core& c) { return does_cipher(c, a, key, w); });
}

std::string cores_for_authentication(const ipsec::algorithms& a) {
    return names([&](const engine_core& c) { return does_authentication(c, a); });
}

std::string shortage(const std::vector<const engine_core*>& cores, const ipsec::algorithms& a, std::size_t key, way w) {
    const bool ciphers = a.cipher != cipher_kind::null, hashes = a.authenticates();
    const auto does = [&](auto&& able) { return std::any_of(cores.begin(), cores.end(), [&](const engine_core* c) { return able(*c); }); };
    const bool cipher = does([&](const engine_core& c) { return does_cipher(c, a, key, w); });
    const bool hash = measured(a.authentication) && does([&](const engine_core& c) { return does_authentication(c, a); });
    if (galois(a)) return galois_shortage(cipher, hash, a, key, w);
    if ((cipher || !ciphers) && (hash || !hashes))
        return fmt::format("one engine cannot do both {} and {} of a packet; wanted is another of {} beside it", ipsec::info(a.cipher).name,
                           ipsec::info(a.authentication).name, cores_for_authentication(a));
    std::string why;
    if (ciphers && !cipher)
        why = fmt::format("no engine {} {}; allowed: {}", decrypts_blocks(a, w) ? "decrypts" : "does", with_key(a, key), cores_for_cipher(a, key, w));
    if (hashes && !hash) {
        const char* name = ipsec::info(a.authentication).name;
        why += fmt::format("{}{}", why.empty() ? "" : "; and ",
                           measured(a.authentication) ? fmt::format("no engine does {}; allowed: {}", name, cores_for_authentication(a))
                                                      : fmt::format("no engine with a measured core does {}", name));
    }
    return why;
}

}  // namespace nicteam::offload
