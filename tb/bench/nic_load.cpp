// One NIC full duplex at line rate with 1500-byte packets. NICTEAM_BURST: "configure" (bursts as the FIFO threshold makes them) or "frame"
// (whole-frame bursts).
#include <cstdio>
#include <string>

#include <systemc>

#include "bench/counted.h"
#include "bench/whole_system.h"

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

}  // namespace

int sc_main(int, char**) {
    const std::string burst = NICTEAM_BURST;
    std::string scenario = text;
    scenario.replace(scenario.find('@'), 1, burst);
    bench::whole_system system("nic_load", scenario);
    const std::string name = burst == "frame" ? "one_nic_whole_frame_bursts" : "one_nic_default_threshold";
    const bench::whole_system::measured done = system.run(name.c_str());
    const auto packets = static_cast<double>(done.packets);
    if (bench::counting()) std::printf("%s %.0f packet %d\n", name.c_str(), packets, burst == "frame" ? 45'000 : 90'000);
    else std::printf("%s %.0f packets/s %d\n", name.c_str(), packets / done.seconds, burst == "frame" ? 320'000 : 180'000);
    return system.finish();
}
