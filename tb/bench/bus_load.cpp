// The bus alone: four saturating masters, and the events of an idle bus.
#include <chrono>
#include <cstdio>

#include "bench/counted.h"
#include "bench/saturated_bus.h"
#include "nicteam/sim/session.h"

using namespace nicteam;

int sc_main(int, char**) {
    const long long cycles = bench::counting() ? 200'000 : 10'000'000;
    sim::session session;
    bench::saturated_bus load;
    sc_core::sc_start(sc_core::SC_ZERO_TIME);

    const ps period = load.bus.clock().period();
    const auto deltas = sc_core::sc_delta_count();
    sc_core::sc_start(sim::to_sc_time(1'000'000 * period));
    const auto idle_deltas = sc_core::sc_delta_count() - deltas;

    for (auto& m : load.masters) m.agent.submit(m.work, sim::now());
    const auto begin = std::chrono::steady_clock::now();
    {
        bench::counted_work work("saturated_bus");
        sc_core::sc_start(sim::to_sc_time(cycles * period));
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    if (bench::counting()) {
        std::printf("saturated_bus %lld cycle 80\n", cycles);
    } else {
        std::printf("saturated_bus %.0f cycles/s 150e6\n", static_cast<double>(cycles) / took.count());
        std::printf("idle_bus %llu events/1000000_cycles 0\n", static_cast<unsigned long long>(idle_deltas));
    }
    return 0;
}
