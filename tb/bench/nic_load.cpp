// A whole system, one NIC full duplex at line rate with 1500-byte packets, checkers on, no traces. A packet is one transmit or one
// receive at the NIC. NICTEAM_BURST:
// "configure" (bursts as the FIFO threshold makes them) or "frame" (whole-frame bursts).
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "bench/counted.h"
#include "nicteam/check/outputs.h"
#include "nicteam/scenario/read.h"
#include "scenario/system.h"

using namespace nicteam;

namespace {

const char* const text = R"(extends = "%/scenarios/parts/one-nic.toml"
title = "one NIC, full duplex, line rate"
duration = "1 s"
[[cpu]]
name = "cpu0"
clock = "2 GHz"
[[nic]]
name = "nic0"
identity = "extended"
rx_burst = "@"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "line_rate"
frame_size = "1518 B"
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "line_rate"
frame_size = "1518 B"
)";

std::uint64_t value_of(sim::session& s, const std::string& path) {
    for (const sim::bound_metric& m : s.metrics())
        if (m.path == path) return m.as_counter->value();
    std::fprintf(stderr, "nic_load: no metric %s\n", path.c_str());
    std::exit(1);
}

}  // namespace

int sc_main(int, char**) {
    const std::string burst = NICTEAM_BURST;
    std::string scenario = text;
    scenario.replace(scenario.find('%'), 1, NICTEAM_SOURCE_DIR);
    scenario.replace(scenario.find('@'), 1, burst);
    const std::string file = (std::filesystem::temp_directory_path() / ("nic_load." + std::to_string(getpid()) + ".toml")).string();
    std::ofstream(file) << scenario;
    const scenario::reading read = scenario::read(file, {});
    std::remove(file.c_str());
    if (!read.what) {
        std::fprintf(stderr, "%s", read.found.to_string().c_str());
        return 1;
    }

    sim::session session;
    check::outputs out(session, {});
    scenario::system system(*read.what, false);
    session.settle_order();
    std::vector<check::watched_bus> buses;
    for (const auto& [path, bus] : system.buses()) buses.push_back({bus, {}});
    out.attach(buses, {{system.cable("lan0")}}, {});

    const std::string name = burst == "frame" ? "one_nic_whole_frame_bursts" : "one_nic_default_threshold";
    // Past the grace of the checkers (10 ms): their tables have grown to what the load needs.
    const ps warm_up = 20 * millisecond, window = (bench::counting() ? 30 : 1000) * millisecond;
    sc_core::sc_start(sim::to_sc_time(warm_up));
    const auto packets = [&] { return value_of(session, "server.pci0.nic0.rx_frames") + value_of(session, "server.pci0.nic0.tx_frames"); };
    const std::uint64_t before = packets();
    const auto begin = std::chrono::steady_clock::now();
    {
        bench::counted_work work(name.c_str());
        sc_core::sc_start(sim::to_sc_time(window));
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    const auto done = static_cast<double>(packets() - before);
    if (bench::counting()) std::printf("%s %.0f packet %d\n", name.c_str(), done, burst == "frame" ? 45'000 : 90'000);
    else std::printf("%s %.0f packets/s %d\n", name.c_str(), done / took.count(), burst == "frame" ? 320'000 : 180'000);
    out.finish(sim::now());
    if (out.stopped()) {
        std::fprintf(stderr, "nic_load: %s\n", out.reason().c_str());
        return 1;
    }
    return 0;
}
