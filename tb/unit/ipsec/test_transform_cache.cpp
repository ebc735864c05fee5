// What was sealed is known again, and nothing else is.
#include <catch2/catch.hpp>

#include <algorithm>

#include "ipsec/service/transform_cache.h"
#include "nicteam/ipsec/transform_service.h"
#include "some_association.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;

namespace {

const algorithms triple{cipher_kind::des3_cbc, authentication_kind::hmac_sha1_96};

// SPI, number, IV, text and room for the ICV.
bytes esp_of(const algorithms& a, std::uint32_t number, std::size_t blocks, std::uint8_t seed = 1) {
    bytes p(esp_header + a.iv() + blocks * a.block() + a.icv());
    for (std::size_t k = 0; k < p.size(); ++k) p[k] = static_cast<std::uint8_t>(seed + 7 * k + k / 97);
    packet::put32(p.data(), 0x1001);
    packet::put32(p.data() + 4, number);
    return p;
}

bytes sealed(transform& t, const algorithms& a, bytes p, std::optional<std::uint32_t> high = {}) {
    t.seal(p.data(), p.size() - a.icv(), high);
    return p;
}

// What it opens to; empty: it does not.
bytes opens_to(transform& t, const algorithms& a, bytes p, std::optional<std::uint32_t> high = {}) {
    if (!t.open(p.data(), p.size() - a.icv(), high)) return {};
    return p;
}

transform_cache::name named(std::uint64_t transform, std::optional<std::uint32_t> high = {}) { return {transform, high, 12}; }

bytes some_sealed(std::uint32_t number, std::size_t octets = 100) {
    bytes b(octets, static_cast<std::uint8_t>(number * 3));
    packet::put32(b.data() + 4, number);
    for (std::size_t k = 0; k < 12; ++k) b[octets - 12 + k] = static_cast<std::uint8_t>(number + k * 11);
    return b;
}

void keep(transform_cache& c, const transform_cache::name& n, const bytes& text, const bytes& sealed) {
    c.take_text(text);
    c.keep(n, sealed);
}

}  // namespace

TEST_CASE("the cache knows a packet by transform and number and each of its octets") {
    transform_cache c;
    const bytes text(60, 9), packet = some_sealed(5);
    keep(c, named(1), text, packet);
    const std::uint8_t* found = c.find(named(1), packet);
    REQUIRE(found);
    REQUIRE(bytes(found, found + text.size()) == text);
    REQUIRE(c.find(named(1), packet) == found);                        // again
    for (std::size_t k = 0; k < packet.size(); ++k) {
        bytes other = packet;
        other[k] ^= 1;
        CAPTURE(k);
        REQUIRE_FALSE(c.find(named(1), other));
    }
    REQUIRE_FALSE(c.find(named(2), packet));                           // other keys
    REQUIRE_FALSE(c.find(named(1, 0), packet));                        // a number of 64 bits
    REQUIRE_FALSE(c.find(named(1), bytes(packet.begin(), packet.end() - 1)));
    bytes longer = packet;
    longer.insert(longer.end() - 12, 0);
    REQUIRE_FALSE(c.find(named(1), longer));
}

TEST_CASE("the upper half of a number is part of what the cache knows a packet by") {
    transform_cache c;
    const bytes packet = some_sealed(5);
    keep(c, named(1, 7), bytes(8, 1), packet);
    REQUIRE(c.find(named(1, 7), packet));
    REQUIRE_FALSE(c.find(named(1, 8), packet));
    REQUIRE_FALSE(c.find(named(1), packet));
}

TEST_CASE("what came first leaves the cache first and its octets stay within the limit") {
    constexpr std::size_t each = 100 + 60, fit = 5;
    transform_cache c(fit * each + each / 2);
    for (std::uint32_t n = 1; n <= 40; ++n) {
        keep(c, named(1), bytes(60, static_cast<std::uint8_t>(n)), some_sealed(n));
        REQUIRE(c.entries() == std::min<std::size_t>(n, fit));
        REQUIRE(c.used() == c.entries() * each);
        for (std::uint32_t old = 1; old <= n; ++old) REQUIRE((c.find(named(1), some_sealed(old)) != nullptr) == (old + fit > n));
        REQUIRE(*c.find(named(1), some_sealed(n)) == n);
    }
    keep(c, named(1), bytes(1'000), some_sealed(99));                  // longer than all there is
    REQUIRE_FALSE(c.find(named(1), some_sealed(99)));
    REQUIRE(c.find(named(1), some_sealed(40)));
}

TEST_CASE("a packet that was sealed twice is known until the later one leaves") {
    transform_cache c(3 * 160);
    for (const std::uint32_t n : {1u, 1u, 2u}) keep(c, named(1), bytes(60, 1), some_sealed(n));
    keep(c, named(1), bytes(60, 1), some_sealed(3));                   // the first one goes
    REQUIRE(c.find(named(1), some_sealed(1)));
    keep(c, named(1), bytes(60, 1), some_sealed(4));
    REQUIRE_FALSE(c.find(named(1), some_sealed(1)));
    REQUIRE(c.find(named(1), some_sealed(2)));
}

TEST_CASE("with a cache transforms do what they do in place, of every algorithm and with a changed octet") {
    for (const algorithms& a : all_algorithms()) {
        transform_service service({true, 0});
        const auto in_place = transform::make(a, keys_for(a));
        const auto from = service.make(a, keys_for(a)), to = service.make(a, keys_for(a));
        CAPTURE(info(a.cipher).name, info(a.authentication).name);
        for (std::uint32_t n = 1; n <= 70; ++n) {
            const std::optional<std::uint32_t> high = n % 3 ? std::nullopt : std::optional(n);
            const bytes clear = esp_of(a, n, 8'000 / a.block(), static_cast<std::uint8_t>(n));
            const bytes protected_one = sealed(*from, a, clear, high);
            REQUIRE(protected_one == sealed(*in_place, a, clear, high));
            REQUIRE(opens_to(*to, a, protected_one, high) == opens_to(*in_place, a, protected_one, high));
            bytes changed = protected_one;
            changed[(n * 37) % changed.size()] ^= static_cast<std::uint8_t>(1 << n % 8);
            REQUIRE(opens_to(*to, a, changed, high) == opens_to(*in_place, a, changed, high));
            REQUIRE(opens_to(*to, a, protected_one, n) == opens_to(*in_place, a, protected_one, n));      // another upper half
            REQUIRE(opens_to(*to, a, protected_one, high) == opens_to(*in_place, a, protected_one, high));      // a copy
        }
    }
}

TEST_CASE("one hit in 64 is decrypted all the same") {
    transform_service service({true, 0});
    const auto t = service.make(triple, keys_for(triple));
    const bytes packet = sealed(*t, triple, esp_of(triple, 1, 50));
    for (unsigned n = 1; n <= 200; ++n) {
        REQUIRE_FALSE(opens_to(*t, triple, packet).empty());
        REQUIRE(service.count().hits == n);
        REQUIRE(service.count().opened_again == n / 64);
    }
}

TEST_CASE("transforms of one content share what they sealed, those of another do not") {
    transform_service service({true, 0});
    keys other = keys_for(triple);
    other.authentication[0] ^= 1;
    const auto from = service.make(triple, keys_for(triple)), stranger = service.make(triple, other);
    const bytes packet = sealed(*from, triple, esp_of(triple, 1, 50));
    REQUIRE(opens_to(*stranger, triple, packet).empty());
    REQUIRE(service.count().hits == 0);
    const auto same = service.make(triple, keys_for(triple));
    REQUIRE_FALSE(opens_to(*same, triple, packet).empty());
    REQUIRE(service.count().hits == 1);
}

TEST_CASE("what opens as quickly as it is found is not kept") {
    const algorithms galois{cipher_kind::aes_gcm_16, authentication_kind::null};
    transform_service service({true, 0});
    const auto fast = service.make(galois, keys_for(galois)), slow = service.make(triple, keys_for(triple));
    sealed(*fast, galois, esp_of(galois, 1, 360));
    REQUIRE(service.count().kept == 0);
    sealed(*slow, triple, esp_of(triple, 1, 180));
    REQUIRE(service.count().kept == 1);
}

TEST_CASE("associations are made with the service in force and in place else and when only times count") {
    const auto seals_one = [](payload_kind payload) {
        association a(some(triple), 0, 1, payload);
        protect_next(a, ip_packet(false, 1'000));
    };
    transform_service service({true, 0});
    seals_one(payload_kind::real);
    REQUIRE(service.count().kept == 0);
    {
        const transform_service::in_force now(service);
        REQUIRE(transform_service::current() == &service);
        seals_one(payload_kind::timing_only);
        REQUIRE(service.count().kept == 0);
        seals_one(payload_kind::real);
        REQUIRE(service.count().kept == 1);
    }
    REQUIRE(transform_service::current() == nullptr);
}
