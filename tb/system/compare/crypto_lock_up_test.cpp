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
crypto_case completing(unsigned places, unsigned places_140) {
    crypto_case c;
    c.block_period = 80'000;
    c.octet_period = 8'000;
    c.places = places;
    c.places_140 = places_140;
    c.octets_142 = 65'536;
    crypto_visit first, second;
    first.then = crypto_visit::back;
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
