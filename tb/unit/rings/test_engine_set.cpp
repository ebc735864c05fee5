// Which cores do what, and what they take: in a pool of engines the closed forms of engine_timing.h come out.
#include <catch2/catch.hpp>

#include "bench.h"

using namespace nicteam;
using namespace nicteam::test;
using offload::coupling;
using offload::way;

namespace {

std::int64_t clocks(const offload::engine_work& w) {
    constexpr ps period = 30'000;
    return offload::engine_pool(clock_domain(period), {1, 1}).run({w}, 0).done / period;
}

offload::engine_work work(const rings::engine_set& set, const ipsec::association_parameters& p, way w, std::size_t packet, bool new_key = false) {
    const auto cores = set.serving(p.algorithms, p.keys.cipher.size() - ipsec::info(p.algorithms.cipher).salt);
    REQUIRE(cores);
    return rings::engine_set::work(*cores, p, w, packet, 20, new_key);
}

}  // namespace

TEST_CASE("Engine set: names that are no core's or come twice are refused") {
    CHECK_THROWS_WITH(rings::engine_set({"3des-huge"}), "there is no engine core 3des-huge");
    CHECK_THROWS_WITH(rings::engine_set({"sha1", "sha1"}), "engine core sha1 twice");
}

TEST_CASE("Engine set: algorithms follow from the cores") {
    using c = ipsec::cipher_kind;
    using a = ipsec::authentication_kind;
    const rings::engine_set area({"3des-area", "sha1"});
    CHECK(area.ciphers() == (1u << static_cast<unsigned>(c::null) | 1u << static_cast<unsigned>(c::des3_cbc)));
    CHECK(area.authentications() == (1u << static_cast<unsigned>(a::null) | 1u << static_cast<unsigned>(a::hmac_sha1_96)));
    // A core that only encrypts does counter mode and not CBC.
    const rings::engine_set forward({"aes-128-pipelined", "sha1"});
    CHECK(forward.serving({c::aes_ctr, a::hmac_sha1_96}, 16));
    CHECK_FALSE(forward.serving({c::aes_cbc, a::hmac_sha1_96}, 16));
    CHECK_FALSE(forward.serving({c::aes_ctr, a::hmac_sha1_96}, 32));
    // Galois by AES and GHASH, or by one core.
    CHECK(rings::engine_set({"aes-128-round", "ghash"}).serving(gcm, 16));
    CHECK(rings::engine_set({"aes-128-gcm"}).serving(gcm, 16));
    CHECK_FALSE(rings::engine_set({"aes-128-round"}).serving(gcm, 16));
    // Each way by the core that can.
    const rings::engine_set both({"aes-128-pipelined", "aes-128-round", "sha1"});
    CHECK(std::string(both.find(aes_sha1, 16, way::out)->cipher->name) == "aes-128-pipelined");
    CHECK(std::string(both.find(aes_sha1, 16, way::in)->cipher->name) == "aes-128-round");
}

TEST_CASE("Engine set: a tunnel's packet of 1446 octets takes the published clocks") {
    ipsec::association_parameters p = some(des3_sha1, ipsec::association_mode::tunnel);
    const rings::engine_set chained({"3des-area", "sha1"}), series({"3des-area", "sha1"}, coupling::series);
    CHECK(work(chained, p, way::out, 1446, false).cipher == 8'688);
    CHECK(work(chained, p, way::out, 1446, false).authentication == 2'050);
    CHECK(clocks(work(chained, p, way::out, 1446, false)) == 8'934);
    CHECK(clocks(work(series, p, way::out, 1446, false)) == 10'738);
    CHECK(clocks(work(chained, p, way::in, 20 + 8 + 8 + 1448 + 12, false)) == 8'688);
}

TEST_CASE("Engine set: in a pool every association takes its closed form") {
    for (const coupling c : {coupling::chained, coupling::series}) {
        const rings::engine_set set({"des-pipelined", "3des-cascade", "aes-128-iterative", "md5", "sha1", "sha256", "ghash"}, c);
        for (const ipsec::algorithms& a : all_algorithms())
            for (const way w : {way::out, way::in})
                for (const std::size_t body : {1u, 64u, 700u, 1400u})
                    for (const bool new_key : {false, true}) {
                        const ipsec::association_parameters p = some(a);
                        const std::size_t key = p.keys.cipher.size() - ipsec::info(a.cipher).salt;
                        const auto e = set.find(a, key, w);
                        if (!set.serving(a, key)) continue;
                        const std::size_t text = offload::esp_text(a, body);
                        const std::size_t packet = 20 + (w == way::out ? body : 8 + a.iv() + text + a.icv());
                        INFO(ipsec::info(a.cipher).name << " " << ipsec::info(a.authentication).name << " " << body);
                        CHECK(clocks(work(set, p, w, packet, new_key)) ==
                              static_cast<std::int64_t>(offload::esp_clocks(*e, a, w, text, false, new_key).total));
                    }
    }
}

TEST_CASE("Engine set: AH is one hash; what has no text takes nothing") {
    const rings::engine_set set({"3des-area", "sha1"});
    const auto ah = some({ipsec::cipher_kind::null, ipsec::authentication_kind::hmac_sha1_96}, ipsec::association_mode::transport, false,
                         ipsec::security_protocol::ah);
    const auto w = work(set, ah, way::in, 700, false);
    CHECK(w.cipher == 0);
    CHECK(w.authentication == offload::hash_clocks({nullptr, offload::core_named("sha1")}, ah.algorithms, 700).total);
    const auto esp = some(des3_sha1);
    CHECK(work(set, esp, way::in, 20 + 8 + 8 + 12, false).cipher == 0);      // all of it is around the text
    CHECK(work(set, esp, way::in, 20 + 8 + 8 + 12 + 7, false).cipher == 0);  // no block
    CHECK(work(set, esp, way::in, 20 + 8 + 8 + 12 + 8, false).cipher == 48);
    CHECK_FALSE(set.serving(aes_sha1, 16));
}
