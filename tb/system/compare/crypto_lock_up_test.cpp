// The loop 21a -> 22b -> 21a: with hold-off on both sides it locks up when buffer 140 is full and 21a is full of what came
// forward, behind a fragment that completes a datagram. Strict feedback first and the bubble rule never let it come to that.
#include <catch2/catch.hpp>

#include "reference/offload/crypto_block.h"
#include "system/compare/crypto_model.h"

namespace {

using nicteam::test::crypto_case;
using nicteam::test::crypto_packet;
using nicteam::test::crypto_visit;

// Fragments that each complete a datagram, back to back, each of which has to go round once.
crypto_case completing(unsigned places, unsigned places_140, unsigned clocks = 0) {
    crypto_case c;
    c.block_period = 80'000;
    c.octet_period = 8'000;
    c.places = places;
    c.places_140 = places_140;
    c.octets_142 = 65'536;
    crypto_visit first, second;
    first.then = crypto_visit::back;
    first.clocks_22b = clocks;
    second.jobs = {{50, 0, 0, true}};
    crypto_packet p;
    p.visits = {first, second};
    c.packets.assign(20, p);
    return c;
}

std::size_t delivered(const std::string& text) {
    std::size_t n = 0;
    for (std::size_t at = text.find(" out "); at != std::string::npos; at = text.find(" out ", at + 1)) ++n;
    return n;
}

std::size_t by_both(const crypto_case& c) {
    const std::size_t n = delivered(compare::run_crypto(c));
    CHECK(delivered(reference::offload::run(c)) == n);
    return n;
}

}  // namespace

TEST_CASE("the feedback loop locks up under hold-off on both sides unless feedback goes first or the bubble rule holds") {
    for (const unsigned places : {1u, 2u, 4u})
        for (const unsigned places_140 : {1u, 3u}) {
            INFO(places << " places in 21a, " << places_140 << " in buffer 140");
            crypto_case c = completing(places, places_140);
            c.priority = crypto_case::feedback_first;
            CHECK(by_both(c) == 20);
            c.priority = crypto_case::feedforward_first;
            CHECK(by_both(c) < 20);
            c.bubble = true;
            CHECK(by_both(c) == 20);
            c.priority = crypto_case::alternate;
            CHECK(by_both(c) == 20);
            c.bubble = false;
            c.priority = crypto_case::feedforward_first;
            c.drop_at_140 = true;                 // the other way out: something is lost, nothing stands still
            CHECK(by_both(c) > 0);
        }
}

TEST_CASE("frames that pass while they come in and are aborted neither lock the loop up nor keep it from doing so") {
    for (const unsigned places : {1u, 2u, 4u})
        for (const std::int64_t octet : {8'000, 160'000}) {
            INFO(places << " places in 21a, an octet each " << octet << " ps");
            crypto_case c = completing(places, 1);
            c.octet_period = octet;
            c.cut_through = 16;
            for (std::size_t n = 20; n-- > 0;) {
                crypto_packet bad = c.packets[n];
                bad.good = false;
                c.packets.insert(c.packets.begin() + static_cast<std::ptrdiff_t>(n), bad);
            }
            CHECK(by_both(c) == 20);
            c.bubble = true;
            c.priority = crypto_case::feedforward_first;
            CHECK(by_both(c) == 20);
            c.bubble = false;
            if (octet == 8'000) CHECK(by_both(c) < 20);
        }
}

TEST_CASE("an input of its own for what is fed back only moves the arbiter: the loop locks up as before") {
    for (const unsigned places : {1u, 2u, 4u}) {
        INFO(places << " places in 21a");
        crypto_case c = completing(places, 1);
        c.separate_150 = true;
        CHECK(by_both(c) == 20);
        c.priority = crypto_case::feedforward_first;
        CHECK(by_both(c) < 20);
        c.bubble = true;
        CHECK(by_both(c) == 20);
    }
}

TEST_CASE("over path 152 feedback first is not enough: what the loop holds has to be counted before more is taken") {
    for (const unsigned places : {1u, 2u, 4u})
        for (const unsigned places_140 : {0u, 1u, 3u})
            for (const auto first : {crypto_case::feedback_first, crypto_case::feedforward_first, crypto_case::alternate}) {
                INFO(places << " places in 21a, " << places_140 << " in buffer 140, priority " << first);
                crypto_case c = completing(places, places_140);
                for (auto& p : c.packets) p.visits[1].lookup = 500;      // what goes round takes longer than what comes
                c.path_152 = true;
                c.priority = first;
                CHECK(by_both(c) < 20);
                c.bubble = true;
                CHECK(by_both(c) == 20);
                c.bubble = false;
                c.drop_at_140 = true;
                if (places_140) CHECK(by_both(c) > 0);
            }
}

TEST_CASE("without buffer 140 even feedback first locks up and the bubble rule keeps a place of 21a free for what goes back") {
    for (const bool separate : {false, true})
        for (const unsigned places : {1u, 2u, 4u}) {
            INFO(places << " places in 21a" << (separate ? ", input 150" : ""));
            crypto_case c = completing(places, 0, 4);
            c.separate_150 = separate;
            CHECK(by_both(c) < 20);
            c.bubble = true;
            CHECK(by_both(c) == (places == 1 ? 0 : 20));      // one place is never free afterwards: such a block is refused
        }
}

TEST_CASE("alternation locks up when the pieces that complete datagrams come one behind the other") {
    crypto_case c;
    c.block_period = 400'000;
    c.places_140 = 1;
    c.octets_142 = 65'536;
    crypto_visit held, completes, again;
    held.then = crypto_visit::held;
    completes.then = crypto_visit::back;
    completes.octets_from_22b = 642;
    again.jobs = {{500, 500, 0, true}};
    again.lookup = 8;
    held.clocks_22b = completes.clocks_22b = again.clocks_22b = 4;
    crypto_packet first, last;
    first.octets = 590, first.visits = {held};
    last.visits = {completes, again};
    c.packets.assign(8, first);
    c.packets.insert(c.packets.end(), 8, last);
    c.priority = crypto_case::alternate;
    CHECK(by_both(c) < 8);
    c.bubble = true;
    CHECK(by_both(c) == 8);
    c.bubble = false;
    c.priority = crypto_case::feedback_first;
    CHECK(by_both(c) == 8);
}
