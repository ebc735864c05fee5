// Posted writes both ways: a full buffer holds the CPU, or the device, exactly as long as draining takes.
#include <catch2/catch.hpp>

#include "unit/host/computer.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
std::uint64_t metric(const std::string& path) {
    for (const sim::bound_metric& m : sim::session::current().metrics())
        if (m.path == path) return m.as_counter->value();
    throw std::out_of_range(path);
}

struct watch : pci::tenure_observer {
    void tenure(const pci::payload&, const pci::pci_extension& e) override { list.push_back(e); }
    std::vector<pci::pci_extension> list;
};
}  // namespace

TEST_CASE("A full posted write buffer stalls the CPU until the write so many before has left the bus", "[host]") {
    const unsigned entries = GENERATE(1u, 4u, 8u);
    test::fresh_kernel k;
    host::host_config c;
    c.buses[0].bridge.cpu_writes = entries;
    computer s(c);
    constexpr unsigned writes = 20;
    ps begun = 0;
    std::vector<ps> returned;
    s.host.cpu().post(microsecond, [&](host::cpu& p) {
        begun = p.now();
        for (unsigned n = 0; n < writes; ++n) {
            p.write(host::memory_window(0) + 4 * n, 4, n);
            returned.push_back(p.now());
        }
    });
    simulate(20 * microsecond);
    REQUIRE(s.function.log.size() == writes);
    const ps period = s.host.cpu().period();
    for (unsigned n = 0; n < writes; ++n) {
        // The entry is free at its data edge; the CPU goes on at its first edge strictly later.
        const ps free = n < entries ? begun : s.function.log[n - entries].at + period;
        CHECK(returned[n] == free);
    }
    // One word to a medium target takes 4 clocks, N + 3 (docs/bus.md). With one entry, the next write comes only behind the data
    // edge: 2 clocks outbound, then REQ#, address, and DEVSEL# with the data.
    for (unsigned n = 1; n < writes; ++n) CHECK(s.function.log[n].at - s.function.log[n - 1].at == (entries == 1 ? 5 : 4) * tick);
    CHECK(metric("server.cpu0.write_stall") == static_cast<std::uint64_t>(returned.back() - begun));
}

TEST_CASE("A full DMA write buffer lets no word in before one has drained and keeps memory busy", "[host]") {
    const unsigned drain = GENERATE(1u, 2u, 4u, 9u, 20u);
    constexpr unsigned room = 16, words = 256;
    test::fresh_kernel k;
    host::host_config c;
    c.buses[0].bridge.write_buffer = 4 * room;
    c.buses[0].bridge.drain = drain;
    computer s(c);
    watch w;
    s.host.bus().observe(w);
    std::vector<std::uint8_t> data(4 * words);
    for (unsigned n = 0; n < data.size(); ++n) data[n] = static_cast<std::uint8_t>(n * 7 + n / 256);
    pci::transfer t;
    t.address = 0x8000;
    t.bytes = 4 * words;
    t.data = data.data();
    t.command = pci::command::memory_write;
    s.host.cpu().post(microsecond, [&](host::cpu&) { s.device.start(t, s.device.clock().at_or_after(sim::now() + tick)); });
    simulate(200 * microsecond);
    REQUIRE(s.function.result == pci::transfer_result::done);
    std::vector<ps> edges;
    for (const auto& e : w.list)
        for (unsigned n = 0; n < e.done; ++n) edges.push_back(e.data.when(n));
    REQUIRE(edges.size() == words);
    for (unsigned n = room; n < words; ++n) CHECK(edges[n] - edges[0] >= static_cast<ps>(drain) * (n - room) * tick);
    const ps most = std::max<ps>(words, static_cast<ps>(drain) * (words - room)) + 16;      // a retry costs some clocks at the end
    CHECK(edges.back() - edges.front() <= most * tick);
    if (drain == 1) CHECK(w.list.size() == 1);
    else CHECK(w.list.size() > 1);
    if (drain > 8) CHECK(metric("server.pci0.bridge.write_buffer_full") > 0);      // longer than a tenure
    std::vector<std::uint8_t> there(data.size());
    s.host.ram().read(0x8000, there.data(), there.size(), sim::now());
    CHECK(there == data);
}

TEST_CASE("Outside every window nobody answers: reads give ones, writes vanish, both are counted", "[host]") {
    test::fresh_kernel k;
    computer s;
    std::uint32_t below = 0, behind = 0, empty = 0, io = 0;
    s.host.cpu().post(microsecond, [&](host::cpu& c) {
        below = c.read(host::memory_window(0) - 4, 4);
        behind = c.read(host::memory_window(0) + host::memory_window_bytes, 2);
        empty = c.read(host::memory_window(0) + host::memory_window_bytes - 4, 4);       // inside, but no device: master abort
        io = c.read_io(host::io_window(0) + host::io_window_bytes, 1);
        c.write(host::memory_window(0) - 4, 4, 1);
    });
    simulate(20 * microsecond);
    CHECK(below == 0xFFFF'FFFFu);
    CHECK(behind == 0xFFFFu);
    CHECK(empty == 0xFFFF'FFFFu);
    CHECK(io == 0xFFu);
    CHECK(metric("server.cpu0.aborts") == 5);
    CHECK(metric("server.pci0.bridge.cpu_aborts") == 1);
    CHECK(s.function.log.empty());
}

TEST_CASE("The bridge's faults befall DMA for as long as they last", "[host]") {
    test::fresh_kernel k;
    computer s;
    std::uint8_t data[16] = {1, 2, 3};
    pci::transfer t;
    t.address = 0x8000;
    t.bytes = 16;
    t.data = data;
    t.command = pci::command::memory_write;
    const auto fault = [](const char* name, bool begin) {
        for (sim::fault_port& f : sim::session::current().faults())
            if (f.path == "server.pci0.bridge" && std::string(f.info->name) == name) return f.act(begin, 0, sim::now());
        throw std::out_of_range(name);
    };
    const auto attempt = [&] {
        s.device.start(t, s.device.clock().at_or_after(sim::now() + tick));
        simulate(20 * microsecond);
        return s.function.result;
    };
    simulate(microsecond);
    fault("master_abort", true);
    CHECK(attempt() == pci::transfer_result::master_abort);
    fault("master_abort", false);
    fault("target_abort", true);
    CHECK(attempt() == pci::transfer_result::target_abort);
    fault("target_abort", false);
    CHECK(attempt() == pci::transfer_result::done);
    s.function.ended_at = never;
    fault("endless_retry", true);
    attempt();
    CHECK(s.function.ended_at == never);
    CHECK(t.retries > 10);
    fault("endless_retry", false);
    simulate(microsecond);
    CHECK(s.function.ended_at != never);
    CHECK(s.function.result == pci::transfer_result::done);
}
