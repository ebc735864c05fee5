// The closed forms of docs/ipsec.md, "Engines", as they stand there, beside what a packet takes: every core, both ways, many lengths.
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "nicteam/offload/engine_timing.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::ipsec;

namespace {

std::uint64_t up(std::uint64_t n, std::uint64_t d) { return (n + d - 1) / d; }
std::uint64_t clocks(std::uint64_t k, std::uint64_t L, std::uint64_t I) { return k ? L + (k - 1) * I : 0; }

struct form {                          // what docs/ipsec.md calls k, L and I
    std::uint64_t k = 0, L = 0, I = 0;
    std::uint64_t alone() const { return clocks(k, L, I); }
};

bool is(const engine_core* c, const char* name) { return c && std::string(c->name) == name; }
bool gcm(const algorithms& a) { return a.cipher >= cipher_kind::aes_gcm_8; }
bool cbc(const algorithms& a) { return a.cipher == cipher_kind::des_cbc || a.cipher == cipher_kind::des3_cbc || a.cipher == cipher_kind::aes_cbc; }

form cipher_form(const engine_core& c, const algorithms& a, way w, std::uint64_t T) {
    if (cbc(a) && w == way::out) return {T / c.block, c.forward.latency, c.chained};
    if (cbc(a)) return {T / c.block, c.backward.latency, c.backward.interval};
    if (is(&c, "aes-128-gcm")) return {up(T, 16) + 1, c.tag, c.forward.interval};
    return {up(T, 16) + (gcm(a) ? 1 : 0), c.forward.latency, c.forward.interval};
}

form hash_form(const engine_core& c, const algorithms& a, std::uint64_t V, std::uint64_t T, std::uint64_t e) {
    if (gcm(a)) return {up(T, 16) + 2, c.forward.latency, c.forward.interval};
    if (a.authentication == authentication_kind::aes_gmac) return {up(8 + e + 8 + T, 16) + 1, c.forward.latency, c.forward.interval};
    if (a.authentication == authentication_kind::aes_xcbc_mac_96) return {up(8 + V + T + e, 16), c.forward.latency, c.chained};
    return {up(8 + V + T + e + 9, 64) + 1, c.forward.latency, c.forward.interval};
}

std::uint64_t chained_out(const form& c, std::uint64_t block, const form& h, const algorithms& a, std::uint64_t V, std::uint64_t T) {
    const bool mac = a.authentication == authentication_kind::aes_xcbc_mac_96, hash16 = mac || gcm(a);
    const std::uint64_t unit = hash16 ? 16 : 64, F = gcm(a) ? 16 : 8 + V, d = h.k - (mac ? 0 : 1);
    std::uint64_t start = 0;
    for (std::uint64_t j = 0; j < d; ++j) {
        const std::uint64_t octets = std::min((j + 1) * unit, F + T);
        const std::uint64_t ready = octets <= F ? 0 : clocks(up(octets - F, block) + (gcm(a) ? 1 : 0), c.L, c.I);
        start = std::max(start, ready + (d - 1 - j) * h.I);
    }
    return start + h.L * (mac ? 1 : 2);
}

std::uint64_t set_up(const engines& e, const algorithms& a, way w, bool another) {
    std::uint64_t K = 0;
    if (e.cipher && (another || is(e.cipher, "aes-128-gcm"))) K = cbc(a) && w == way::in ? e.cipher->backward.key_setup : e.cipher->forward.key_setup;
    const bool mac = a.authentication == authentication_kind::aes_xcbc_mac_96;
    if (e.authentication && (another || !mac)) K = std::max<std::uint64_t>(K, e.authentication->forward.key_setup);
    return K;
}

// Of the headers, by RFC 3602, 2405, 2451, 3686, 4106 and 4543.
std::uint64_t iv_of(const algorithms& a) {
    return a.cipher == cipher_kind::aes_cbc ? 16 : a.cipher != cipher_kind::null || a.authentication == authentication_kind::aes_gmac ? 8 : 0;
}

engines of(const char* cipher, const char* hash) { return {cipher ? core_named(cipher) : nullptr, hash ? core_named(hash) : nullptr, coupling::chained}; }

}  // namespace

TEST_CASE("the closed forms of the page about engines are what packets take") {
    constexpr cipher_kind ciphers[] = {cipher_kind::null,    cipher_kind::des_cbc, cipher_kind::des3_cbc,
                                       cipher_kind::aes_cbc, cipher_kind::aes_ctr, cipher_kind::aes_gcm_16};
    constexpr authentication_kind hashes[] = {authentication_kind::null, authentication_kind::hmac_md5_96, authentication_kind::hmac_sha1_96,
                                              authentication_kind::hmac_sha2_256_128, authentication_kind::aes_xcbc_mac_96, authentication_kind::aes_gmac};
    constexpr std::uint64_t bodies[] = {0, 1, 14, 15, 40, 46, 47, 48, 100, 511, 1'446};
    std::size_t served = 0;
    std::vector<const engine_core*> all{nullptr};
    for (const engine_core& c : engine_cores) all.push_back(&c);
    for (const cipher_kind ck : ciphers)
        for (const authentication_kind ak : hashes)
            for (const engine_core* cipher : all)
                for (const engine_core* hash : all)
                    for (const way w : {way::out, way::in}) {
                        const algorithms a{ck, ak};
                        engines e{cipher, hash, coupling::chained};
                        if (!pair_refusal(a).empty() || (ck == cipher_kind::null) != !cipher || !a.authenticates() != !hash) {
                            if (!(gcm(a) && is(cipher, "aes-128-gcm") && !hash)) continue;
                        }
                        if (!refusal(e, a, cipher ? cipher->key : 0, w).empty()) continue;
                        ++served;
                        for (const std::uint64_t body : bodies)
                            for (const std::uint64_t more : {0u, 4u})
                                for (const bool another : {false, true}) {
                                    const std::uint64_t B = std::max<std::uint64_t>(4, cbc(a) ? cipher->block : 1), T = up(body + 2, B) * B, V = iv_of(a);
                                    const form c = cipher ? cipher_form(*cipher, a, w, T) : form{}, h = hash ? hash_form(*hash, a, V, T, more) : form{};
                                    const std::uint64_t K = set_up(e, a, w, another), C = c.alone(), H = h.alone();
                                    CAPTURE(info(ck).name, info(ak).name, cipher ? cipher->name : "", hash ? hash->name : "", body, more, w == way::in);
                                    REQUIRE(esp_text(a, body) == T);
                                    e.coupling = coupling::series;
                                    REQUIRE(esp_clocks(e, a, w, T, more, another).total == K + C + H);
                                    e.coupling = coupling::chained;
                                    const bool waits = w == way::out && cipher && hash;
                                    const std::uint64_t total = esp_clocks(e, a, w, T, more, another).total;
                                    REQUIRE(total == K + (waits ? chained_out(c, cipher->block, h, a, V, T) : std::max(C, H)));
                                }
                    }
    CHECK(served > 200);
}

TEST_CASE("AH takes the clocks of its hash over all that it covers") {
    for (std::uint64_t a = 24; a < 300; ++a) {
        for (const auto& [core, kind] : {std::pair("md5", authentication_kind::hmac_md5_96), std::pair("sha1", authentication_kind::hmac_sha1_96),
                                         std::pair("sha256", authentication_kind::hmac_sha2_256_128)}) {
            const engine_core& c = *core_named(core);
            REQUIRE(hash_clocks(of(nullptr, core), {cipher_kind::null, kind}, a).total ==
                    c.forward.key_setup + clocks(up(a + 9, 64) + 1, c.forward.latency, c.forward.interval));
        }
        REQUIRE(hash_clocks(of(nullptr, "aes-128-round"), {cipher_kind::null, authentication_kind::aes_xcbc_mac_96}, a).total == 12 * up(a, 16));
        REQUIRE(hash_clocks(of(nullptr, "ghash"), {cipher_kind::null, authentication_kind::aes_gmac}, a).total == 1 + 17 * (up(a, 16) + 1));
    }
}

TEST_CASE("the figures of the page about engines") {
    const auto esp = [](const engines& e, const algorithms& a, way w) { return esp_clocks(e, a, w, esp_text(a, 1'446)); };
    const algorithms des3{cipher_kind::des3_cbc, authentication_kind::hmac_sha1_96}, ctr{cipher_kind::aes_ctr, authentication_kind::hmac_sha1_96},
        gcm16{cipher_kind::aes_gcm_16, authentication_kind::null}, xcbc{cipher_kind::aes_cbc, authentication_kind::aes_xcbc_mac_96},
        gmac{cipher_kind::null, authentication_kind::aes_gmac};
    CHECK(esp(of("3des-area", "sha1"), des3, way::out).cipher == 8'688);
    CHECK(esp(of("3des-pipelined", "sha1"), des3, way::out).cipher == 9'231);
    CHECK(esp(of("3des-cascade", "sha1"), des3, way::in).cipher == 3'476);
    CHECK(esp(of("aes-128-pipelined", "sha1"), ctr, way::in).cipher == 111);
    CHECK(esp(of("aes-128-pipelined", "ghash"), gcm16, way::out).cipher == 112);
    CHECK(esp(of("aes-128-gcm", nullptr), gcm16, way::out).total == 26 + 2'033);
    CHECK(esp(of("3des-area", "sha1"), des3, way::in).authentication == 2'050);
    CHECK(esp(of("aes-128-round", "aes-128-round"), xcbc, way::in).authentication == 1'116);
    CHECK(esp(of("aes-128-pipelined", "ghash"), gcm16, way::in).authentication == 1'581);
    CHECK(esp(of(nullptr, "ghash"), gmac, way::in).authentication == 1'581);
    CHECK(hash_clocks(of(nullptr, "sha1"), {cipher_kind::null, authentication_kind::hmac_sha1_96}, 1'490).total == 2'050);
    CHECK(esp(of("3des-area", "sha1"), des3, way::out).total == 8'934);
    CHECK(esp(of("3des-area", "sha1"), des3, way::in).total == 8'688);
}
