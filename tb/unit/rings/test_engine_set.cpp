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
    return offload::engine_pool(clock_domain(period), std::vector<unsigned>(8, 1)).run({w}, 0).done / period;
}

offload::engine_work work(const offload::engine_set& set, const ipsec::association_parameters& p, way w, std::size_t packet, bool new_key = false) {
    const auto both = rings::serving(set, p);
    REQUIRE(both);
    return rings::work_of(*both, p, w, packet, 20, new_key);
}
offload::engine_set engines_of(const std::vector<std::string>& names, coupling c = coupling::chained) { return offload::engine_set(names, c); }
bool can(const std::vector<std::string>& names, const ipsec::algorithms& a, std::size_t key = 16) {
    return rings::serving(engines_of(names), some(a, ipsec::association_mode::transport, false, ipsec::security_protocol::esp, key)).has_value();
}

}  // namespace

TEST_CASE("Engine set: algorithms follow from the cores") {
    using c = ipsec::cipher_kind;
    using a = ipsec::authentication_kind;
    const auto area = engines_of({"3des-area", "sha1"});
    CHECK(rings::ciphers_of(area) == (1u << static_cast<unsigned>(c::null) | 1u << static_cast<unsigned>(c::des3_cbc)));
    CHECK(rings::authentications_of(area) == (1u << static_cast<unsigned>(a::null) | 1u << static_cast<unsigned>(a::hmac_sha1_96)));
    // A core that only encrypts does counter mode and not CBC.
    CHECK(can({"aes-128-pipelined", "sha1"}, {c::aes_ctr, a::hmac_sha1_96}));
    CHECK_FALSE(can({"aes-128-pipelined", "sha1"}, {c::aes_cbc, a::hmac_sha1_96}));
    CHECK_FALSE(can({"aes-128-pipelined", "sha1"}, {c::aes_ctr, a::hmac_sha1_96}, 32));
    // Galois by AES and GHASH, or by one core.
    CHECK(can({"aes-128-round", "ghash"}, gcm));
    CHECK(can({"aes-128-gcm"}, gcm));
    CHECK_FALSE(can({"aes-128-round"}, gcm));
    // Each way by the engine that can.
    const auto both = rings::serving(engines_of({"aes-128-pipelined", "aes-128-round", "sha1"}), some(aes_sha1));
    REQUIRE(both);
    CHECK(std::string(both->out.with.cipher->name) == "aes-128-pipelined");
    CHECK(std::string(both->in.with.cipher->name) == "aes-128-round");
}

TEST_CASE("Engine set: a tunnel's packet of 1446 octets takes the published clocks") {
    ipsec::association_parameters p = some(des3_sha1, ipsec::association_mode::tunnel);
    const auto chained = engines_of({"3des-area", "sha1"}), series = engines_of({"3des-area", "sha1"}, coupling::series);
    CHECK(work(chained, p, way::out, 1446, false).cipher == 8'688);
    CHECK(work(chained, p, way::out, 1446, false).authentication == 2'050);
    CHECK(clocks(work(chained, p, way::out, 1446, false)) == 8'934);
    CHECK(clocks(work(series, p, way::out, 1446, false)) == 10'738);
    CHECK(clocks(work(chained, p, way::in, 20 + 8 + 8 + 1448 + 12, false)) == 8'688);
}

TEST_CASE("Engine set: in a pool every association takes its closed form") {
    for (const coupling c : {coupling::chained, coupling::series}) {
        const auto set = engines_of({"des-pipelined", "3des-cascade", "aes-128-iterative", "md5", "sha1", "sha256", "ghash"}, c);
        for (const ipsec::algorithms& a : all_algorithms())
            for (const way w : {way::out, way::in})
                for (const std::size_t body : {1u, 64u, 700u, 1400u})
                    for (const bool new_key : {false, true}) {
                        const ipsec::association_parameters p = some(a);
                        const auto both = rings::serving(set, p);
                        if (!both) continue;
                        const offload::engines& e = (w == way::out ? both->out : both->in).with;
                        const std::size_t text = offload::esp_text(a, body);
                        const std::size_t packet = 20 + (w == way::out ? body : 8 + a.iv() + text + a.icv());
                        INFO(ipsec::info(a.cipher).name << " " << ipsec::info(a.authentication).name << " " << body);
                        CHECK(clocks(work(set, p, w, packet, new_key)) ==
                              static_cast<std::int64_t>(offload::esp_clocks(e, a, w, text, false, new_key).total));
                    }
    }
}

TEST_CASE("Engine set: AH is one hash - what has no text takes nothing") {
    const auto set = engines_of({"3des-area", "sha1"});
    const auto ah = some({ipsec::cipher_kind::null, ipsec::authentication_kind::hmac_sha1_96}, ipsec::association_mode::transport, false,
                         ipsec::security_protocol::ah);
    const auto w = work(set, ah, way::in, 700, false);
    CHECK(w.cipher == 0);
    CHECK(w.authentication == offload::hash_clocks({nullptr, offload::core_named("sha1")}, ah.algorithms, 700).total);
    const auto esp = some(des3_sha1);
    CHECK(work(set, esp, way::in, 20 + 8 + 8 + 12, false).cipher == 0);      // all of it is around the text
    CHECK(work(set, esp, way::in, 20 + 8 + 8 + 12 + 7, false).cipher == 0);  // no block
    CHECK(work(set, esp, way::in, 20 + 8 + 8 + 12 + 8, false).cipher == 48);
    CHECK_FALSE(rings::serving(set, some(aes_sha1)));
}
