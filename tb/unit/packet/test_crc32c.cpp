// Known answers of RFC 3720, appendix B.4, and the check value of CRC catalogues; any octets bit by bit.
#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"
#include "nicteam/packet/crc32c.h"

using namespace nicteam;
using packet::crc32c;

TEST_CASE("crc32c: the examples of RFC 3720 B.4") {
    bytes up(32), down(32);
    for (unsigned n = 0; n < 32; ++n) up[n] = static_cast<std::uint8_t>(n), down[n] = static_cast<std::uint8_t>(31 - n);
    CHECK(crc32c(bytes(32, 0x00)) == 0x8A9136AA);
    CHECK(crc32c(bytes(32, 0xFF)) == 0x62A8AB43);
    CHECK(crc32c(up) == 0x46DD794E);
    CHECK(crc32c(down) == 0x113FDB5C);
    const bytes read{0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18,
                     0x28, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0};
    CHECK(crc32c(read) == 0xD9963A56);
    CHECK(crc32c(bytes{'1', '2', '3', '4', '5', '6', '7', '8', '9'}) == 0xE3069283);
    CHECK(crc32c(bytes{}) == 0);
}

// Long division over the polynomial, most significant coefficient first.
TEST_CASE("crc32c: any octets, by long division") {
    random_stream r(1, "crc", "octets");
    for (unsigned run = 0; run < 200; ++run) {
        bytes data(r.below(100));
        for (std::uint8_t& o : data) o = static_cast<std::uint8_t>(r.below(256));
        std::uint32_t remainder = 0xFFFFFFFF;
        for (const std::uint8_t o : data)
            for (unsigned k = 0; k < 8; ++k) {
                const bool carry = (remainder >> 31 & 1u) != (o >> k & 1u);
                remainder = remainder << 1 ^ (carry ? 0x1EDC6F41u : 0u);
            }
        std::uint32_t reversed = 0;
        for (unsigned k = 0; k < 32; ++k) reversed |= (remainder >> k & 1u) << (31 - k);
        REQUIRE(crc32c(data) == ~reversed);
    }
}
