// What the pin waveform of a saturated bus costs: nanoseconds and bytes per bus cycle on top of the bus itself.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>

#include <unistd.h>

#include "bench/counted.h"
#include "bench/saturated_bus.h"
#include "nicteam/check/outputs.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;

namespace {

constexpr long long cycles = 2'000'000;

double seconds(const std::string& directory) {
    test::fresh_kernel kernel;
    check::outputs_options o;
    o.directory = directory;
    o.wave = !directory.empty();
    check::outputs out(kernel.session(), o);
    bench::saturated_bus load;
    kernel.session().settle_order();
    out.attach({{&load.bus, {}}}, {}, {});
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    load.begin();
    const auto begin = std::chrono::steady_clock::now();
    sc_core::sc_start(sim::to_sc_time(cycles * load.bus.clock().period()));
    out.finish(sim::now());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// As in a run with tracing off. What it costs beyond saturated_bus is the checker of crossings, one call a tenure; no recorder
// is there.
void count_without_tracing() {
    constexpr long long counted = 200'000;
    test::fresh_kernel kernel;
    check::outputs out(kernel.session(), check::outputs_options{});
    bench::saturated_bus load;
    kernel.session().settle_order();
    out.attach({{&load.bus, {}}}, {}, {});
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    load.begin();
    {
        bench::counted_work work("saturated_bus_tracing_off");
        sc_core::sc_start(sim::to_sc_time(counted * load.bus.clock().period()));
    }
    std::printf("saturated_bus_tracing_off %lld cycle 80\n", counted);
}

}  // namespace

int sc_main(int, char**) {
    if (bench::counting()) {
        count_without_tracing();
        return 0;
    }
    const std::string directory = (std::filesystem::temp_directory_path() / ("wave_load." + std::to_string(getpid()))).string();
    const double without = seconds("");
    const double with = seconds(directory);
    const auto octets = std::filesystem::file_size(directory + "/wave.vcd");
    std::filesystem::remove_all(directory);
    std::printf("pin_waveform %.1f ns/cycle 60\n", (with - without) * 1e9 / cycles);
    std::printf("pin_waveform_size %.1f B/cycle 60\n", static_cast<double>(octets) / cycles);
    return 0;
}
