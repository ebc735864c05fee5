// An interrupt before the completion: docs/decisions/0171.
#include <catch2/catch.hpp>

#include "card_bench.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

struct early_bench : card_bench {
    handed_over h{some(des3_sha1)};
    state::handle at;
    explicit early_bench(bool early) {
        write(rings::reg::early, early);
        start();
        at = install(h);
        lend(at, h, 20);
        write(rings::reg::status, rings::status_completion);
        REQUIRE_FALSE(interrupt);
    }
    unsigned told_of() { return status() >> 16; }
};

}  // namespace

TEST_CASE("Early interrupt: at the edge at which the result is asked for, and not again for its completion") {
    for (const std::size_t body : {10u, 500u, 1'400u})
        for (const bool early : {true, false}) {
            early_bench b(early);
            CHECK(b.told_of() == (early ? 2 : 0));
            b.put_job(b.at, ip_packet(false, body));
            b.bell();
            while (!b.interrupt) b.run(b.bus.clock().period());
            CHECK(b.told() == (early ? 0 : 1));                  // completions in memory
            const ps asked = b.interrupt_at;
            CHECK(b.told_of() == (early ? 3 : 0));
            b.write(rings::reg::status, rings::status_completion);
            b.run_until_idle();
            CHECK_FALSE(b.interrupt);
            rings::completion done;
            REQUIRE(b.next(done));
            CHECK(done.was_executed());
            CHECK(b.told_of() == (early ? 3 : 0));
            CHECK((b.status() & 0xFFFF) == rings::status_running);
            if (early) CHECK(asked < b.last_word[card_bench::own]);
        }
}

TEST_CASE("Early interrupt: by the result and its completion earlier") {
    for (const std::size_t body : {10u, 500u, 900u}) {
        ps interrupt[2], last = 0;
        std::uint32_t length = 0;
        for (const bool early : {false, true}) {
            early_bench b(early);
            b.put_job(b.at, ip_packet(false, body));
            b.bell();
            const ps doorbell = b.last_word[0];
            b.run_until_idle();
            rings::completion done;
            REQUIRE(b.next(done));
            length = done.length;
            interrupt[early] = b.interrupt_at - doorbell;
            last = b.last_word[card_bench::own] - doorbell;
        }
        CHECK(interrupt[false] == last);
        CHECK(interrupt[false] - interrupt[true] == 30'000 * (1 + (length + 3) / 4 + 1 + 2 + 8 + 1));      // FRAME#, words, arbitration, FRAME#, a completion
    }
}

TEST_CASE("Early interrupt: two that meet at one acknowledgement are both counted") {
    early_bench b(true);
    for (unsigned n = 0; n < 3; ++n) b.put_job(b.at, ip_packet(false, 300), 0, n);
    b.bell();
    b.run_until_idle();
    CHECK(b.told_of() == 5);
    CHECK(b.take().size() == 3);
    b.put(make_command(opcode::remove, {9, 9}));                 // nothing but a completion
    b.bell();
    b.run_until_idle();
    CHECK(b.told_of() == 6);
}

TEST_CASE("Early interrupt: set while stopped, gone with a reset") {
    early_bench b(true);
    b.write(rings::reg::early, 0);
    CHECK(b.read(rings::reg::early) == 1);
    b.write(rings::reg::control, rings::control_reset);
    CHECK(b.read(rings::reg::early) == 0);
    CHECK(b.status() == 0);
    b.write(rings::reg::early, ~0u);
    CHECK(b.read(rings::reg::early) == 1);
}
