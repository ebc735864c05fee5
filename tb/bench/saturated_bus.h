// Four masters that never stop: 1500-byte write bursts into a zero-wait target, latency timer 64.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "nicteam/pci/bus.h"

namespace nicteam::bench {

struct saturating_master : pci::initiator_user {
    saturating_master(const char* name, pci::bus& b) : agent(name, b.clock(), *this), data(1500) {
        b.set_latency_timer(b.plug(agent), 64);
        work.bytes = 1500;
        work.data = data.data();
        work.command = pci::command::memory_write;
    }
    void ended(pci::transfer& t, pci::transfer_result, ps at) override { agent.submit(t, at); }

    pci::initiator agent;
    std::vector<std::uint8_t> data;
    pci::transfer work;
};

struct swallowing_target : pci::target_user {
    explicit swallowing_target(pci::bus& b) : agent("sink", *this) { b.plug(agent); }
    bool claims(pci::command, std::uint64_t a) const override { return a < 0x10000; }
    pci::answer decode(pci::access&) override { return {}; }
    void ended(pci::access&, ps) override {}

    pci::target agent;
};

struct saturated_bus {
    saturated_bus() {
        for (const char* name : {"m0", "m1", "m2", "m3"}) masters.emplace_back(name, bus);
    }
    void begin() {
        for (saturating_master& m : masters) m.agent.submit(m.work, 0);
    }

    pci::bus bus{"bus", {}};
    swallowing_target target{bus};
    std::deque<saturating_master> masters;
};

}  // namespace nicteam::bench
