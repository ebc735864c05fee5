// Known answers of keyed hashes: RFC 2202, RFC 4868, RFC 3566.
#include <catch2/catch.hpp>

#include "known_answers.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;

using kind = authentication_kind;

namespace {

bytes joined(bytes a, const bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

const bytes hi_there = text_of("Hi There");

}  // namespace

TEST_CASE("HMAC-MD5-96 and HMAC-SHA1-96 give the values of RFC 2202 whose keys IPsec may have") {
    CHECK(mac_of(kind::hmac_md5_96, bytes(16, 0x0B), hi_there) == hex("9294727a3638bb1c13f48ef8"));
    CHECK(mac_of(kind::hmac_md5_96, bytes(16, 0xAA), bytes(50, 0xDD)) == hex("56be34521d144c88dbb8c733"));
    CHECK(mac_of(kind::hmac_md5_96, bytes(16, 0x0C), text_of("Test With Truncation")) == hex("56461ef2342edc00f9bab995"));
    CHECK(mac_of(kind::hmac_sha1_96, bytes(20, 0x0B), hi_there) == hex("b617318655057264e28bc0b6"));
    CHECK(mac_of(kind::hmac_sha1_96, bytes(20, 0xAA), bytes(50, 0xDD)) == hex("125d7342b9ac11cd91a39af4"));
    CHECK(mac_of(kind::hmac_sha1_96, bytes(20, 0x0C), text_of("Test With Truncation")) == hex("4c1a03424b55e07fe7f27be1"));
}

TEST_CASE("HMAC-SHA2 gives the values of RFC 4868") {
    const bytes question = text_of("what do ya want for nothing?");
    const auto jefe = [](std::size_t n) {
        bytes k;
        while (k.size() < n) k.insert(k.end(), {'J', 'e', 'f', 'e'});
        return k;
    };
    CHECK(mac_of(kind::hmac_sha2_256_128, bytes(32, 0x0B), hi_there) == hex("198a607eb44bfbc69903a0f1cf2bbdc5"));
    CHECK(mac_of(kind::hmac_sha2_256_128, jefe(32), question) == hex("167f928588c5cc2eef8e3093caa0e87c"));
    CHECK(mac_of(kind::hmac_sha2_256_128, bytes(32, 0xAA), bytes(50, 0xDD)) == hex("cdcb1220d1ecccea91e53aba3092f962"));
    CHECK(mac_of(kind::hmac_sha2_256_128, counting(32, 1), bytes(50, 0xCD)) == hex("372efcf9b40b35c2115b1346903d2ef4"));
    CHECK(mac_of(kind::hmac_sha2_384_192, bytes(48, 0x0B), hi_there) == hex("b6a8d5636f5c6a7224f9977dcf7ee6c7fb6d0c48cbdee973"));
    CHECK(mac_of(kind::hmac_sha2_384_192, jefe(48), question) == hex("2c7353974f1842fd66d53c452ca42122b28c0b594cfb184d"));
    CHECK(mac_of(kind::hmac_sha2_384_192, bytes(48, 0xAA), bytes(50, 0xDD)) == hex("809f439be00274321d4a538652164b53554a508184a0c316"));
    CHECK(mac_of(kind::hmac_sha2_384_192, joined(counting(32, 1), counting(16, 10)), bytes(50, 0xCD)) ==
          hex("5b540085c6e6358096532b2493609ed1cb298f774f87bb5c"));
    CHECK(mac_of(kind::hmac_sha2_512_256, bytes(64, 0x0B), hi_there) ==
          hex("637edc6e01dce7e6742a99451aae82df23da3e92439e590e43e761b33e910fb8"));
    CHECK(mac_of(kind::hmac_sha2_512_256, jefe(64), question) == hex("cb370917ae8a7ce28cfd1d8f4705d6141c173b2a9362c15df235dfb251b15454"));
    CHECK(mac_of(kind::hmac_sha2_512_256, bytes(64, 0xAA), bytes(50, 0xDD)) ==
          hex("2ee7acd783624ca9398710f3ee05ae41b9f9b0510c87e49e586cc9bf961733d8"));
    CHECK(mac_of(kind::hmac_sha2_512_256, counting(64, 1), bytes(50, 0xCD)) ==
          hex("5e6688e5a3daec826ca32eaea224eff5e700628947470e13ad01302561bab108"));
}

TEST_CASE("AES-XCBC-MAC-96 gives the values of RFC 3566") {
    const bytes key = counting(16);
    CHECK(mac_of(kind::aes_xcbc_mac_96, key, {}) == hex("75f0251d528ac01c4573dfd5"));
    CHECK(mac_of(kind::aes_xcbc_mac_96, key, counting(3)) == hex("5b376580ae2f19afe7219cee"));
    CHECK(mac_of(kind::aes_xcbc_mac_96, key, counting(16)) == hex("d2a246fa349b68a79998a439"));
    CHECK(mac_of(kind::aes_xcbc_mac_96, key, counting(20)) == hex("47f51b4564966215b8985c63"));
    CHECK(mac_of(kind::aes_xcbc_mac_96, key, counting(32)) == hex("f54f0ec8d2b9f3d36807734b"));
    CHECK(mac_of(kind::aes_xcbc_mac_96, key, counting(34)) == hex("becbb3bccdb518a30677d548"));
    CHECK(mac_of(kind::aes_xcbc_mac_96, key, bytes(1'000, 0)) == hex("f0dafee895db30253761103b"));
}
