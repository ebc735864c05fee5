// The clocked reference on the load of bus_load.cpp: what the event-driven bus is compared with. Four masters that never stop, 1500-byte
// write bursts, latency timer 64, a zero-wait target. Target: 2,700 instructions a cycle; a slow reference is a defect.
#include <chrono>
#include <cstdio>

#include <systemc>

#include "bench/counted.h"
#include "reference/pci/setup.h"

int sc_main(int, char**) {
    const std::int64_t cycles = nicteam::bench::counting() ? 20'000 : 500'000;
    reference::pci::setup s;
    s.until = cycles * s.period;
    for (unsigned m = 0; m < 4; ++m) {
        reference::pci::master_setup master;
        for (std::int64_t left = cycles / 4; left > 0; left -= 375) master.items.push_back({0, reference::pci::memory_write, 0x1000, 1500, -1});
        s.masters.push_back(master);
    }
    reference::pci::target_setup target;
    target.size = 0x10000;
    s.targets.push_back(target);

    const auto begin = std::chrono::steady_clock::now();
    std::string tenures;
    {
        nicteam::bench::counted_work work("reference_bus");
        tenures = reference::pci::run(s);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    if (nicteam::bench::counting()) std::printf("reference_bus %lld cycle 2700\n", static_cast<long long>(cycles));
    else std::printf("reference_bus %.0f cycles/s -\n", static_cast<double>(cycles) / took.count());
    return tenures.empty();
}
