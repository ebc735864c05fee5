// The bus under full load: 4 masters that always have a 1500-byte write to do, latency timer 64, a zero-wait medium target.
//   bus_load [cycles]      (default 1000000)
// Prints bus cycles, host time and rate. Under `valgrind --tool=callgrind --toggle-collect='*measured*'` the instruction
// count of the run divided by `cycles` is what a bus cycle costs.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <vector>

#include "nicteam/pci/bus.h"
#include "nicteam/sim/session.h"

using namespace nicteam;

namespace {

struct saturating : pci::initiator_user {
    saturating(const char* name, pci::bus& b) : agent(name, b.clock(), *this), data(1500) {
        b.set_latency_timer(b.plug(agent), 64);
        work.bytes = 1500;
        work.data = data.data();
        work.command = pci::command::memory_write;
    }
    void ended(pci::transfer& t, pci::transfer_result, ps at) override {
        ++bursts;
        agent.submit(t, at);
    }
    pci::initiator agent;
    std::vector<std::uint8_t> data;
    pci::transfer work;
    std::uint64_t bursts = 0;
};

struct sink : pci::target_user {
    explicit sink(pci::bus& b) : agent("sink", *this) { b.plug(agent); }
    bool claims(pci::command, std::uint64_t a) const override { return a < 0x10000; }
    pci::answer decode(pci::access&) override { return {}; }
    void ended(pci::access& a, ps) override { words += a.bus->done; }
    pci::target agent;
    std::uint64_t words = 0;
};

__attribute__((noinline)) void measured(ps until) { sc_core::sc_start(sim::to_sc_time(until)); }

}  // namespace

int sc_main(int argc, char** argv) {
    const long long cycles = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
    sim::session session;
    pci::bus bus("bus", {});
    std::deque<saturating> masters;
    for (const char* name : {"m0", "m1", "m2", "m3"}) masters.emplace_back(name, bus);
    sink target(bus);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    for (saturating& m : masters) m.agent.submit(m.work, 0);

    const auto begin = std::chrono::steady_clock::now();
    measured(cycles * bus.clock().period());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("cycles %lld words %llu seconds %.6f cycles_per_second %.0f\n", cycles, static_cast<unsigned long long>(target.words), took.count(),
                static_cast<double>(cycles) / took.count());
    return 0;
}
