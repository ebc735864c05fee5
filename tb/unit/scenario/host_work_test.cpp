// Whether a thread for ciphers is there: asked for, or a core is free.
#include <catch2/catch.hpp>

#include "nicteam/scenario/host_work.h"

using namespace nicteam::scenario;

TEST_CASE("a core is free that may be used and that nobody runs on") {
    REQUIRE(free_cores(2, "0.33 1.15 2.02 1/345 6789\n") == 1);      // this process runs
    REQUIRE(free_cores(2, "0.33 1.15 2.02 2/345 6789\n") == 0);
    REQUIRE(free_cores(2, "9.33 9.15 9.02 12/345 6789\n") == 0);
    REQUIRE(free_cores(64, "9.33 9.15 9.02 12/345 6789\n") == 52);
    REQUIRE(free_cores(1, "0.00 0.00 0.00 1/100 1\n") == 0);
    REQUIRE(free_cores(4, "0.00 0.00 0.00 0/100 1\n") == 3);
    REQUIRE(free_cores(4, "") == 3);                                 // a system that does not tell
    REQUIRE(free_cores() < 100'000);
}

TEST_CASE("auto takes a free core and on and off take what they say") {
    for (const bool cache : {false, true}) {
        const auto threads = [cache](crypto_worker w, unsigned free) {
            const nicteam::ipsec::transform_options o = transforms_for({cache, w}, free);
            REQUIRE(o.cache == cache);
            return o.threads;
        };
        REQUIRE(threads(crypto_worker::automatic, 0) == 0);
        REQUIRE(threads(crypto_worker::automatic, 3) == 1);
        REQUIRE(threads(crypto_worker::on, 0) == 1);
        REQUIRE(threads(crypto_worker::off, 3) == 0);
    }
    REQUIRE(host_work{}.transform_cache);
    REQUIRE(host_work{}.worker == crypto_worker::automatic);
}

TEST_CASE("names of the switch") {
    REQUIRE(crypto_worker_named("auto") == crypto_worker::automatic);
    REQUIRE(crypto_worker_named("on") == crypto_worker::on);
    REQUIRE(crypto_worker_named("off") == crypto_worker::off);
    REQUIRE_FALSE(crypto_worker_named("maybe"));
}
