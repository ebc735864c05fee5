#include <catch2/catch.hpp>

#include "nicteam/state/part_format.h"

using namespace nicteam;
using namespace nicteam::state;

namespace {

bytes written() {
    bytes out{0xEE};      // what stood there before stays
    part_writer w(out, layer::path, part::cached, 0x0102);
    w.u8(1);
    w.u16(0x0203);
    w.u32(0x04050607);
    w.u64(0x08090A0B0C0D0E0F);
    w.octets(reinterpret_cast<const std::uint8_t*>("xyz"), 3);
    w.finish();
    return {out.begin() + 1, out.end()};
}

bool reads(const bytes& b, layer l = layer::path, part p = part::cached, std::uint16_t version = 0x0102, std::size_t tail = 3) {
    part_reader r(b.data(), b.size(), l, p, version);
    std::uint8_t text[8] = {};
    const bool same = r.u8() == 1 && r.u16() == 0x0203 && r.u32() == 0x04050607 && r.u64() == 0x08090A0B0C0D0E0F;
    r.octets(text, tail);
    return r.finished() && same && text[2] == 'z';
}

}  // namespace

TEST_CASE("a part is its header and its fields little endian without holes") {
    CHECK(written() == bytes{0x02, 0x01, 1, 1, 26, 0, 0, 0, 1, 3, 2, 7, 6, 5, 4, 15, 14, 13, 12, 11, 10, 9, 8, 'x', 'y', 'z'});
    CHECK(reads(written()));
}

TEST_CASE("what is of another version or layer or part or length is no such part") {
    CHECK_FALSE(reads(written(), layer::security));
    CHECK_FALSE(reads(written(), layer::path, part::delegated));
    CHECK_FALSE(reads(written(), layer::path, part::cached, 0x0103));
    CHECK_FALSE(reads(written(), layer::path, part::cached, 0x0102, 2));      // one octet left over
    CHECK_FALSE(reads(written(), layer::path, part::cached, 0x0102, 4));
    for (std::size_t n = 0; n < written().size(); ++n) {
        bytes cut = written();
        cut.resize(n);
        CHECK_FALSE(reads(cut));
        if (n >= part_header) cut[4] = static_cast<std::uint8_t>(n);      // the length agrees, the fields do not
        CHECK_FALSE(reads(cut));
    }
    bytes untrue = written();      // all is there but the length says less
    untrue[4] -= 1;
    CHECK_FALSE(reads(untrue));
    bytes more = written();
    more.push_back(0);
    CHECK_FALSE(reads(more));
}
