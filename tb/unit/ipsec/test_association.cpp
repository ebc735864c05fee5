#include <catch2/catch.hpp>

#include <set>

#include "nicteam/ipsec/refusal.h"
#include "some_association.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;

namespace {
bool refuses(const association_parameters& p, const char* word) {
    const std::string why = refusal(p);
    CAPTURE(why);
    const bool told = why.find(word) != why.npos;
    CHECK(told);
    CHECK_THROWS_AS(association(p), std::invalid_argument);
    return told;
}
}  // namespace

TEST_CASE("associations that cannot be are refused with their reason") {
    const algorithms good{cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96};
    CHECK(refusal(some(good)).empty());
    auto p = some(good);
    p.spi = 255;
    refuses(p, "SPI 255 is reserved");
    p = some(good);
    p.keys.cipher.resize(17);
    refuses(p, "aes-cbc takes a key of 16 or 24 or 32 octets, not 17");
    p = some(good);
    p.keys.authentication.pop_back();
    refuses(p, "hmac-sha1-96 takes a key of 20 octets, not 19");
    p = some({cipher_kind::aes_gcm_16, authentication_kind::null});
    p.keys.cipher.resize(16);
    refuses(p, "20 or 28 or 36 octets (4 of salt among them), not 16");
    p.algorithms.authentication = authentication_kind::hmac_md5_96;
    refuses(p, "authenticates by itself");
    p = some({cipher_kind::null, authentication_kind::null});
    refuses(p, "protects nothing");
    p = some({cipher_kind::aes_ctr, authentication_kind::null});
    refuses(p, "without authentication can be changed");
    p = some({cipher_kind::des_cbc, authentication_kind::aes_gmac});
    refuses(p, "cipher null only");
    p = some({cipher_kind::null, authentication_kind::hmac_sha1_96});
    p.keys.cipher = {1};
    refuses(p, "takes a key of 0 octets, not 1");
    p = some({cipher_kind::des_cbc, authentication_kind::null});
    p.replay_window = 64;
    refuses(p, "needs authentication");
    p = some(good, association_mode::transport, false, security_protocol::ah);
    refuses(p, "AH has no cipher");
    p = some({cipher_kind::null, authentication_kind::hmac_sha1_96}, association_mode::transport, false, security_protocol::ah);
    p.udp = udp_ports{};
    refuses(p, "UDP");
    p = some(good, association_mode::tunnel);
    p.tunnel.destination = left_4;
    refuses(p, "ends of the tunnel");
    p = some(good);
    p.destination = right_6;
    refuses(p, "different IP versions");
    p = some(good);
    p.soft.packets = 10;
    p.hard.packets = 9;
    refuses(p, "soft lifetime");
    p = some(good);
    p.replay_window = 0x80000001;
    refuses(p, "at most 2147483648 numbers, not 2147483649");
}

TEST_CASE("all that is wrong is told at once, each by its key, the first as the refusal") {
    auto p = some({cipher_kind::null, authentication_kind::null});
    p.replay_window = 64;                        // no fault of its own where nothing is protected
    p.keys.cipher = {1};
    p.keys.authentication = {2};
    p.spi = 7;
    p.soft = {9, 9, 9};
    p.hard = {8, 8, 8};
    std::vector<std::string> keys;
    for (const objection& o : objections(p)) keys.emplace_back(o.key);
    CHECK(keys == std::vector<std::string>{"spi", "authentication", "key", "authentication_key", "soft_packets", "soft_octets", "soft_time"});
    CHECK(refusal(p) == objections(p).front().why);
    p = some({cipher_kind::aes_cbc, authentication_kind::null}, association_mode::transport, false, security_protocol::ah);
    keys.clear();
    for (const objection& o : objections(p)) keys.emplace_back(o.key);
    CHECK(keys == std::vector<std::string>{"cipher", "authentication"});
    p = some({cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96});
    p.soft.time = -1;
    CHECK(std::string(objections(p).at(0).key) == "soft_time");
    CHECK(association(some(p.algorithms)).change({p.soft, p.hard, 0, p.destination, 0}) == "a lifetime below zero");
}

TEST_CASE("the weak and semi-weak keys of FIPS 74 are refused with any parity") {
    const char* keys[] = {"0101010101010101", "fefefefefefefefe", "e0e0e0e0f1f1f1f1", "1f1f1f1f0e0e0e0e",
                          "011f011f010e010e", "1f011f010e010e01", "01e001e001f101f1", "e001e001f101f101",
                          "01fe01fe01fe01fe", "fe01fe01fe01fe01", "1fe01fe00ef10ef1", "e01fe01ff10ef10e",
                          "1ffe1ffe0efe0efe", "fe1ffe1ffe0efe0e", "e0fee0fef1fef1fe", "fee0fee0fef1fef1"};
    std::set<bytes> different;
    for (const char* k : keys) {
        auto p = some({cipher_kind::des_cbc, authentication_kind::hmac_md5_96});
        p.keys.cipher = hex(k);
        different.insert(p.keys.cipher);
        refuses(p, "weak DES key");
        for (auto& o : p.keys.cipher) o ^= 1;
        refuses(p, "weak DES key");
        p.keys.cipher[3] ^= 0x10;
        CHECK(refusal(p).empty());
        for (unsigned part = 0; part < 3; ++part) {
            auto t = some({cipher_kind::des3_cbc, authentication_kind::hmac_md5_96});
            std::copy(p.keys.cipher.begin(), p.keys.cipher.end(), t.keys.cipher.begin() + 8 * part);
            CHECK(refusal(t).empty());
            t.keys.cipher[8 * part + 3] ^= 0x10;
            refuses(t, "weak DES key");
        }
    }
    CHECK(different.size() == 16);
    auto p = some({cipher_kind::des3_cbc, authentication_kind::hmac_md5_96});
    std::copy_n(p.keys.cipher.begin(), 8, p.keys.cipher.begin() + 8);
    refuses(p, "two equal keys");
    p = some({cipher_kind::des3_cbc, authentication_kind::hmac_md5_96});
    std::copy_n(p.keys.cipher.begin() + 8, 8, p.keys.cipher.begin() + 16);
    p.keys.cipher[20] ^= 1;      // a parity bit makes no other key
    refuses(p, "two equal keys");
    p = some({cipher_kind::des3_cbc, authentication_kind::hmac_md5_96});
    std::copy_n(p.keys.cipher.begin(), 8, p.keys.cipher.begin() + 16);
    CHECK(refusal(p).empty());   // two-key 3DES
}

TEST_CASE("sequence numbers end and never repeat, lent ones included") {
    auto p = some({cipher_kind::aes_gcm_16, authentication_kind::null});
    association a(p);
    std::uint64_t s = 0;
    std::uint8_t iv[16];
    REQUIRE(a.draw(s, iv));
    CHECK(s == 1);
    const lease l = a.lend(10);
    CHECK(l.first == 2);
    CHECK(l.last == 11);
    REQUIRE(a.draw(s, iv));
    CHECK(s == 12);
    a.start_after(5);
    CHECK(a.next_sequence() == 13);
    a.start_after(0xFFFFFFFD);
    REQUIRE(a.draw(s, iv));
    CHECK(s == 0xFFFFFFFE);
    const lease rest = a.lend(10);
    CHECK(rest.first == 0xFFFFFFFF);
    CHECK(rest.last == 0xFFFFFFFF);
    CHECK(a.lend(1).empty());
    CHECK_FALSE(a.draw(s, iv));
    CHECK(a.lend(0).empty());

    p.extended_sequence = true;
    association e(p);
    e.start_after(0xFFFFFFFF);
    REQUIRE(e.draw(s, iv));
    CHECK(s == 0x100000000);
    e.start_after(~std::uint64_t{0} - 1);
    REQUIRE(e.draw(s, iv));
    CHECK(s == ~std::uint64_t{0});
    CHECK_FALSE(e.draw(s, iv));
    e.start_after(3);
    CHECK_FALSE(e.draw(s, iv));
}

TEST_CASE("IVs of counter modes differ as long as numbers do and all IVs come from the seed") {
    for (const algorithms& al : all_algorithms()) {
        if (al.iv() == 0) continue;
        const auto p = some(al);
        association a(p, 0, 5), same(p, 0, 5), other(p, 0, 6);
        std::set<bytes> seen;
        std::uint64_t s = 0;
        bytes first, ivs(al.iv()), again(al.iv()), elsewhere(al.iv());
        for (int n = 0; n < 2'000; ++n) {
            REQUIRE(a.draw(s, ivs.data()));
            same.draw(s, again.data());
            other.draw(s, elsewhere.data());
            REQUIRE(ivs == again);
            REQUIRE(ivs != elsewhere);
            REQUIRE(seen.insert(ivs).second);
        }
    }
}

TEST_CASE("lifetimes end exactly at their limits") {
    auto p = some({cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96});
    p.soft = {3, 0, 0};
    p.hard = {5, 0, 0};
    association a(p);
    for (int n = 1; n <= 6; ++n) {
        a.count(100);
        CHECK(a.life(0) == (n >= 5 ? lifetime_state::hard_expired : n >= 3 ? lifetime_state::soft_expired : lifetime_state::fresh));
    }
    p.soft = {0, 250, 0};
    p.hard = {0, 400, 0};
    association o(p);
    for (int n = 1; n <= 5; ++n) {
        o.count(100);
        CHECK(o.life(0) == (n >= 4 ? lifetime_state::hard_expired : n >= 3 ? lifetime_state::soft_expired : lifetime_state::fresh));
    }
    p.soft = {0, 0, 10 * millisecond};
    p.hard = {0, 0, 20 * millisecond};
    association t(p, millisecond);
    CHECK(t.life(11 * millisecond - 1) == lifetime_state::fresh);
    CHECK(t.life(11 * millisecond) == lifetime_state::soft_expired);
    CHECK(t.life(21 * millisecond - 1) == lifetime_state::soft_expired);
    CHECK(t.life(21 * millisecond) == lifetime_state::hard_expired);
}
