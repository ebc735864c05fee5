// From exec to exit of `nicteam run quickstart` cut to 2 ms of simulated time: start, reading, elaboration, the drivers' bring-up, end.
// The least of 20. Status 1 is expected: so short a run cannot hold what the scenario expects.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <systemc>
#include "source_dir.h"

extern char** environ;

int sc_main(int, char**) {
    const std::string directory = (std::filesystem::temp_directory_path() / ("start_up." + std::to_string(getpid()))).string();
    double best = 1e9;
    for (int i = 0; i < 20; ++i) {
        const char* words[] = {NICTEAM_COMMAND, "run", NICTEAM_SOURCE_DIR "/scenarios/quickstart.toml", "--until", "2 ms",
                               "--trace", "none", "-q", "--out", directory.c_str(), nullptr};
        posix_spawn_file_actions_t quiet;
        posix_spawn_file_actions_init(&quiet);
        posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
        const auto begin = std::chrono::steady_clock::now();
        pid_t child;
        if (posix_spawn(&child, NICTEAM_COMMAND, &quiet, nullptr, const_cast<char**>(words), environ) != 0) return 1;
        int status = 0;
        waitpid(child, &status, 0);
        posix_spawn_file_actions_destroy(&quiet);
        if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) return 1;
        best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    }
    std::filesystem::remove_all(directory);
    std::printf("start_and_elaboration %.2f ms 8\n", best);
    return 0;
}
