// The algorithms of ESP and AH: names, sizes, where each is laid down. One row each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "nicteam/packet/octets.h"

namespace nicteam::ipsec {

enum class cipher_kind : std::uint8_t { null, des_cbc, des3_cbc, aes_cbc, aes_ctr, aes_gcm_8, aes_gcm_12, aes_gcm_16 };

enum class authentication_kind : std::uint8_t {
    null, hmac_md5_96, hmac_sha1_96, hmac_sha2_256_128, hmac_sha2_384_192, hmac_sha2_512_256, aes_xcbc_mac_96, aes_gmac,
};

using key_sizes = std::array<std::uint8_t, 3>;   // octets, without salt; zeros fill up

struct cipher_info {
    cipher_kind kind;
    const char* name;           // in scenarios
    key_sizes keys;
    std::uint8_t salt;          // octets of the SA that stand behind the key and are no part of it
    std::uint8_t iv;            // octets in each packet
    std::uint8_t block;         // the text is a multiple of it; ESP asks for at least 4
    std::uint8_t icv;           // octets, when it authenticates too
    bool counter;               // an IV twice under one key gives the plaintext away
    const char* tshark;         // what Wireshark's table of associations calls it
    const char* source;
};

struct authentication_info {
    authentication_kind kind;
    const char* name;
    key_sizes keys;
    std::uint8_t salt, iv;      // AES-GMAC has both
    std::uint8_t icv;
    const char* tshark;         // nullptr: Wireshark cannot judge it
    const char* source;
};

const cipher_info& info(cipher_kind);
const authentication_info& info(authentication_kind);

// nullptr for a name that is none.
const cipher_info* cipher_named(std::string_view);
const authentication_info* authentication_named(std::string_view);
std::string cipher_names();           // "null, des-cbc, …"
std::string authentication_names();

struct algorithms {
    cipher_kind cipher = cipher_kind::null;
    authentication_kind authentication = authentication_kind::null;

    // Of ESP. AH has no cipher.
    std::size_t iv() const { return info(cipher).iv + std::size_t{info(authentication).iv}; }
    std::size_t icv() const { return info(cipher).icv + std::size_t{info(authentication).icv}; }
    std::size_t block() const { return info(cipher).block < 4 ? 4 : info(cipher).block; }
    bool authenticates() const { return icv() != 0; }
};

struct keys {
    bytes cipher, authentication;     // each with its salt behind it
};

// Why an association with these must not be: empty when it may. Wrong sizes, weak DES keys (FIPS 74: four weak, twelve semi-weak),
// 3DES whose first or last two keys are equal (RFC 2451, 2.3), no cipher and no authentication, two authentications,
// counter mode without authentication (RFC 3686, 6).
std::string refusal(const algorithms&, const keys&);

// Its first two parts: of the two algorithms together, and of the lengths of their keys.
std::string pair_refusal(const algorithms&);
std::string length_refusal(const algorithms&, const keys&);

}  // namespace nicteam::ipsec
