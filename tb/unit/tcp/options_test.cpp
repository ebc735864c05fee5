// Options on the wire: RFC 9293 3.1 and 3.2, RFC 7323 2.2 and 3.2, RFC 2018 2 and 3. Octets written by hand from the documents.
#include <catch2/catch.hpp>

#include "nicteam/tcp/options.h"

using namespace nicteam;
using namespace nicteam::tcp;

namespace {

options_read read(const bytes& b) { return options_read::parse(b); }
bytes written(const options_writer& w) { return bytes(w.octets().data, w.octets().data + w.octets().size); }

}  // namespace

TEST_CASE("Options are written as RFC 9293 3.2, RFC 7323 and RFC 2018 draw them, aligned to four octets") {
    options_writer syn;
    syn.maximum_segment_size(1460);
    syn.sack_permitted();
    syn.timestamps({0x01020304, 0});
    syn.window_scale(7);
    CHECK(written(syn) == bytes{2, 4, 5, 180, 1, 1, 4, 2, 1, 1, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 7});
    CHECK(syn.written() == 4);

    options_writer data;
    data.timestamps({5, 6});
    const sack_block blocks[4] = {{1, 2}, {3, 4}, {5, 6}, {7, 8}};
    CHECK(data.sack(blocks, 4) == 3);          // RFC 2018, 3: three beside timestamps
    CHECK(written(data) == bytes{1, 1, 8, 10, 0, 0, 0, 5, 0, 0, 0, 6, 1, 1, 5, 26, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6});
    options_writer alone;
    CHECK(alone.sack(blocks, 4) == 4);
    CHECK(alone.octets().size == 36);
    CHECK(options_writer().octets().size == 0);
}

TEST_CASE("Options are read, unknown ones passed over (RFC 9293 3.2, MUST-6)") {
    const auto o = read({2, 4, 5, 180, 254, 4, 9, 9, 4, 2, 1, 3, 3, 15, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2});
    CHECK(*o.maximum_segment_size == 1460);
    CHECK(*o.window_scale == 15);
    CHECK(o.sack_permitted);
    CHECK(o.timestamps->value == 1);
    CHECK(o.timestamps->echo == 2);
    CHECK(o.unknown == 1);
    CHECK(o.read == 5);
    CHECK_FALSE(o.cut_short);
    CHECK_FALSE(read({0, 2, 4, 5, 180}).maximum_segment_size);       // behind the end of the list nothing counts
    CHECK(read({}).read == 0);
}

TEST_CASE("A SACK option of every length is blocks or nothing (RFC 2018 3)") {
    for (unsigned length = 2; length <= 40; ++length) {
        bytes b(40, 0);
        b[0] = 5;
        b[1] = static_cast<std::uint8_t>(length);
        for (unsigned k = 2; k < length; ++k) b[k] = static_cast<std::uint8_t>(k);
        const auto o = read(b);
        const bool legal = length == 10 || length == 18 || length == 26 || length == 34;
        CHECK(o.sack_blocks == (legal ? (length - 2) / 8 : 0));
        CHECK(o.wrong_length == (legal ? 0u : 1u));
        if (legal) CHECK(o.sack[0] == sack_block{0x02030405, 0x06070809});
    }
}

TEST_CASE("Illegal option lengths end the list or are passed over, whatever stands there (RFC 9293 3.2, MUST-7)") {
    for (const std::uint8_t kind : {2, 3, 4, 5, 8, 77}) {
        for (unsigned length = 0; length < 256; ++length) {
            const bytes b{3, 3, 5, kind, static_cast<std::uint8_t>(length), 1, 1, 1};
            const auto o = read(b);
            CHECK(*o.window_scale == (kind == 3 && length == 3 ? 1 : 5));       // what stood before holds
            CHECK(o.cut_short == (length < 2 || length > 5));
            CHECK_FALSE(o.timestamps);
            CHECK(o.sack_blocks == 0);
        }
    }
    CHECK(read({2}).cut_short);                                      // not even a length
    CHECK(read({8, 10, 1, 2}).cut_short);
    CHECK(read({2, 3, 5}).wrong_length == 1);
}
