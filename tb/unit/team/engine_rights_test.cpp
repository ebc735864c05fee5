// Rights by masks are those that are found by going through all ports and asking each by itself.
#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"
#include "team/engine_rights.h"

using nicteam::random_stream;
using rights = nicteam::team::engine_rights;

namespace {

rights::port member(int unit) {
    rights::port p;
    p.unit = unit;
    p.protects = unit >= 0;
    return p;
}

}  // namespace

TEST_CASE("engines that are out of use have no right to what they cannot do, and have it again") {
    rights r;
    rights::port p = member(0);
    CHECK(r.tell(0, p));
    CHECK_FALSE(r.tell(0, p));
    CHECK(r.tell(1, member(-1)));
    CHECK(r.itself(0));
    CHECK_FALSE(r.itself(1));
    CHECK(r.any_lends(rights::encrypts));
    p.in_use[rights::encrypts] = p.protects = false;
    CHECK(r.tell(0, p));
    CHECK_FALSE(r.any_lends(rights::encrypts));
    CHECK(r.any_lends(rights::decrypts));
    CHECK(r.any_lends(rights::digests));
    CHECK(r.workers(rights::encrypts) == 0);
    CHECK(r.out_of_use(rights::encrypts) == 1);
    CHECK_FALSE(r.itself(0));
    CHECK(r.tell(0, member(0)));
    CHECK(r.any_lends(rights::encrypts));
    CHECK(r.workers(rights::encrypts) == 1);
}

TEST_CASE("one that is not there lends and does not work, one that is refused does neither, and what lends nothing works for itself") {
    rights r;
    rights::port p = member(3);
    p.there = false;
    r.tell(0, p);
    CHECK(r.any_lends(rights::encrypts));
    CHECK(r.may(rights::encrypts) == 0);
    CHECK(r.of_ports() == 8);
    p = member(3);
    p.accepted = false;
    r.tell(0, p);
    CHECK_FALSE(r.any_lends(rights::encrypts));
    CHECK_FALSE(r.itself(0));
    p = member(3);
    p.lends[rights::encrypts] = false;
    r.tell(0, p);
    CHECK_FALSE(r.any_lends(rights::encrypts));
    CHECK(r.may(rights::decrypts) == 8);
    CHECK(r.itself(0));
}

TEST_CASE("whatever is told of whom, in whatever order") {
    random_stream rng(1, "rights", "test");
    const auto coin = [&] { return rng.below(3) != 0; };
    rights r;
    std::vector<rights::port> all(8, member(-1));
    for (unsigned n = 0; n < 8; ++n) r.tell(n, all[n]);
    for (unsigned round = 0; round < 2'000; ++round) {
        const auto which = static_cast<unsigned>(rng.below(8));
        rights::port& p = all[which];
        p.unit = coin() ? static_cast<int>(which) + 2 : -1;
        p.there = coin(), p.known = coin(), p.accepted = coin(), p.protects = coin();
        for (unsigned w = 0; w < rights::works; ++w) p.lends[w] = coin(), p.in_use[w] = coin();
        r.tell(which, p);
        for (unsigned n = 0; n < 8; ++n) REQUIRE(r.itself(n) == (all[n].unit >= 0 && all[n].protects && all[n].accepted));
        for (unsigned w = 0; w < rights::works; ++w) {
            unsigned workers = 0;
            bool any = false;
            for (const rights::port& q : all) {
                const bool lends = q.unit >= 0 && q.known && q.accepted && q.lends[w] && q.in_use[w];
                any |= lends;
                workers += lends && q.there;
                if (q.unit >= 0) REQUIRE((r.may(static_cast<rights::work>(w)) >> q.unit & 1u) == (lends && q.there));
            }
            REQUIRE(r.any_lends(static_cast<rights::work>(w)) == any);
            REQUIRE(r.workers(static_cast<rights::work>(w)) == workers);
        }
    }
}
