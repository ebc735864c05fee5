#include "bench/whole_system.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "bench/counted.h"
#include "nicteam/check/outputs.h"
#include "nicteam/scenario/read.h"
#include "scenario/building/system.h"
#include "source_dir.h"

namespace nicteam::bench {

namespace {

scenario::reading read_text(const std::string& program, std::string text) {
    if (const std::size_t at = text.find('%'); at != std::string::npos) text.replace(at, 1, NICTEAM_SOURCE_DIR);
    const std::string file = (std::filesystem::temp_directory_path() / (program + "." + std::to_string(getpid()) + ".toml")).string();
    std::ofstream(file) << text;
    scenario::reading read = scenario::read(file, {});
    std::remove(file.c_str());
    if (!read.found.none()) {
        std::fprintf(stderr, "%s", read.found.to_string().c_str());
        std::exit(1);
    }
    return read;
}

}  // namespace

struct whole_system::parts {
    parts(scenario::reading r, int nics) : read(std::move(r)) {
        session.settle_order();
        std::vector<check::watched_bus> buses;
        for (const auto& [path, bus] : system.buses()) buses.push_back({bus, {}});
        std::vector<check::watched_wire> cables;
        for (int i = 0; i < nics; ++i) cables.push_back({system.cable("lan" + std::to_string(i))});
        out.attach(buses, cables, {});
    }

    scenario::reading read;
    sim::session session;
    check::outputs out{session, {}};
    scenario::system system{*read.what, false};
};

whole_system::whole_system(const char* program, std::string text, int nics)
    : program_(program), nics_(nics), parts_(std::make_unique<parts>(read_text(program, std::move(text)), nics)) {}
whole_system::~whole_system() = default;

std::uint64_t whole_system::value(const std::string& path) const {
    for (const sim::bound_metric& m : parts_->session.metrics())
        if (m.path == path) return m.as_counter->value();
    std::fprintf(stderr, "%s: no metric %s\n", program_.c_str(), path.c_str());
    std::exit(1);
}

whole_system::measured whole_system::run(const char* name) {
    // Past the grace of the checkers (10 ms): their tables have grown to what the load needs.
    const ps warm_up = 20 * millisecond, window = (counting() ? 30 : 1000) * millisecond;
    sc_core::sc_start(sim::to_sc_time(warm_up));
    const auto packets = [&] {
        std::uint64_t all = 0;
        for (int i = 0; i < nics_; ++i)
            for (const char* way : {".rx_frames", ".tx_frames"}) all += value("server.pci0.nic" + std::to_string(i) + way);
        return all;
    };
    const std::uint64_t before = packets();
    const auto begin = std::chrono::steady_clock::now();
    {
        counted_work work(name);
        sc_core::sc_start(sim::to_sc_time(window));
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    return {packets() - before, took.count(), static_cast<double>(window) / static_cast<double>(1000 * millisecond)};
}

int whole_system::finish() {
    parts_->out.finish(sim::now());
    if (!parts_->out.stopped()) return 0;
    std::fprintf(stderr, "%s: %s\n", program_.c_str(), parts_->out.reason().c_str());
    return 1;
}

}  // namespace nicteam::bench
