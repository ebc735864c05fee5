// CPU, bridge and bus with a device of one register window that records what reaches it.
#pragma once

#include <vector>

#include "nicteam/host/host.h"
#include "nicteam/sim/session.h"
#include "unit/fresh_kernel.h"

namespace nicteam::test {

struct registers : pci::function {
    std::uint32_t read(unsigned, std::uint32_t offset, unsigned, ps at) override {
        log.push_back({'r', offset, at});
        return 0xCAFE0000u + offset;
    }
    void write(unsigned, std::uint32_t offset, unsigned, std::uint32_t v, ps at) override { log.push_back({'w', offset + (v << 16), at}); }
    void ended(pci::transfer&, pci::transfer_result r, ps at) override {
        result = r;
        ended_at = at;
    }
    void reset(pci::reset_kind, ps) override {}
    struct entry { char what; std::uint32_t offset; ps at; };
    std::vector<entry> log;
    pci::transfer_result result{};
    ps ended_at = never;
};

inline pci::configuration_space header() {
    pci::configuration_space s;
    s.declare(0x00, 2, 0x8086);
    s.declare(0x04, 2, 0, 0x0157);
    s.declare(0x0C, 1, 0, 0xFF);
    s.declare(0x0D, 1, 0, 0xFF);
    s.declare(0x3C, 1, 0, 0xFF);
    s.declare_bar(0, 4096, false);
    s.declare_bar(1, 64, true);
    return s;
}

struct computer {
    explicit computer(host::host_config c = {}) : host("server", c), device("device", host.bus(), 1, header(), &host.interrupt_sink()) {
        device.attach(function);
        host.install(device, 0, 1);
    }
    host::host host;
    pci::device device;
    registers function;
};

constexpr ps tick = 30'000;
inline void simulate(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }

}  // namespace nicteam::test
