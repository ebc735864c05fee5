#include <catch2/catch.hpp>

#include <cstring>

#include "nicteam/base/random_stream.h"
#include "nicteam/packet/fcs.h"

using namespace nicteam;
using namespace nicteam::packet;

namespace {

// One bit at a time, as IEEE 802.3 3.2.9 words it.
std::uint32_t plain_crc(octets data) {
    std::uint32_t r = 0xFFFFFFFF;
    for (std::size_t i = 0; i < data.size; ++i)
        for (int bit = 0; bit < 8; ++bit) {
            const bool feedback = (r >> 31) ^ (data[i] >> bit & 1);
            r = r << 1 ^ (feedback ? 0x04C11DB7 : 0);
        }
    std::uint32_t reflected = 0;
    for (int bit = 0; bit < 32; ++bit) reflected |= (r >> bit & 1) << (31 - bit);
    return ~reflected;
}

ref<frame> random_frame(random_stream& r, std::size_t n) {
    auto f = frame::make();
    for (std::size_t i = 0; i < n; ++i) f->data.push_back(static_cast<std::uint8_t>(r.next()));
    return f;
}

}  // namespace

TEST_CASE("the FCS of the check string is the published one") {
    const char* check = "123456789";
    CHECK(fcs_of(octets(reinterpret_cast<const std::uint8_t*>(check), 9)) == 0xCBF43926);
    CHECK(fcs_of({}) == 0);
}

TEST_CASE("the FCS equals a bit-serial one for every length and in any pieces") {
    random_stream r(1, "crc", "test");
    for (std::size_t n = 0; n < 200; ++n) {
        const auto f = random_frame(r, n);
        const octets whole(f->data);
        REQUIRE(fcs_of(whole) == plain_crc(whole));
        const std::size_t cut = n ? r.below(n + 1) : 0;
        REQUIRE(~crc_update(crc_update(crc_start, whole.first(cut)), whole.from(cut)) == plain_crc(whole));
    }
}

TEST_CASE("a lazy FCS is good and becomes real when asked for") {
    random_stream r(2, "crc", "test");
    for (std::size_t n : {0u, 1u, 60u, 1514u}) {
        auto f = random_frame(r, n);
        append_lazy_fcs(*f);
        REQUIRE(f->data.size() == n + 4);
        CHECK(check_fcs(*f));
        ensure_fcs(*f);
        CHECK(f->fcs_known);
        CHECK(check_fcs(*f));
        // The residue over frame and FCS is a constant of the code.
        CHECK(crc_update(crc_start, f->data) == 0xDEBB20E3);
        for (const std::size_t at : {std::size_t{0}, n + 3}) {
            f->data[at] ^= 0x10;
            CHECK_FALSE(check_fcs(*f));
            f->data[at] ^= 0x10;
        }
    }
    auto tiny = random_frame(r, 3);
    CHECK_FALSE(check_fcs(*tiny));
}

TEST_CASE("the multicast hash gives the known positions") {
    CHECK(multicast_hash({0x01, 0x00, 0x5E, 0x00, 0x00, 0x01}) == 38);
    CHECK(multicast_hash({0x01, 0x00, 0x5E, 0x00, 0x00, 0xFB}) == 8);
    CHECK(multicast_hash({0x33, 0x33, 0x00, 0x00, 0x00, 0x01}) == 46);
    CHECK(multicast_hash({0x01, 0x80, 0xC2, 0x00, 0x00, 0x01}) == 62);
    CHECK(multicast_hash(broadcast_mac) == 31);
}
