// 10,000 points of a tiny scenario as a sweep, and some of them as processes of their own, all leaving the same files: CPU time that a point costs more in
// the sweep, and how much memory the sweep holds for it.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <vector>

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <systemc>
#include "source_dir.h"

extern char** environ;

namespace {

const char* const scenario = R"(schema = 1
extends = ")" NICTEAM_SOURCE_DIR R"(/scenarios/parts/one-nic.toml"
title = "tiny"
duration = "20 us"
traffic_start = "1 us"

[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "frames"
frames_per_second = 20000
frame_size = "256 B"

[sweep]
method = "random"
metrics = ["client.frames"]

[[vary]]
key = "server.up.frames_per_second"
from = 1
to = 1000000000
scale = "logarithmic"
)";

double milliseconds(const rusage& r) {
    return static_cast<double>(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e3 + static_cast<double>(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e3;
}

// CPU time and greatest memory of a command and its children.
struct cost {
    double milliseconds = 0, kibibytes = 0;
};
cost run(std::initializer_list<std::string> words) {
    std::vector<char*> arguments{const_cast<char*>(NICTEAM_COMMAND)};
    for (const std::string& w : words) arguments.push_back(const_cast<char*>(w.c_str()));
    arguments.push_back(nullptr);
    pid_t child;
    int status = 0;
    rusage used;
    if (posix_spawn(&child, NICTEAM_COMMAND, nullptr, nullptr, arguments.data(), environ) != 0 || wait4(child, &status, 0, &used) != child || status != 0) {
        std::fprintf(stderr, "sweep_points: %s ended with %d\n", arguments[1], status);
        std::exit(1);
    }
    return {milliseconds(used), static_cast<double>(used.ru_maxrss)};
}

}  // namespace

int sc_main(int argc, char** argv) {
    namespace fs = std::filesystem;
    const bool few = argc > 1 && std::string(argv[1]) == "few";
    const int points = few ? 40 : 10'000, bare = few ? 10 : 200;
    const fs::path directory = fs::temp_directory_path() / ("sweep_points." + std::to_string(getpid()));
    fs::create_directory(directory);
    const std::string file = (directory / "tiny.toml").string(), out = (directory / "out").string();
    std::ofstream(file) << scenario;
    const auto sweep = [&](int n, const char* keep) {
        const cost c = run({"sweep", file, "-q", "-j", "2", "-o", out, "--set", "sweep.points=" + std::to_string(n), "--set", std::string("sweep.keep=") + keep});
        fs::remove_all(out);
        return c;
    };
    const cost with_files = sweep(points / 10, "files"), least = sweep(1, "figures"), all = sweep(points, "figures");
    double alone = 0;
    for (int n = 0; n < bare; ++n) alone += run({"run", file, "-q", "-o", out, "--seed", std::to_string(n + 1)}).milliseconds;
    fs::remove_all(directory);
    std::printf("sweep_point_over_process %.2f ms 3\n", with_files.milliseconds / (points / 10) - alone / bare);
    std::printf("sweep_point_without_files %.2f ms 5\n", all.milliseconds / points);
    std::printf("sweep_memory_of_a_point %.2f KiB 2\n", (all.kibibytes - least.kibibytes) / points);
    return 0;
}
