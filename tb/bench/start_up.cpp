// From exec to exit of `nicteam run quickstart` for 1 ps of simulated time: start, reading, elaboration, end. The least of 20.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <systemc>

extern char** environ;

int sc_main(int, char**) {
    double best = 1e9;
    for (int i = 0; i < 20; ++i) {
        const char* words[] = {NICTEAM_COMMAND, "run", NICTEAM_SOURCE_DIR "/scenarios/quickstart.toml", "--until", "2 ms", "--set", "duration=\"2 ms\"",
                               "--trace", "none", "-q", "--out", "/tmp/nicteam-start-up", nullptr};
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
    std::printf("start_and_elaboration %.2f ms 8\n", best);
    return 0;
}
