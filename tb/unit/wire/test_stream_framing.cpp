// The framing of QEMU's stream back ends, fed with what may come: any octets, in any pieces.
#include <catch2/catch.hpp>

#include <random>

#include "nicteam/wire/stream_framing.h"

using namespace nicteam;
using wire::stream_decoder;
using kind = wire::stream_decoder::kind;

namespace {

constexpr std::size_t kept = 1514, believed = 69'632;

bytes of_length(std::uint32_t n, std::size_t octets) {
    bytes b{static_cast<std::uint8_t>(n >> 24), static_cast<std::uint8_t>(n >> 16), static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n)};
    b.resize(4 + octets, 0xA5);
    return b;
}

void append(bytes& to, const bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace

TEST_CASE("a frame is its length, most significant octet first, then its octets") {
    bytes out;
    const bytes frame{1, 2, 3};
    wire::put_stream_frame(out, {frame.data(), frame.size()});
    CHECK(out == bytes{0, 0, 0, 3, 1, 2, 3});
    stream_decoder d(kept, believed);
    d.feed({out.data(), out.size()});
    const auto i = d.next();
    CHECK(i.what == kind::frame);
    CHECK(i.data == frame);
    CHECK(d.next().what == kind::none);
    CHECK(d.idle());
}

TEST_CASE("lengths at the borders: empty, kept, passed over, beyond belief") {
    bytes in;
    append(in, of_length(0, 0));
    append(in, of_length(kept, kept));
    append(in, of_length(kept + 1, kept + 1));
    append(in, of_length(believed, believed));
    append(in, of_length(14, 14));
    append(in, of_length(believed + 1, 0));
    stream_decoder d(kept, believed);
    d.feed({in.data(), in.size()});
    CHECK(d.next().what == kind::empty);
    auto i = d.next();
    CHECK((i.what == kind::frame && i.data.size() == kept));
    i = d.next();
    CHECK((i.what == kind::too_long && i.length == kept + 1));
    i = d.next();
    CHECK((i.what == kind::too_long && i.length == believed));
    i = d.next();
    CHECK((i.what == kind::frame && i.data.size() == 14));
    i = d.next();
    CHECK((i.what == kind::foreign && i.length == believed + 1));
    d.reset();
    CHECK(d.idle());
}

TEST_CASE("a connection that ends within a header or a frame leaves the decoder within it") {
    stream_decoder d(kept, believed);
    const bytes in = of_length(100, 50);
    for (const std::size_t n : {1u, 3u, 4u, 54u}) {
        d.reset();
        d.feed({in.data(), n});
        CHECK(d.next().what == kind::none);
        CHECK_FALSE(d.idle());
    }
    const bytes longer = of_length(5000, 10);      // within one that is passed over
    d.reset();
    d.feed({longer.data(), longer.size()});
    CHECK(d.next().what == kind::none);
    CHECK_FALSE(d.idle());
}

TEST_CASE("the pieces in which octets come change nothing") {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        bytes in;
        for (int n = 0; n < 20; ++n) {
            const std::uint32_t sizes[] = {0, static_cast<std::uint32_t>(random() % 100), kept, static_cast<std::uint32_t>(kept + random() % 3000), static_cast<std::uint32_t>(random() % 1600)};
            const std::uint32_t size = sizes[random() % 5];
            append(in, of_length(size, size));
        }
        if (round % 3 == 0) append(in, of_length(static_cast<std::uint32_t>(0xFFFFFFFF - random() % 1000), 9));
        const auto items = [&](bool whole) {
            stream_decoder d(kept, believed);
            std::vector<std::pair<kind, std::uint32_t>> all;
            for (std::size_t at = 0; at < in.size();) {
                const std::size_t n = whole ? in.size() : std::min<std::size_t>(1 + random() % 700, in.size() - at);
                d.feed({in.data() + at, n});
                at += n;
                for (auto i = d.next(); i.what != kind::none; i = d.next()) {
                    all.emplace_back(i.what, i.length);
                    if (i.what == kind::foreign) return all;
                }
            }
            return all;
        };
        const auto once = items(true);
        REQUIRE(once.size() == (round % 3 == 0 ? 21u : 20u));
        REQUIRE(items(false) == once);
    }
}

TEST_CASE("octets without any sense end in nothing or a foreign length and are never all kept") {
    std::mt19937 random(11);
    for (int round = 0; round < 2000; ++round) {
        stream_decoder d(kept, believed);
        bool lost = false;
        for (int n = 0; n < 50 && !lost; ++n) {
            bytes in(random() % 200);
            for (auto& b : in) b = random() % 4 ? 0 : static_cast<std::uint8_t>(random());
            d.feed({in.data(), in.size()});
            for (auto i = d.next(); i.what != kind::none && !lost; i = d.next()) {
                lost = i.what == kind::foreign;
                REQUIRE(i.data.size() <= kept);
                REQUIRE((lost || i.length <= believed));
            }
        }
    }
}
