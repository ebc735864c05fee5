#include "nicteam/host/security_cost.h"

#include "nicteam/host/costs.h"

namespace nicteam::host {

void charge(cpu& c, const ipsec::association_parameters& p, const ipsec::work& w) {
    using ipsec::authentication_kind;
    using ipsec::cipher_kind;
    c.spend(of(cost::ipsec));
    constexpr std::uint64_t rounds_of_128 = 10;                       // FIPS 197: 6 and a round for each 32 bits of key
    const std::uint64_t key = p.keys.cipher.size() - ipsec::info(p.algorithms.cipher).salt, rounds = 6 + key / 4;
    const auto hash = [&](cost k) { c.spend(of(k), w.authentication_octets); };
    switch (p.algorithms.cipher) {
        case cipher_kind::null: break;
        case cipher_kind::des_cbc: c.spend(of(cost::des_byte), w.cipher_octets); break;
        case cipher_kind::des3_cbc: c.spend(of(cost::des3_byte), w.cipher_octets); break;
        case cipher_kind::aes_gcm_8:
        case cipher_kind::aes_gcm_12:
        case cipher_kind::aes_gcm_16: hash(cost::galois_byte); [[fallthrough]];
        default: c.spend(of(cost::aes_byte), w.cipher_octets * rounds / rounds_of_128);
    }
    switch (p.algorithms.authentication) {
        case authentication_kind::null: break;
        case authentication_kind::hmac_md5_96: hash(cost::md5_byte); break;
        case authentication_kind::hmac_sha1_96: hash(cost::sha1_byte); break;
        case authentication_kind::aes_xcbc_mac_96: hash(cost::aes_byte); break;
        case authentication_kind::aes_gmac: hash(cost::galois_byte); break;
        default: hash(cost::sha2_byte);
    }
}

}  // namespace nicteam::host
