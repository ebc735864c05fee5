#include "nicteam/host/security_cost.h"

namespace nicteam::host {

security_costs costs_of(const ipsec::association_parameters& p, const ipsec::work& w) {
    using ipsec::authentication_kind;
    using ipsec::cipher_kind;
    constexpr std::uint64_t rounds_of_128 = 10;                       // FIPS 197: 6 and a round for each 32 bits of key
    const std::uint64_t key = p.keys.cipher.size() - ipsec::info(p.algorithms.cipher).salt, rounds = 6 + key / 4;
    security_costs all{{{cost::ipsec, 1}}};
    const auto hash = [&](std::size_t n, cost k) { all[n] = {k, w.authentication_octets}; };
    switch (p.algorithms.cipher) {
        case cipher_kind::null: break;
        case cipher_kind::des_cbc: all[2] = {cost::des_byte, w.cipher_octets}; break;
        case cipher_kind::des3_cbc: all[2] = {cost::des3_byte, w.cipher_octets}; break;
        case cipher_kind::aes_gcm_8:
        case cipher_kind::aes_gcm_12:
        case cipher_kind::aes_gcm_16: hash(1, cost::galois_byte); [[fallthrough]];
        default: all[2] = {cost::aes_byte, w.cipher_octets * rounds / rounds_of_128};
    }
    switch (p.algorithms.authentication) {
        case authentication_kind::null: break;
        case authentication_kind::hmac_md5_96: hash(3, cost::md5_byte); break;
        case authentication_kind::hmac_sha1_96: hash(3, cost::sha1_byte); break;
        case authentication_kind::aes_xcbc_mac_96: hash(3, cost::aes_byte); break;
        case authentication_kind::aes_gmac: hash(3, cost::galois_byte); break;
        default: hash(3, cost::sha2_byte);
    }
    return all;
}

void charge(cpu& c, const ipsec::association_parameters& p, const ipsec::work& w) {
    for (const charged& x : costs_of(p, w))
        if (x.n) c.spend(of(x.of), x.n);
}

}  // namespace nicteam::host
