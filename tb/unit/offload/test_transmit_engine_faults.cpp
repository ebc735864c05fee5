// Engines of the transmit side that stick or are wrong: packets are lost, never sent in clear, and no number comes twice.
#include "unit/offload/transmit_rig.h"

using namespace nicteam;
using namespace nicteam::test::transmit;
using nicteam::test::fresh_kernel;

namespace {

void befalls(const char* what, bool begin = true) {
    for (sim::fault_port& f : sim::session::current().faults())
        if (f.path == "crypto_transmit" && std::string(f.info->name) == what) return f.act(begin, 0, sim::now());
    FAIL("no fault " << what);
}

struct faulty : fresh_kernel, rig {
    faulty(const crypto_config& c, const char* what) : rig(c) {
        settle();
        association = install(tunnel());
        befalls(what);
    }
    // 100 us apart.
    void packets(int n, const bytes& f) {
        for (int k = 0; k < n; ++k) frame_at(1 + k * 100 * microsecond, f, protection_order{association, 0});
    }
    state::handle association;
};

}  // namespace

TEST_CASE("engines that stick give nothing out, hold up what is behind them for the watchdog's time, and are out of use after three") {
    crypto_config c = usual();
    c.engine_watchdog = 700;
    faulty r(c, "engines_stuck");
    const bytes f = clear_frame(300);
    r.packets(5, f);
    r.frame_at(1 + 500 * microsecond, clear_frame(40));      // asks for no protection
    r.run();
    REQUIRE(r.out.size() == 1);
    CHECK(r.out[0].frame->data == clear_frame(40));
    CHECK(r.count("engine_failures") == 3);
    CHECK(r.count("engine_clocks") == 3 * 700);
    CHECK(r.count("without_engines") == 2);
    CHECK(r.refusals == std::vector<transmit_refusal>{transmit_refusal::none, transmit_refusal::none, transmit_refusal::none, transmit_refusal::without_engines,
                                                      transmit_refusal::without_engines, transmit_refusal::none});
}

TEST_CASE("what went wrong in the engines the far end finds, and a self-test before it goes out") {
    crypto_config c = usual();
    c.self_test = 3;
    c.engine_failures = 1;
    faulty r(c, "engines_wrong");
    const bytes f = clear_frame(300);
    r.packets(4, f);
    r.run();
    REQUIRE(r.out.size() == 2);                    // the third is tested, the fourth refused
    ipsec::association peer(tunnel());
    for (const sent& s : r.out) {
        const auto v = packet::ethernet_view::parse({s.frame->data.data(), s.octets});
        ipsec::opened o;
        ipsec::work w;
        CHECK(ipsec::unprotect(peer, v->payload, o, w) == ipsec::outcome::bad_icv);
        CHECK(std::search(s.frame->data.begin(), s.frame->data.end(), f.begin() + 42, f.begin() + 100) == s.frame->data.end());
    }
    CHECK(r.count("self_tests") == 1);
    CHECK(r.count("engine_failures") == 1);
    CHECK(r.count("without_engines") == 1);
}

TEST_CASE("engines that work again after a reset go on behind the numbers that were drawn") {
    crypto_config c = usual();
    c.engine_failures = 2;
    faulty r(c, "engines_stuck");
    const bytes f = clear_frame(300);
    r.packets(3, f);
    r.frame_at(1 + millisecond, f, protection_order{r.association, 0});
    r.timers.set(1, 900 * microsecond);            // a reset
    r.run(800 * microsecond);
    befalls("engines_stuck", false);
    r.run();
    REQUIRE(r.out.size() == 1);
    ipsec::association peer(tunnel());
    std::uint64_t sequence = 0;
    CHECK(opened(r.out[0], peer, &sequence) == inner(f));
    CHECK(sequence == 3);                          // 1 and 2 were drawn and are a gap; the third packet was refused before
}
