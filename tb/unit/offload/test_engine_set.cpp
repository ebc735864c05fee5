// Which engines serve an association, and why none do.
#include <catch2/catch.hpp>

#include "nicteam/offload/engine_set.h"

using namespace nicteam;
using namespace nicteam::offload;

namespace {

ipsec::association_parameters some(ipsec::cipher_kind c, std::size_t key, ipsec::authentication_kind a) {
    ipsec::association_parameters p;
    p.algorithms = {c, a};
    p.keys.cipher.resize(key);
    return p;
}
using c = ipsec::cipher_kind;
using a = ipsec::authentication_kind;

}  // namespace

TEST_CASE("an association is served by the first engines of the list that can") {
    const engine_set all({"3des-area", "3des-cascade", "aes-128-pipelined", "aes-128-round", "sha1", "sha1", "md5"}, coupling::chained);
    CHECK(all.groups() == std::vector<unsigned>{1, 1, 1, 1, 2, 1});
    const auto des3 = all.serving(some(c::des3_cbc, 24, a::hmac_sha1_96), way::in);
    CHECK(des3.refused == "");
    CHECK(std::string(des3.with.cipher->name) == "3des-area");
    CHECK(des3.authentication_group == 4);
    // One that only encrypts is passed over.
    CHECK(std::string(all.serving(some(c::aes_cbc, 16, a::hmac_md5_96), way::in).with.cipher->name) == "aes-128-round");
    const auto hash_alone = all.serving(some(c::null, 0, a::hmac_sha1_96), way::in);
    CHECK(hash_alone.with.cipher == nullptr);
    CHECK(hash_alone.refused == "");
}

TEST_CASE("what no engine does is refused with what is missing") {
    const engine_set few({"3des-area", "sha1"}, coupling::chained);
    CHECK(few.serving(some(c::aes_cbc, 16, a::hmac_sha1_96), way::in).refused.find("aes-cbc") != std::string::npos);
    CHECK(few.serving(some(c::des3_cbc, 24, a::hmac_md5_96), way::in).refused.find("hmac-md5-96") != std::string::npos);
    CHECK_THROWS_AS(engine_set({"abacus"}, coupling::chained), std::invalid_argument);
    const engine_set aes({"aes-128-round", "sha1"}, coupling::chained);
    CHECK(aes.serving(some(c::aes_cbc, 32, a::hmac_sha1_96), way::in).refused ==
          "no engine decrypts aes-cbc with a key of 32 octets; allowed: aes-256-iterative");
    // Encrypting takes a core more.
    CHECK(aes.serving(some(c::aes_cbc, 32, a::hmac_md5_96), way::out).refused ==
          "no engine does aes-cbc with a key of 32 octets; allowed: aes-256-iterative, aes-256-pipelined; and no engine does hmac-md5-96; allowed: md5");
    CHECK(aes.serving(some(c::aes_cbc, 16, a::hmac_sha2_512_256), way::in).refused == "no engine with a measured core does hmac-sha2-512-256");
}

// Whatever is told to be missing serves, once it is there.
TEST_CASE("engines for AES-GCM and a second AES core are asked for by name") {
    const auto gcm = some(c::aes_gcm_16, 20, a::null);
    CHECK(engine_set({"3des-area", "sha1"}, coupling::chained).serving(gcm, way::in).refused ==
          "no engines do aes-gcm-16 with a key of 16 octets; allowed: aes-128-gcm, or ghash and one of aes-128-iterative, aes-128-round, aes-128-pipelined");
    CHECK(engine_set({"aes-128-round"}, coupling::chained).serving(gcm, way::in).refused ==
          "no engines do aes-gcm-16 with a key of 16 octets; allowed: aes-128-gcm, or ghash beside the cipher that is there");
    CHECK(engine_set({"ghash"}, coupling::chained).serving(some(c::aes_gcm_8, 36, a::null), way::out).refused ==
          "no engines do aes-gcm-8 with a key of 32 octets; allowed: aes-256-iterative, aes-256-pipelined beside ghash");
    for (const auto& list : {std::vector<std::string>{"aes-128-gcm"}, {"ghash", "aes-128-pipelined"}, {"aes-128-round", "ghash"}})
        CHECK(engine_set(list, coupling::chained).serving(gcm, way::in).refused == "");
    const auto xcbc = some(c::aes_cbc, 16, a::aes_xcbc_mac_96);
    CHECK(engine_set({"aes-128-round", "ghash"}, coupling::chained).serving(xcbc, way::in).refused ==
          "one engine cannot do both aes-cbc and aes-xcbc-mac-96 of a packet; wanted is another of aes-128-iterative, aes-128-round, aes-128-pipelined "
          "beside it");
    CHECK(engine_set({"aes-128-round", "aes-128-pipelined"}, coupling::chained).serving(xcbc, way::in).refused == "");
}

TEST_CASE("a core that is cipher and authentication of one association must be there twice") {
    const auto xcbc = some(c::aes_cbc, 16, a::aes_xcbc_mac_96);
    CHECK(engine_set({"aes-128-round"}, coupling::chained).serving(xcbc, way::in).refused != "");
    CHECK(engine_set({"aes-128-round", "aes-128-round"}, coupling::chained).serving(xcbc, way::in).refused == "");
}

TEST_CASE("clocks of a received packet are those of the closed form") {
    const engine_set s({"3des-area", "sha1"}, coupling::chained);
    const auto p = some(c::des3_cbc, 24, a::hmac_sha1_96);
    const auto with = s.serving(p, way::in);
    // Inner packet of 1,446 octets: 1,448 of text, 1,464 hashed (docs/ipsec.md).
    const engine_work w = s.inbound(with, p, {1'448, 1'464, 0}, false);
    CHECK(w.cipher == 8'688);
    CHECK(w.authentication == 2'050);
    CHECK(w.chained);
    const engine_set row({"3des-area", "sha1"}, coupling::series);
    CHECK_FALSE(row.inbound(row.serving(p, way::in), p, {1'448, 1'464, 0}, false).chained);
    // A replayed packet is refused by its number: no engine works.
    const engine_work none = s.inbound(with, p, {0, 0, 0}, false);
    CHECK(none.cipher + none.authentication == 0);
}
