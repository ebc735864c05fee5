// More than the receive side has room for: too many associations on one packet, no room in 142, in 140, in the contexts of 22b, a datagram of 60,000 octets
// that goes round while the line sends the shortest frames. What has no room is dropped and counted; nothing stands still, nothing vanishes.
#include <set>

#include "nicteam/bounds/feedback_loop.h"
#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

void numbered(rig& r) {
    for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
}

// Every packet has ended, or came out: nothing vanished, nothing twice.
struct accounts : books {
    void all_ended(const rig& r) const {
        std::size_t open = 0;
        for (std::size_t n = 1; n <= r.frames.size(); ++n) open += ends.count(n) == 0;
        for (const auto& [id, parent] : parents) open += ends.count(id) == 0;
        std::size_t waits = 0;
        for (const std::uint64_t h : {r.count("fragments_held")}) waits += h;
        CHECK(open >= r.out.size());
        CHECK(open <= r.out.size() + waits);
    }
};

}  // namespace

TEST_CASE("F-33: a packet with more associations than the limit goes round once and no further") {
    for (const unsigned deep : {8u, 9u, 10u}) {
        INFO(deep << " associations");
        fresh_kernel k;
        loop r(slow());
        std::vector<std::string> bundle;
        for (unsigned n = 0; n < deep; ++n) {
            const std::string name = "n" + std::to_string(n);
            r.from.table.add(tunnel(0x2000 + n, name.c_str()));
            REQUIRE(r.block.install(tunnel(0x2000 + n, name.c_str())) == "");
            bundle.push_back(name);
        }
        for (const bytes& piece : r.from.send(datagram(700), bundle, 576)) r.frame_of(piece);
        r.frame_of(datagram(100));
        r.run(50 * millisecond);
        REQUIRE(r.out.size() == 2);
        CHECK(r.count("fed_back") == 1);
        const arrived& nested = r.out[0].record.associations.empty() ? r.out[1] : r.out[0];
        CHECK(nested.record.associations.size() == std::min(deep, 8u));
        CHECK((nested.record.verdict == verdict::verified) == (deep <= ipsec::deepest_nesting));
        CHECK((nested.packet == datagram(700)) == (deep <= ipsec::deepest_nesting));
        CHECK(r.count("too_deep") == (deep > ipsec::deepest_nesting));
        CHECK(!r.locked_up());
    }
}

TEST_CASE("F-34: what finds no room at 142, at 140 or in a context is bound for IPsec and all else comes through") {
    fresh_kernel k;
    crypto_config c = slow();
    c.bypass = true;
    c.buffer_142 = 3'072;
    c.bypass_room = 1'536;
    c.when_140_full = feedback_full::drop;
    c.contexts = 3;
    c.lookup_clocks = 400;
    accounts b;
    loop r(c, &b);
    std::vector<bytes> first, last;
    for (unsigned n = 0; n < 12; ++n) {
        const auto pieces = r.from.send(datagram(560 + n), {"sa"}, 576);
        first.push_back(pieces[0]), last.push_back(pieces[1]);
    }
    std::size_t plain = 0;
    for (unsigned n = 0; n < 12; n += 3) {
        for (unsigned m = n; m < n + 3; ++m) r.frame_of(first[m]);
        r.frame_of(datagram(30)), ++plain;
        for (unsigned m = n; m < n + 3; ++m) r.frame_of(last[m]);
        r.frame_of(datagram(30)), ++plain;
    }
    for (unsigned n = 0; n < 12; ++n) r.frame_of(r.from.send(datagram(560), {"sa"}, 576)[0]);      // that nothing ever completes
    r.frame_of(datagram(30)), ++plain;
    numbered(r);
    r.run(100 * millisecond);
    CHECK(r.count("lost_142") > 0);
    CHECK(r.count("lost_plain") == 0);
    CHECK(r.count("reassembly_given_up") > 0);
    CHECK(r.count("delivered_plain") == plain);
    CHECK(!r.locked_up());
    b.all_ended(r);
}

TEST_CASE("F-34: at a full buffer 140 datagrams are dropped and what is plain comes through") {
    fresh_kernel k;
    crypto_config c = slow();
    c.when_140_full = feedback_full::drop;
    c.priority = multiplexer_priority::feedforward_first;
    c.buffer_140 = 1;
    accounts b;
    loop r(c, &b);
    r.interleaved(8);
    for (unsigned n = 0; n < 5; ++n) r.frame_of(datagram(200));
    numbered(r);
    r.run(100 * millisecond);
    CHECK(r.count("lost_140") > 0);
    CHECK(r.count("lost_140") + r.count("delivered_clear") == 8);
    CHECK(r.count("delivered_plain") == 5);
    CHECK(!r.locked_up());
    b.all_ended(r);
}

// The last piece completes it; then nothing is taken from 142 until the whole has passed input 124, and nothing leaves 21a until it has.
TEST_CASE("F-35: a datagram of 60,000 octets goes round while the line sends the shortest frames") {
    constexpr std::int64_t shortest = 64, spacing = 64 + 20;          // octets, gap included: of the wire
    const auto run = [&](std::uint32_t octets_142, ps& stays, std::int64_t& lost) {
        fresh_kernel k;
        crypto_config c = usual();
        c.period = 100'000;
        c.buffer_142 = octets_142;
        books b;
        loop r(c, &b);
        for (const bytes& piece : r.from.send(datagram(60'000), {"sa"}, 1'500)) r.frame_of(piece);
        for (unsigned n = 0; n < 2'000; ++n) r.frame_of(datagram(18));
        numbered(r);
        r.run(40 * millisecond);
        CHECK(r.count("fed_back") == 1);
        CHECK(r.count("delivered_clear") == 1);
        lost = static_cast<std::int64_t>(r.count("lost_142"));
        CHECK(r.out.size() + static_cast<std::size_t>(lost) == 2'001);
        REQUIRE(b.stages["mux_122"].size() == 1);
        const ps begins = b.stages["mux_122"][0];
        const std::int64_t whole = 60'000 + 8 + 20 + 20 + 8 + 16 + 16 + 12;           // with headers, IV, padding and ICV, or a little more
        for (const ps t : b.stages["mux_130"]) CHECK((t <= begins || t >= begins + (whole - 16) / 4 * c.period));       // un-interrupted
        for (const bytes& one : {datagram(60'000)}) CHECK(std::any_of(r.out.begin(), r.out.end(), [&](const arrived& a) { return a.packet == one; }));
        stays = 0;
        for (const arrived& a : r.out)
            if (a.packet.size() > 10'000) stays = a.last - begins;
    };
    ps stays = 0;
    std::int64_t lost = 0;
    run(4'096, stays, lost);
    CHECK(lost > 0);
    // While it stays the line brings so much; what 142, 21a and 22b hold of it is not lost.
    const std::int64_t come = stays / (spacing * octet) + 4;          // begun before, and behind it until one has left
    CHECK(lost <= come - 4'096 / shortest + 1);
    run(static_cast<std::uint32_t>(come * shortest), stays, lost);
    CHECK(lost == 0);
    const std::int64_t of_124 = bounds::buffer_142(1, 60'100, shortest, {12'500'000, 1}, {40'000'000, 1});      // the part that input 124 takes
    CHECK(of_124 < come * shortest);
}

TEST_CASE("D-55: 22b never holds off for want of a context, for the piece that would free one is behind") {
    fresh_kernel k;
    crypto_config c = slow();
    c.contexts = 1;
    accounts b;
    loop r(c, &b);
    r.interleaved(8);                          // all first pieces, then all last ones
    r.frame_of(datagram(100));
    numbered(r);
    r.run(50 * millisecond);
    CHECK(r.count("delivered_plain") == 1);
    CHECK(r.count("reassembly_given_up") >= 7);
    CHECK(!r.locked_up());
    CHECK(r.count("lost_142") == 0);           // nobody was held up
    b.all_ended(r);
}
