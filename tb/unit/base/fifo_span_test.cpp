// What a FIFO needs to know, from the span in and the span out, against a loop that moves every byte.
#include <catch2/catch.hpp>

#include "tick_span.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

// The edge at which byte b comes in; `never` if it is not planned.
ps arrival(const tick_span& in, unsigned in_bytes, std::uint64_t b) {
    const std::uint64_t unit = b / in_bytes;
    return unit < in.at.size() ? in.at[unit] : never;
}

std::uint64_t starved_by_loop(const tick_span& in, unsigned in_bytes, const tick_span& out, unsigned out_bytes, std::uint64_t bytes) {
    for (std::uint64_t u = 0; u < out.at.size(); ++u)
        for (std::uint64_t b = u * out_bytes; b < (u + 1) * out_bytes && b < bytes; ++b)
            if (arrival(in, in_bytes, b) >= out.at[u]) return u;
    return out.at.size();
}

}  // namespace

TEST_CASE("first_starved equals a byte-by-byte loop") {
    dice roll(30);
    unsigned starved = 0, fed = 0;
    span in, out;
    tick_span slow_in, slow_out;
    for (unsigned i = 0; i < 120'000; ++i) {
        for (span* s : {&in, &out}) s->clear();
        for (tick_span* s : {&slow_in, &slow_out}) s->at.clear();
        const auto in_bytes = static_cast<unsigned>(roll(1, 5)), out_bytes = static_cast<unsigned>(roll(1, 5));
        grow(roll, static_cast<int>(roll(0, 4)), 0, in, slow_in);
        grow(roll, static_cast<int>(roll(0, 4)), roll(0, 60), out, slow_out);
        const std::uint64_t available = slow_out.at.size() * out_bytes;
        // A partial last unit: the frame ends within it. Also frames of which only a part is planned.
        const std::uint64_t bytes = static_cast<std::uint64_t>(roll(1, static_cast<std::int64_t>(available) + 3));
        const auto got = first_starved(in, in_bytes, out, out_bytes, bytes);
        const auto want = starved_by_loop(slow_in, in_bytes, slow_out, out_bytes, bytes);
        if (got != want) FAIL("case " << i << ": " << got << " instead of " << want);
        (want == slow_out.at.size() ? fed : starved)++;
    }
    REQUIRE(starved > 10'000);   // both outcomes were really exercised
    REQUIRE(fed > 10'000);
}

TEST_CASE("when_filled equals a byte-by-byte loop") {
    dice roll(31);
    span in;
    tick_span slow;
    for (unsigned i = 0; i < 100'000; ++i) {
        in.clear();
        slow.at.clear();
        const auto in_bytes = static_cast<unsigned>(roll(1, 8));
        grow(roll, static_cast<int>(roll(0, 4)), 0, in, slow);
        const auto bytes = static_cast<std::uint64_t>(roll(1, static_cast<std::int64_t>(slow.at.size()) * in_bytes + 4));
        if (when_filled(in, in_bytes, bytes) != arrival(slow, in_bytes, bytes - 1)) FAIL("case " << i);
    }
    REQUIRE_THROWS(when_filled(span{}, 4, 0));
}

TEST_CASE("a byte that comes in at the edge of its use is too late") {
    span in, out;
    in.append({100, 30, 4});
    out.append({100, 30, 4});
    REQUIRE(first_starved(in, 4, out, 4, 16) == 0);
    span later;
    later.append({101, 30, 4});
    REQUIRE(first_starved(in, 4, later, 4, 16) == 4);
}
