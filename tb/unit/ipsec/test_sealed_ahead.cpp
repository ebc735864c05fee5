// What threads seal and open ahead of time is what comes of doing it in place.
#include <catch2/catch.hpp>

#include <deque>

#include "nicteam/base/random_stream.h"
#include "nicteam/ipsec/process.h"
#include "nicteam/ipsec/transform_service.h"
#include "some_association.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;

namespace {

const algorithms triple{cipher_kind::des3_cbc, authentication_kind::hmac_sha1_96};

struct under_way {
    bytes packet, expected;
    sealed_later later;
};

// Protects in place and ahead, in the same order of numbers and IVs; finishes up to `most` packets later.
void compare(const algorithms& a, const transform_options& o, std::size_t most, std::size_t octets, unsigned packets) {
    association_parameters p = some(a, association_mode::tunnel);
    p.extended_sequence = true;
    association in_place(p, 0, 1);
    transform_service service(o);
    const transform_service::in_force now(service);
    association ahead(p, 0, 1), receiver(p, 0, 1);
    std::deque<under_way> all;
    random_stream r(1, "sealed", "ahead");
    const auto finish = [&] {
        under_way u = std::move(all.front());
        all.pop_front();
        u.later.finish(u.packet);
        REQUIRE(u.packet == u.expected);
        const bool tampered = r.chance(probability_one / 5);
        const auto seen = [&](std::int64_t chance) {
            if (r.chance(chance)) foresee(receiver, packet::octets(u.packet).from(20), 4);
        };
        seen(probability_one / 2);
        const std::size_t text = 20 + esp_header + a.iv();
        if (tampered) u.packet[text + r.below(u.packet.size() - text)] ^= 4;
        if (tampered) seen(probability_one / 2);
        opened out;
        work w;
        const outcome how = unprotect(receiver, u.packet, out, w);
        REQUIRE(how == (tampered ? outcome::bad_icv : outcome::done));
    };
    for (unsigned n = 0; n < packets; ++n) {
        const bytes clear = ip_packet(false, octets + r.below(64));
        under_way u;
        u.expected = protect_next(in_place, clear).packet;
        std::uint64_t sequence = 0;
        std::uint8_t iv[16] = {};
        REQUIRE(ahead.draw(sequence, iv));
        work w;
        REQUIRE(protect(ahead, clear, sequence, iv, u.packet, w, 0, &u.later) == outcome::done);
        REQUIRE(u.packet.size() == u.expected.size());
        all.push_back(std::move(u));
        while (all.size() > r.below(most + 1)) finish();
    }
    while (!all.empty()) finish();
}

}  // namespace

TEST_CASE("packets sealed ahead are those sealed in place with each service") {
    for (const unsigned threads : {0u, 1u, 3u})
        for (const bool cache : {false, true}) {
            compare(triple, {cache, threads}, 8, 1'300, 300);
            compare({cipher_kind::des_cbc, authentication_kind::hmac_md5_96}, {cache, threads}, 8, 1'300, 200);
            compare({cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96}, {cache, threads}, 8, 9'000, 50);
            compare({cipher_kind::aes_gcm_16, authentication_kind::null}, {cache, threads}, 8, 30'000, 20);
            compare(triple, {cache, threads}, 0, 20, 50);
        }
}

TEST_CASE("a packet that is given up leaves no trace") {
    transform_service service({true, 1});
    const transform_service::in_force now(service);
    for (int n = 0; n < 50; ++n) {
        association a(some(triple), 0, 1);
        bytes out;
        work w;
        std::uint64_t sequence = 0;
        std::uint8_t iv[16] = {};
        REQUIRE(a.draw(sequence, iv));
        sealed_later later;
        REQUIRE(protect(a, ip_packet(false, 1'300), sequence, iv, out, w, 0, &later) == outcome::done);
    }                                            // association and packet are gone
    REQUIRE(service.count().ahead == 50);
    REQUIRE(service.count().kept == 0);
}

TEST_CASE("what is foreseen is opened once and used only for the very same packet") {
    for (const bool cache : {false, true}) {
        association outside(some(triple), 0, 1);
        transform_service service({cache, 1});
        const transform_service::in_force now(service);
        association_table table(4);
        REQUIRE(table.add(some(triple), 0, 1).refused.empty());
        REQUIRE(service.works_ahead());
        const sent s = protect_next(outside, ip_packet(false, 1'300));
        foresee(table, s.packet);
        REQUIRE(service.count().ahead == 1);
        bytes changed = s.packet;
        changed[700] ^= 1;
        REQUIRE(take_off(table, changed, 0).why == outcome::bad_icv);
        REQUIRE(service.count().foreseen == 0);
        REQUIRE(take_off(table, s.packet, 0).how == passage::pass);
        REQUIRE(service.count().foreseen == 1);
        REQUIRE(take_off(table, s.packet, 0).why == outcome::replayed);
    }
}

TEST_CASE("of much that is foreseen and never comes only the latest is kept") {
    association outside(some(triple), 0, 1);
    transform_service service({false, 1});
    const transform_service::in_force now(service);
    association_table table(4);
    REQUIRE(table.add(some(triple), 0, 1).refused.empty());
    bytes first, last;
    for (int n = 0; n < 200; ++n) {
        last = protect_next(outside, ip_packet(false, 1'300)).packet;
        if (n == 0) first = last;
        foresee(table, last);
    }
    REQUIRE(take_off(table, first, 0).how == passage::pass);
    REQUIRE(service.count().foreseen == 0);
    REQUIRE(take_off(table, last, 0).how == passage::pass);
    REQUIRE(service.count().foreseen == 1);
}

TEST_CASE("nothing is handed over that is done sooner than told") {
    transform_service service({false, 1});
    const transform_service::in_force now(service);
    association quick(some({cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96}), 0, 1);
    REQUIRE_FALSE(service.works_ahead());
    association slow(some(triple), 0, 1);
    REQUIRE(service.works_ahead());
    bytes out;
    work w;
    std::uint64_t sequence = 0;
    std::uint8_t iv[16] = {};
    sealed_later later;
    REQUIRE(quick.draw(sequence, iv));
    protect(quick, ip_packet(false, 1'300), sequence, iv, out, w, 0, &later);
    protect(slow, ip_packet(false, 40), sequence, iv, out, w, 0, &later);
    REQUIRE(service.count().ahead == 0);
}
