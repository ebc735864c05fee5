#include "nicteam/ipsec/algorithms.h"

#include <fmt/format.h>

#include <algorithm>

#include "nicteam/ipsec/refusal.h"

namespace nicteam::ipsec {
namespace {

using c = cipher_kind;
using a = authentication_kind;

constexpr cipher_info ciphers[] = {
    {c::null,       "null",       {},           0, 0, 1,  0,  false, "NULL",                              "RFC 2410"},
    {c::des_cbc,    "des-cbc",    {8},          0, 8, 8,  0,  false, "DES-CBC [RFC2405]",                 "RFC 2405"},
    {c::des3_cbc,   "3des-cbc",   {24},         0, 8, 8,  0,  false, "TripleDES-CBC [RFC2451]",           "RFC 2451"},
    {c::aes_cbc,    "aes-cbc",    {16, 24, 32}, 0, 16, 16, 0, false, "AES-CBC [RFC3602]",                 "RFC 3602"},
    {c::aes_ctr,    "aes-ctr",    {16, 24, 32}, 4, 8, 1,  0,  true,  "AES-CTR [RFC3686]",                 "RFC 3686"},
    {c::aes_gcm_8,  "aes-gcm-8",  {16, 24, 32}, 4, 8, 1,  8,  true,  "AES-GCM with 8 octet ICV [RFC4106]",  "RFC 4106"},
    {c::aes_gcm_12, "aes-gcm-12", {16, 24, 32}, 4, 8, 1,  12, true,  "AES-GCM with 12 octet ICV [RFC4106]", "RFC 4106"},
    {c::aes_gcm_16, "aes-gcm-16", {16, 24, 32}, 4, 8, 1,  16, true,  "AES-GCM with 16 octet ICV [RFC4106]", "RFC 4106"},
};

constexpr authentication_info authentications[] = {
    {a::null,              "null",              {},           0, 0, 0,  "NULL",                   "RFC 4303"},
    {a::hmac_md5_96,       "hmac-md5-96",       {16},         0, 0, 12, "HMAC-MD5-96 [RFC2403]",  "RFC 2403"},
    {a::hmac_sha1_96,      "hmac-sha1-96",      {20},         0, 0, 12, "HMAC-SHA-1-96 [RFC2404]", "RFC 2404"},
    {a::hmac_sha2_256_128, "hmac-sha2-256-128", {32},         0, 0, 16, "HMAC-SHA-256-128 [RFC4868]", "RFC 4868"},
    {a::hmac_sha2_384_192, "hmac-sha2-384-192", {48},         0, 0, 24, "HMAC-SHA-384-192 [RFC4868]", "RFC 4868"},
    {a::hmac_sha2_512_256, "hmac-sha2-512-256", {64},         0, 0, 32, "HMAC-SHA-512-256 [RFC4868]", "RFC 4868"},
    {a::aes_xcbc_mac_96,   "aes-xcbc-mac-96",   {16},         0, 0, 12, nullptr,                  "RFC 3566"},
    {a::aes_gmac,          "aes-gmac",          {16, 24, 32}, 4, 8, 16, nullptr,                  "RFC 4543"},
};

template <class Row, std::size_t N>
const Row* named(const Row (&rows)[N], std::string_view name) {
    const auto at = std::find_if(rows, rows + N, [&](const Row& r) { return name == r.name; });
    return at == rows + N ? nullptr : at;
}

template <class Row, std::size_t N>
std::string names(const Row (&rows)[N]) {
    std::string out;
    for (const Row& r : rows) out += (out.empty() ? "" : ", ") + std::string(r.name);
    return out;
}

std::string sizes(const key_sizes& k, unsigned salt) {
    std::string out;
    for (const unsigned n : k)
        if (n) out += (out.empty() ? "" : " or ") + std::to_string(n + salt);
    return out.empty() ? "0" : out;
}

template <class Row>
std::string wrong_size(const Row& row, const bytes& key, const char* what) {
    const bool none = row.keys[0] == 0;
    if (none ? key.empty() : std::any_of(row.keys.begin(), row.keys.end(), [&](unsigned n) { return n && n + row.salt == key.size(); }))
        return {};
    return fmt::format("{} {} takes a key of {} octets{}, not {}", what, row.name, sizes(row.keys, row.salt),
                       row.salt ? fmt::format(" ({} of salt among them)", row.salt) : "", key.size());
}

std::uint64_t without_parity(const std::uint8_t* key) { return packet::get64(key) & 0xFEFEFEFEFEFEFEFE; }

// FIPS 74 (and NIST SP 800-67, 3.3.2), parity bits cleared.
constexpr std::uint64_t weak_keys[] = {
    0x0000000000000000, 0xFEFEFEFEFEFEFEFE, 0xE0E0E0E0F0F0F0F0, 0x1E1E1E1E0E0E0E0E,
    0x001E001E000E000E, 0x1E001E000E000E00, 0x00E000E000F000F0, 0xE000E000F000F000,
    0x00FE00FE00FE00FE, 0xFE00FE00FE00FE00, 0x1EE01EE00EF00EF0, 0xE01EE01EF00EF00E,
    0x1EFE1EFE0EFE0EFE, 0xFE1EFE1EFE0EFE0E, 0xE0FEE0FEF0FEF0FE, 0xFEE0FEE0FEF0FEF0,
};

bool weak(const std::uint8_t* key) { return std::count(std::begin(weak_keys), std::end(weak_keys), without_parity(key)) != 0; }

}  // namespace

const cipher_info& info(cipher_kind k) { return ciphers[static_cast<std::size_t>(k)]; }
const authentication_info& info(authentication_kind k) { return authentications[static_cast<std::size_t>(k)]; }
const cipher_info* cipher_named(std::string_view n) { return named(ciphers, n); }
const authentication_info* authentication_named(std::string_view n) { return named(authentications, n); }
std::string cipher_names() { return names(ciphers); }
std::string authentication_names() { return names(authentications); }

std::string pair_refusal(const algorithms& al) {
    const cipher_info& cipher = info(al.cipher);
    if (!al.authenticates() && al.cipher == c::null)
        return "cipher null with authentication null protects nothing (RFC 4303, 3.2); allowed: one of the two that is not null";
    if (cipher.icv && al.authentication != a::null)
        return fmt::format("{} authenticates by itself; {} cannot stand beside it; allowed: authentication = \"null\"", cipher.name,
                           info(al.authentication).name);
    if (al.authentication == a::aes_gmac && al.cipher != c::null) return "aes-gmac goes with cipher null only (RFC 4543, 9); allowed: cipher = \"null\"";
    if (cipher.counter && !al.authenticates())
        return fmt::format("{} without authentication can be changed bit by bit (RFC 3686, 6); allowed: any authentication but null", cipher.name);
    return {};
}

std::string length_refusal(const algorithms& al, const keys& k) {
    if (auto s = wrong_size(info(al.cipher), k.cipher, "cipher"); !s.empty()) return s;
    return wrong_size(info(al.authentication), k.authentication, "authentication");
}

std::string weak_key_refusal(cipher_kind kind, const bytes& key) {
    const unsigned parts = kind == c::des_cbc ? 1 : kind == c::des3_cbc ? 3 : 0;
    for (unsigned i = 0; i < parts; ++i)
        if (weak(&key[8 * i]))
            return fmt::format("{} with a weak DES key (FIPS 74){}", info(kind).name,
                               parts == 1 ? "" : fmt::format(", part {} of 3", i + 1));
    if (kind != c::des3_cbc) return {};
    if (without_parity(&key[0]) == without_parity(&key[8]) || without_parity(&key[8]) == without_parity(&key[16]))
        return "3des-cbc with two equal keys next to each other is DES (RFC 2451, 2.3)";
    return {};
}

std::string refusal(const algorithms& al, const keys& k) {
    if (auto s = pair_refusal(al); !s.empty()) return s;
    if (auto s = length_refusal(al, k); !s.empty()) return s;
    return weak_key_refusal(al.cipher, k.cipher);
}

}  // namespace nicteam::ipsec
