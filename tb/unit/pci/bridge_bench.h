// Two buses with a PCI-to-PCI bridge between them: a host and memory above, cards and memory below.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "nicteam/pci/parity.h"
#include "nicteam/pci/pci_bridge.h"
#include "nicteam/sim/session.h"
#include "unit/elaborate.h"
#include "unit/fresh_kernel.h"

namespace nicteam::test::bridged {

using pci::command;

constexpr ps tick = 30'000;

// Memory or registers at a range, in memory or configuration space; retries everything, or all writes, until told to stop.
struct memory : sc_core::sc_module, pci::target_user {
    memory(sc_core::sc_module_name name, pci::bus& b, std::uint64_t base, std::uint64_t bytes, int device = -1)
        : sc_module(name), base(base), octets(bytes), agent("agent", *this) { b.plug(agent, device); }
    bool claims(command c, std::uint64_t a) const override {
        if (pci::is_configuration(c)) return a < 0x100;
        return pci::is_memory(c) && a - base < octets.size();
    }
    pci::answer decode(pci::access& a) override {
        pci::answer r;
        open = !aborts && sim::now() >= (a.write() ? writes_from : reads_from);
        at = a.address - (pci::is_configuration(a.command) ? 0 : base);
        if (!open) {
            r.how = aborts ? pci::stop::abort : pci::stop::retry;
            r.words = 0;
            return r;
        }
        const std::uint64_t left = (octets.size() - at + 3) / 4, most = single ? 1 : left;
        if (most < a.bus->words) {
            r.how = pci::stop::with_data;
            r.words = static_cast<std::uint32_t>(most);
        }
        return r;
    }
    void ended(pci::access& a, ps) override {
        if (!open) return;
        const std::uint32_t n = a.bytes_in(a.bus->done);
        if (!n) return;
        for (std::uint32_t i = 0; i < n; ++i) {
            if (a.write()) octets.at(at + i) = a.data[i];
            else a.data[i] = octets.at(at + i);
        }
        log.push_back({a.command, a.address, n, a.bus->data.last()});
    }
    bool parity_error(const pci::access&, std::uint32_t word) override {
        bad.push_back(word);
        return reports;
    }
    struct entry { command what; std::uint64_t address; std::uint32_t bytes; ps at; };
    std::uint64_t base, at = 0;
    std::vector<std::uint8_t> octets;
    std::vector<entry> log;
    ps writes_from = 0, reads_from = 0;
    bool single = false, open = false, aborts = false;
    std::vector<std::uint32_t> bad;               // words written with wrong parity, counted in their tenures
    bool reports = true;                          // PERR#
    pci::target agent;
};

struct master : sc_core::sc_module, pci::initiator_user {
    master(sc_core::sc_module_name name, pci::bus& b, int pair) : sc_module(name), the_bus(b), agent("agent", b.clock(), *this) {
        b.set_latency_timer(b.plug(agent, pair), 64);
        b.set_cache_line(static_cast<unsigned>(pair), 32);
    }
    struct work { pci::transfer t; std::vector<std::uint8_t> data; bool over = false; pci::transfer_result result{}; ps at = 0; };
    work& start(command c, std::uint64_t address, std::vector<std::uint8_t> data) {
        work& w = all.emplace_back();
        w.data = std::move(data);
        w.t.address = address;
        w.t.bytes = static_cast<std::uint32_t>(w.data.size());
        w.t.data = w.data.data();
        w.t.command = c;
        agent.submit(w.t, the_bus.clock().at_or_after(sim::now()));
        return w;
    }
    work& read(std::uint64_t address, std::size_t n, command c = command::memory_read) {
        return start(c, address, std::vector<std::uint8_t>(n));
    }
    work& write(std::uint64_t address, std::size_t n, std::uint8_t first, command c = command::memory_write) {
        std::vector<std::uint8_t> data(n);
        for (std::uint8_t& b : data) b = first++;
        return start(c, address, std::move(data));
    }
    // Another of this master's transfers goes first after a retry.
    void attempt_ended(pci::transfer& t, pci::ending why, ps) override {
        if (why == pci::ending::retry) t.priority = ++turn;
    }
    void ended(pci::transfer& t, pci::transfer_result r, ps at) override {
        for (work& w : all)
            if (&w.t == &t) w.over = true, w.result = r, w.at = at;
    }
    pci::bus& the_bus;
    unsigned turn = 0;
    std::deque<work> all;
    pci::initiator agent;
};

inline void pass(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }

// Host and memory above, a card with registers below. Windows as firmware would open them: memory 1 MiB at 8000 0000h.
struct bench {
    explicit bench(pci::pci_bridge_config c = {}, ps below = tick, ps phase = 0) : lower("lower", [&] {
        pci::bus_config b;
        b.period = below;
        b.phase = phase;
        return b;
    }()), bridge("bridge", c, upper, 2, lower) {
        auto& r = bridge.registers();
        r.write(0x04, 2, 7);
        r.write(0x0C, 1, 8);
        r.write(0x0D, 1, 64);
        r.write(0x18, 4, 0x40010100);           // buses 0, 1 to 1
        r.write(0x1C, 2, 0x10F0);
        r.write(0x20, 4, 0x80008000);
        r.write(0x24, 4, 0x90009000);
        test::elaborate();
    }
    std::uint64_t count(const char* metric) {
        for (const auto& m : kernel.session().metrics())
            if (m.path == std::string("bridge.") + metric) return m.as_counter->value();
        FAIL(metric);
        return 0;
    }
    void fault(const char* bus, const char* name, std::int64_t every) {
        for (const sim::fault_port& f : kernel.session().faults())
            if (f.path == bus && std::string(f.info->name) == name) f.act(every != 0, every, sim::now());
    }
    fresh_kernel kernel;
    pci::bus upper{"upper", {}}, lower;
    pci::pci_bridge bridge;
    master host{"host", upper, 0}, card{"card", lower, 4}, other_card{"other_card", lower, 5};
    memory ram{"ram", upper, 0, 0x10000}, device{"device", lower, 0x8000'0000, 0x1000, 3}, ahead{"ahead", lower, 0x9000'0000, 0x1000};
};

constexpr std::uint64_t card_at = 0x8000'0000, ahead_at = 0x9000'0000;

inline std::uint64_t type_1(unsigned bus, unsigned device, unsigned reg) {
    return pci::type_1_configuration | bus << 16 | device << 11 | reg;
}

}  // namespace nicteam::test::bridged
