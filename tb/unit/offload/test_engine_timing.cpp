// Clocks of a packet: the published figures, and engines that are ticked clock by clock.
#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "nicteam/base/random_stream.h"
#include "nicteam/offload/engine_timing.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::ipsec;

namespace {

constexpr algorithms des3_sha1{cipher_kind::des3_cbc, authentication_kind::hmac_sha1_96},
    des3_md5{cipher_kind::des3_cbc, authentication_kind::hmac_md5_96};

engines of(const char* cipher, const char* hash, coupling c = coupling::chained) {
    return {cipher ? core_named(cipher) : nullptr, hash ? core_named(hash) : nullptr, c};
}

// An engine that takes a block when its interval is over and the block is there, and gives it out `latency` later.
struct ticked {
    std::uint64_t interval, latency, next = 0;
    std::vector<std::uint64_t> out{};
    bool offer(std::uint64_t now) {
        if (now < next) return false;
        next = now + interval;
        out.push_back(now + latency);
        return true;
    }
};

// Both engines clock by clock. `first`: cipher blocks that are no text; `after`: hash blocks that wait for the result of all before.
std::uint64_t tick(ticked cipher, std::size_t cipher_block, std::uint64_t first, ticked hash, std::size_t hash_block, std::size_t front,
                   std::size_t text, std::size_t behind, std::uint64_t after, bool waits) {
    const std::uint64_t cipher_blocks = cipher_block ? first + (text + cipher_block - 1) / cipher_block : 0;
    const std::uint64_t data = (front + text + behind + hash_block - 1) / hash_block;
    for (std::uint64_t now = 0;; ++now) {
        if (cipher.out.size() < cipher_blocks) cipher.offer(now);
        const std::uint64_t j = hash.out.size();
        if (j < data + after) {
            bool there = true;
            if (waits)
                for (std::size_t octet = j * hash_block; octet < (j + 1) * hash_block && octet < front + text; ++octet)
                    if (octet >= front) {
                        const std::uint64_t block = first + (octet - front) / cipher_block;
                        there &= cipher.out.size() > block && cipher.out[block] <= now;
                    }
            if (j >= data) there &= hash.out.back() <= now;
            if (waits && j + 1 >= data)
                there &= cipher.out.size() == cipher_blocks &&
                         (cipher.out.empty() || cipher.out.back() <= now || front + text <= j * hash_block);
            if (there) hash.offer(now);
        }
        if (hash.out.size() == data + after && cipher.out.size() == cipher_blocks)
            return std::max(hash.out.empty() ? 0 : hash.out.back(), cipher.out.empty() ? 0 : cipher.out.back());
    }
}

}  // namespace

TEST_CASE("a packet of 1446 octets in the area-optimised 3DES core takes 8688 clocks and its SHA-1 2050") {
    const std::size_t text = esp_text(des3_sha1, 1'446);
    CHECK(text == 1'448);
    const engine_clocks t = esp_clocks(of("3des-area", "sha1"), des3_sha1, way::out, text);
    CHECK(t.cipher == 8'688);
    CHECK(t.authentication == 2'050);
    CHECK(t.key_setup == 0);
    CHECK(esp_clocks(of("3des-area", "sha1", coupling::series), des3_sha1, way::out, text).total == 8'688 + 2'050);
    CHECK(esp_clocks(of("3des-area", "sha1", coupling::series), des3_sha1, way::in, text).total == 8'688 + 2'050);
    CHECK(esp_clocks(of("3des-area", "sha1"), des3_sha1, way::in, text).total == 8'688);
    // Going out the cipher is the slow one; behind its last octets follow their block of the hash, one of padding and length, the outer
    // hash.
    CHECK(t.total == 8'688 + 3 * 82);
}

TEST_CASE("the table of inner sizes and engines") {
    const struct { std::size_t inner, text; std::uint64_t blocks, encrypt, cascade, hash_blocks, sha1, md5;
    } rows[] = {{64, 72, 9, 432, 208, 3, 246, 198},
                {512, 520, 65, 3'120, 1'272, 10, 820, 660},
                {1'446, 1'448, 181, 8'688, 3'476, 25, 2'050, 1'650}};
    for (const auto& r : rows) {
        const std::size_t text = esp_text(des3_sha1, r.inner);
        CHECK(text == r.text);
        CHECK(text / 8 == r.blocks);
        CHECK(esp_clocks(of("3des-area", "sha1"), des3_sha1, way::out, text).cipher == r.encrypt);
        CHECK(esp_clocks(of("3des-cascade", "sha1"), des3_sha1, way::in, text).cipher == r.cascade);
        CHECK(esp_clocks(of("3des-cascade", "sha1"), des3_sha1, way::out, text).cipher == 56 * r.blocks);
        CHECK(esp_clocks(of("3des-area", "sha1"), des3_sha1, way::out, text).authentication == r.sha1);
        CHECK(esp_clocks(of("3des-area", "md5"), des3_md5, way::out, text).authentication == r.md5);
        CHECK(r.sha1 / 82 == r.hash_blocks);
    }
    // 25 blocks of SHA-1 back to back: 1,527 octets with 9 of padding are 24, and the outer hash.
    CHECK(hash_clocks(of(nullptr, "sha1"), des3_sha1, 1'527).authentication == 2'050);
    CHECK(hash_clocks(of(nullptr, "sha1"), des3_sha1, 1'528).authentication == 2'132);
}

TEST_CASE("closed forms agree with engines that are ticked clock by clock") {
    const struct { const char *cipher, *hash; algorithms a; std::size_t key; } suites[] = {
        {"des-area", "sha1", {cipher_kind::des_cbc, authentication_kind::hmac_sha1_96}, 8},
        {"des-pipelined", "md5", {cipher_kind::des_cbc, authentication_kind::hmac_md5_96}, 8},
        {"3des-area", "sha1", des3_sha1, 24},
        {"3des-cascade", "md5", des3_md5, 24},
        {"aes-128-round", "sha1", {cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96}, 16},
        {"aes-256-iterative", "sha256", {cipher_kind::aes_cbc, authentication_kind::hmac_sha2_256_128}, 32},
        {"aes-128-pipelined", "sha256", {cipher_kind::aes_ctr, authentication_kind::hmac_sha2_256_128}, 16},
        {"aes-128-round", "aes-128-iterative", {cipher_kind::aes_cbc, authentication_kind::aes_xcbc_mac_96}, 16},
        {"aes-192-pipelined", "ghash", {cipher_kind::aes_gcm_16, authentication_kind::null}, 24},
        {"aes-128-iterative", "ghash", {cipher_kind::aes_gcm_8, authentication_kind::null}, 16},
        {nullptr, "sha1", {cipher_kind::null, authentication_kind::hmac_sha1_96}, 0},
        {nullptr, "ghash", {cipher_kind::null, authentication_kind::aes_gmac}, 0},
    };
    random_stream r(1, "engines", "test");
    for (const auto& s : suites)
        for (int n = 0; n < 250; ++n) {
            const bool gcm = info(s.a.cipher).icv != 0, gmac = s.a.authentication == authentication_kind::aes_gmac,
                       xcbc = s.a.authentication == authentication_kind::aes_xcbc_mac_96;
            const bool extended = r.chance(probability_one / 2), waits = s.cipher && r.chance(probability_one * 2 / 3);
            const std::size_t text = esp_text(s.a, n < 30 ? static_cast<std::size_t>(n) : r.below(n % 10 ? 400 : 3'000));
            const engines e = of(s.cipher, s.hash);
            // A way that this core cannot go is not asked for.
            const way w = waits ? way::out : way::in;
            if (!refusal(e, s.a, s.key, w).empty()) continue;
            const bool cbc = s.cipher && !info(s.a.cipher).counter;
            const engine_core &h = *e.authentication, c = s.cipher ? *e.cipher : engine_core{};
            const std::uint64_t interval = cbc ? (w == way::out ? c.chained : c.backward.interval) : c.forward.interval;
            const std::uint64_t latency = cbc && w == way::in ? c.backward.latency : c.forward.latency;
            const std::size_t front = gcm ? 16 : 8 + s.a.iv() + (gmac && extended ? 4 : 0), number = !gcm && !gmac && extended ? 4 : 0;
            const std::uint64_t ticks =
                tick({interval, latency}, c.block, gcm ? 1 : 0, {xcbc ? h.chained : h.forward.interval, h.forward.latency}, h.block, front,
                     text, number + (gcm || gmac || xcbc ? 0 : 9), xcbc ? 0 : 1, waits);
            const engine_clocks t = esp_clocks(e, s.a, w, text, extended);
            CAPTURE(s.cipher ? s.cipher : "none", s.hash, text, extended, waits);
            REQUIRE(t.total - t.key_setup == ticks);
            REQUIRE(t.total >= t.key_setup + std::max(t.cipher, t.authentication));
            REQUIRE(t.total <= t.key_setup + t.cipher + t.authentication);
        }
}

TEST_CASE("a key costs its set-up when it is another one") {
    const algorithms a{cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96},
        md5{cipher_kind::aes_cbc, authentication_kind::hmac_md5_96};
    CHECK(esp_clocks(of("aes-128-iterative", "sha1"), a, way::out, 64, false, true).key_setup == 15);
    CHECK(esp_clocks(of("aes-128-iterative", "sha1"), a, way::out, 64, false, false).key_setup == 0);
    CHECK(esp_clocks(of("aes-128-round", "sha1"), a, way::out, 64, false, true).key_setup == 0);
    CHECK(esp_clocks(of("aes-128-round", "sha1"), a, way::in, 64, false, true).key_setup == 12);
    CHECK(esp_clocks(of("aes-128-iterative", "md5"), md5, way::out, 64).key_setup == 1);      // MD5 is started for each packet
    const algorithms gcm{cipher_kind::aes_gcm_16, authentication_kind::null};
    const engine_clocks one = esp_clocks(of("aes-128-gcm", nullptr), gcm, way::out, 16),
                        two = esp_clocks(of("aes-128-gcm", nullptr), gcm, way::out, 32);
    CHECK(one.key_setup == 26);
    CHECK(two.total - one.total == 22);
    CHECK(one.total == 26 + 22 + 31);
    CHECK(esp_clocks(of("aes-128-gcm", nullptr), gcm, way::in, 32).total == two.total);
    CHECK(esp_clocks(of("3des-area", nullptr), {cipher_kind::des3_cbc, authentication_kind::null}, way::out, 80).total == 480);
    CHECK(hash_clocks(of(nullptr, "md5"), md5, 100).key_setup == 1);
}

TEST_CASE("engines that cannot do an association's algorithms are refused with those that can") {
    CHECK(refusal(of("3des-area", "sha1"), des3_sha1, 24, way::in).empty());
    CHECK(refusal(of("des-area", "sha1"), des3_sha1, 24, way::out) ==
          "des-area does no 3des-cbc; 3des-area, 3des-pipelined, 3des-cascade can");
    CHECK(refusal(of(nullptr, "sha1"), des3_sha1, 24, way::out) ==
          "there is no engine for 3des-cbc; 3des-area, 3des-pipelined, 3des-cascade can");
    CHECK(refusal(of("3des-area", "md5"), des3_sha1, 24, way::out) == "md5 does no hmac-sha1-96; sha1 can");
    const algorithms aes{cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96},
        ctr{cipher_kind::aes_ctr, authentication_kind::hmac_sha1_96};
    CHECK(refusal(of("aes-128-round", "sha1"), aes, 32, way::out) == "aes-128-round takes keys of 16 octets, not 32");
    CHECK(refusal(of("aes-128-pipelined", "sha1"), aes, 16, way::out).empty());
    CHECK(refusal(of("aes-128-pipelined", "sha1"), aes, 16, way::in) == "aes-128-pipelined encrypts only; aes-cbc is decrypted by another");
    CHECK(refusal(of("aes-128-pipelined", "sha1"), ctr, 16, way::in).empty());
    CHECK(refusal(of("aes-128-round", "sha256"), {cipher_kind::aes_cbc, authentication_kind::hmac_sha2_512_256}, 16, way::out) ==
          "no engine with a measured core does hmac-sha2-512-256");
    const algorithms gcm{cipher_kind::aes_gcm_16, authentication_kind::null};
    CHECK(refusal(of("aes-128-gcm", nullptr), gcm, 16, way::in).empty());
    CHECK(refusal(of("aes-128-gcm", nullptr), gcm, 32, way::in) == "aes-128-gcm takes keys of 16 octets, not 32");
    CHECK(refusal(of("aes-256-iterative", "ghash"), gcm, 32, way::in).empty());
    CHECK(refusal(of("aes-256-iterative", "sha1"), gcm, 32, way::in) == "sha1 does no aes-gcm-16; ghash can");
    CHECK(refusal(of("aes-128-round", "aes-256-round"), {cipher_kind::null, authentication_kind::aes_xcbc_mac_96}, 0, way::in)
              .find("there is no engine for aes-xcbc-mac-96") == 0);
    CHECK(refusal(of(nullptr, "aes-256-iterative"), {cipher_kind::null, authentication_kind::aes_xcbc_mac_96}, 0, way::in) ==
          "aes-256-iterative takes keys of 32 octets, not 16");
}
