#include <catch2/catch.hpp>

#include <set>

#include "nicteam/packet/identification.h"

using namespace nicteam;
using namespace nicteam::packet;

namespace {

const ip_address a = *parse_ip("192.0.2.1"), b = *parse_ip("192.0.2.2"), c = *parse_ip("192.0.2.3");
constexpr std::uint8_t esp = 50, udp = 17;

}  // namespace

TEST_CASE("each path uses its whole slice before a number comes again") {
    for (const identification_slice s : {identification_slice{}, slice(1, 2), slice(5, 8), identification_slice{65'535, 1}}) {
        identification_source source(s, second);
        std::set<std::uint32_t> seen;
        for (std::uint32_t n = 0; n < s.count; ++n) {
            const std::uint32_t id = source.next(a, b, esp, 0);
            REQUIRE(id >= s.first);
            REQUIRE(id < s.first + s.count);
            REQUIRE(seen.insert(id).second);
        }
        CHECK(source.next(a, b, esp, second) == s.first);
    }
}

TEST_CASE("paths are counted apart") {
    identification_source source;
    CHECK(source.next(a, b, esp, 0) == 0);
    CHECK(source.next(a, b, esp, 0) == 1);
    CHECK(source.next(a, b, udp, 0) == 0);
    CHECK(source.next(b, a, esp, 0) == 0);
    CHECK(source.next(a, c, esp, 0) == 0);
    CHECK(source.paths() == 4);
    CHECK(source.used(a, b, esp) == 2);
    CHECK(source.used(c, b, esp) == 0);
}

TEST_CASE("IPv6 has the same part of 32 bits and no protocol") {
    const ip_address p = *parse_ip("2001:db8::1"), q = *parse_ip("2001:db8::2");
    identification_source source(slice(1, 2), second);
    CHECK(source.next(p, q, esp, 0) == 0x80000000);
    CHECK(source.next(p, q, udp, 0) == 0x80000001);
    CHECK(source.next(a, b, esp, 0) == 0x8000);
    source.go_on_after(p, q, esp, 0x7FFFFFFF, 0);
    CHECK(source.next(p, q, esp, 0) == 0xFFFFFFFF);
    CHECK(source.short_rounds() == 0);
    CHECK(source.next(p, q, esp, 0) == 0x80000000);
    CHECK(source.short_rounds() == 1);
}

TEST_CASE("owners of slices never meet and a path handed on goes on in its slice") {
    identification_source host(slice(0, 2)), device(slice(1, 2));
    std::set<std::uint32_t> seen;
    for (int n = 0; n < 32'768; ++n) {
        REQUIRE(seen.insert(host.next(a, b, esp, 0)).second);
        REQUIRE(seen.insert(device.next(a, b, esp, 0)).second);
    }
    CHECK(seen.size() == 65'536);
    identification_source before(slice(3, 16)), after(slice(3, 16));
    std::set<std::uint32_t> once;
    for (int n = 0; n < 1'000; ++n) once.insert(before.next(a, b, esp, 0));
    after.go_on_after(a, b, esp, before.used(a, b, esp), 0);
    for (int n = 0; n < 4'096 - 1'000; ++n) REQUIRE(once.insert(after.next(a, b, esp, 0)).second);
    CHECK_FALSE(once.insert(after.next(a, b, esp, 0)).second);
}

TEST_CASE("a round shorter than a receiver may wait is counted") {
    identification_source source({0, 4}, 10);
    for (const ps now : {0, 1, 2, 3, 9}) source.next(a, b, esp, now);      // the fifth begins the second round at 9
    CHECK(source.short_rounds() == 1);
    for (const ps now : {10, 11, 12, 19}) source.next(a, b, esp, now);     // the third at 19
    CHECK(source.short_rounds() == 1);
    for (const ps now : {20, 21, 22, 28}) source.next(a, b, esp, now);
    CHECK(source.short_rounds() == 2);
}

TEST_CASE("slices that there are not are refused") {
    CHECK_THROWS_WITH(slice(0, 3), "3 slices of 65536 identifications: a power of two");
    CHECK_THROWS_WITH(slice(8, 8), "slice 8 of 8");
    CHECK_THROWS_AS(slice(0, 0), std::invalid_argument);
    CHECK_THROWS_AS(identification_source({0, 0}), std::invalid_argument);
    CHECK_THROWS_WITH(identification_source({65'535, 2}), "2 identifications from 65535 on: 1 to 65536 within 16 bits");
}
