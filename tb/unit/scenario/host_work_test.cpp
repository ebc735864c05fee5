// Whether a thread for ciphers is there: asked for, or a core is free. And that in a run of a whole system it and the memory of what was encrypted
// do nearly all that they are for.
#include <catch2/catch.hpp>

#include "nicteam/scenario/host_work.h"
#include "nicteam/scenario/run.h"
#include "source_dir.h"
#include "unit/fresh_kernel.h"
#include "unit/scenario/text_scenario.h"

using namespace nicteam::scenario;
using nicteam::ipsec::transform_service;

namespace {

struct done_by {
    transform_service::counts host;
    std::uint64_t by_nic, sealed, opened;        // packets that the nic sealed; that it and its peer sealed, and opened
};

// Of a nic that protects and opens 3DES at the side of a peer that does the same, in line.
done_by of_a_run(const host_work& w) {
    nicteam::test::text_scenario s;
    const std::string sa = "cipher = \"3des-cbc\"\n";
    const auto r = read(s.file("s.toml", "extends = \"" NICTEAM_SOURCE_DIR "/scenarios/inline-esp.toml\"\n"
                                         "[[nic]]\nname = \"nic0\"\n[nic.crypto]\nengines = [\"3des-area\", \"sha1\"]\n"
                                         "[[sa]]\nname = \"to_client\"\n" + sa + "[[sa]]\nname = \"to_server\"\n" + sa));
    INFO(r.found.to_string());
    REQUIRE(r.found.none());
    nicteam::test::fresh_kernel k;
    done_by all{};
    run_options o;
    o.quiet = true;
    o.host_work = w;
    o.finished = [&all](const nicteam::report::run_result& result) {
        const auto metric = [&result](const std::string& path) {
            for (const auto& m : result.metrics)
                if (m.path == path) return m.total;
            FAIL("no metric " << path);
            return std::uint64_t{0};
        };
        REQUIRE(transform_service::current() != nullptr);
        all.host = transform_service::current()->count();
        all.by_nic = metric("server.pci0.nic0.crypto_transmit.protected");
        all.sealed = all.by_nic + metric("client.protected");
        all.opened = metric("server.pci0.nic0.crypto.delivered_clear") + metric("client.verified");
    };
    REQUIRE(run(*r.what, r.found, o) == 0);
    REQUIRE(all.sealed > 60);
    REQUIRE(all.opened > 60);
    return all;
}

}  // namespace

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

TEST_CASE("a run beside others has no thread unless it is asked for") {
    const auto beside = [](crypto_worker w) { return beside_others({true, w}); };
    REQUIRE(beside(crypto_worker::automatic).worker == crypto_worker::off);
    REQUIRE(beside(crypto_worker::off).worker == crypto_worker::off);
    REQUIRE(beside(crypto_worker::on).worker == crypto_worker::on);
    REQUIRE(beside(crypto_worker::on).transform_cache);
}

TEST_CASE("in a whole system what was sealed is kept and what is opened is known and threads seal and open ahead") {
    const done_by none = of_a_run({false, crypto_worker::off});
    CHECK(none.host.kept == 0);
    CHECK(none.host.hits == 0);
    CHECK(none.host.ahead == 0);

    const done_by cache = of_a_run({true, crypto_worker::off});
    CHECK(cache.host.kept >= cache.sealed * 9 / 10);
    CHECK(cache.host.hits >= cache.opened * 9 / 10);
    CHECK(cache.host.opened_again == cache.host.hits / 64);
    CHECK(cache.host.ahead == 0);

    const done_by thread = of_a_run({false, crypto_worker::on});
    CHECK(thread.host.kept == 0);
    CHECK(thread.host.ahead >= (thread.by_nic + thread.opened) * 9 / 10);
    CHECK(thread.host.foreseen >= thread.opened * 9 / 10);
    CHECK(thread.host.by_caller <= thread.host.ahead);

    const done_by both = of_a_run({true, crypto_worker::on});
    CHECK(both.host.hits >= both.opened * 9 / 10);
    CHECK(both.host.ahead >= both.by_nic * 9 / 10);
    for (const done_by& d : {cache, thread, both}) {
        CHECK(d.sealed == none.sealed);
        CHECK(d.opened == none.opened);
    }
}
