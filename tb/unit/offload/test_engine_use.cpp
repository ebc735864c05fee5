// Clocks for which packets kept engines: only those that have passed, also of several engines at once, and not those that a reset takes away.
#include <catch2/catch.hpp>

#include "nicteam/offload/engine_pool.h"
#include "nicteam/offload/engine_use.h"
#include "nicteam/sim/session.h"

using namespace nicteam;
using namespace nicteam::offload;

namespace {

struct owner final : sc_core::sc_module {
    explicit owner(sc_core::sc_module_name n) : sc_module(n) {}
};

std::uint64_t clocks(sim::session& s, const std::string& path, ps now) {
    for (const sim::bound_metric& m : s.metrics())
        if (m.path == path) {
            m.settle(now);
            return m.as_counter->value();
        }
    FAIL("no metric " << path);
    return 0;
}

}  // namespace

TEST_CASE("engine use: a kind's clocks are those that have passed, and end with a reset") {
    constexpr ps period = 10;
    sim::session s;
    owner o("used");
    const engine_set set({"3des-area", "3des-area", "sha1"}, coupling::chained);
    engine_use use(o, clock_domain(period), set);
    use.kept(0, 100, 500);
    use.kept(0, 300, 700);
    use.kept(1, 200, 260);
    CHECK(clocks(s, "used.des3_clocks", 100) == 0);
    CHECK(clocks(s, "used.des3_clocks", 310) == 22);        // 21 of the one, 1 of the other
    CHECK(clocks(s, "used.sha1_clocks", 310) == 6);
    CHECK(clocks(s, "used.des3_clocks", 310) == 22);        // asking changes nothing
    use.stop(400);
    CHECK(clocks(s, "used.des3_clocks", 1000) == 40);       // 30 and 10
    use.kept(0, 1000, 1050);
    CHECK(clocks(s, "used.des3_clocks", 2000) == 45);
    CHECK(clocks(s, "used.aes_clocks", 2000) == 0);
}
