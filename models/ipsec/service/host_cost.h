// What an octet costs the host that simulates: enough to know what is worth being kept or handed to another thread. Crypto++ 8.7 on an
// EPYC of family 26, 1,504 octets, picoseconds; another host's are other, in much the same order.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nicteam/ipsec/algorithms.h"

namespace nicteam::ipsec {

struct host_cost {
    std::uint32_t seals, opens;      // ps an octet
};

constexpr host_cost host_cost_of(cipher_kind k) {
    switch (k) {
        case cipher_kind::des_cbc: return {8'900, 8'070};
        case cipher_kind::des3_cbc: return {23'640, 22'600};
        case cipher_kind::aes_cbc: return {740, 95};
        case cipher_kind::aes_ctr: return {95, 95};
        case cipher_kind::aes_gcm_8:
        case cipher_kind::aes_gcm_12:
        case cipher_kind::aes_gcm_16: return {270, 270};
        case cipher_kind::null: break;
    }
    return {0, 0};
}

constexpr host_cost host_cost_of(authentication_kind k) {
    switch (k) {
        case authentication_kind::hmac_md5_96: return {1'440, 1'440};
        case authentication_kind::hmac_sha1_96: return {520, 520};
        case authentication_kind::hmac_sha2_256_128: return {570, 570};
        case authentication_kind::hmac_sha2_384_192:
        case authentication_kind::hmac_sha2_512_256: return {1'400, 1'400};
        case authentication_kind::aes_xcbc_mac_96: return {740, 740};
        case authentication_kind::aes_gmac: return {270, 270};
        case authentication_kind::null: break;
    }
    return {0, 0};
}

// To keep it, to find it and to compare it takes 1 to 3 us, as memory of 16 MiB does not stay in a core's own caches.
constexpr std::uint64_t worth_keeping = 3'000'000;       // ps
// To wake another thread and to be woken costs about half of that.
constexpr std::uint64_t worth_handing_over = 5'000'000;  // ps

}  // namespace nicteam::ipsec
