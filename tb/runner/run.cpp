#include "run.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <systemc>

#include "nicteam/scenario/run.h"
#include "places.h"

namespace nicteam::runner {
namespace {

scenario::reading chosen;
std::string chosen_out;
std::vector<std::string> command_line;

volatile std::sig_atomic_t interrupted = 0;
void note_interrupt(int) { interrupted = 1; }

std::vector<std::string> from_environment() {
    std::vector<std::string> all;
    const char* text = std::getenv("NICTEAM_SET");
    std::string one;
    for (; text && *text; ++text) {
        if (*text != ';' && *text != '\n')
            one += *text;
        else if (!one.empty())
            all.push_back(std::exchange(one, ""));
    }
    if (!one.empty()) all.push_back(one);
    return all;
}

int run_one(int argc, char** argv) {
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
    return sc_core::sc_elab_and_sim(argc, argv);
}

int run_apart(int argc, char** argv) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0) {
        std::perror("nicteam: fork");
        return 3;
    }
    if (child == 0) {
        const int status = run_one(argc, argv);
        std::fflush(nullptr);
        _exit(status);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

}  // namespace

scenario::reading read_scenario(const command& c, const std::string& given) {
    std::string hint;
    const std::string file = find_scenario(given, hint);
    auto r = scenario::read(file, {from_environment(), c.sets});
    if (r.found.none()) return r;
    std::string text = r.found.to_string();
    if (!hint.empty() && !text.empty()) text.insert(text.size() - 1, hint);
    fmt::print(stderr, "{}", text);
    r.what.reset();
    return r;
}

int run_all(const command& c, int argc, char** argv) {
    command_line.assign(argv, argv + argc);
    std::vector<scenario::reading> readings;
    bool good = true;
    for (const std::string& given : c.scenarios) {
        readings.push_back(read_scenario(c, given));
        good = good && readings.back().what;
    }
    if (!good) return usage_error;
    std::signal(SIGINT, note_interrupt);
    std::signal(SIGTERM, note_interrupt);
    std::signal(SIGXFSZ, SIG_IGN);           // a file-size limit shows as a failed write, like a full disk
    int worst = 0;
    for (auto& r : readings) {
        chosen = std::move(r);
        const std::string name = chosen.what->name();
        chosen_out = c.out.empty()          ? (std::filesystem::path("out") / name).string()
                     : readings.size() == 1 ? c.out
                                            : (std::filesystem::path(c.out) / name).string();
        const int status = readings.size() == 1 ? run_one(argc, argv) : run_apart(argc, argv);
        worst = std::max(worst, status);
        if (status == 130 || interrupted) return 130;
    }
    return worst;
}

int simulate(const command& c) {
    scenario::run_options o;
    o.out = chosen_out;
    o.trace_given = c.trace_given;
    o.trace = c.trace;
    o.json = c.json;
    o.quiet = c.quiet;
    o.reverse = c.reverse;
    o.progress = !c.quiet && isatty(2);
    const char* no_color = std::getenv("NO_COLOR");
    o.color = isatty(1) && !(no_color && *no_color);
    o.version = NICTEAM_VERSION;
    o.command = command_line;
    o.interrupted = &interrupted;
    return scenario::run(*chosen.what, chosen.found, o);
}

}  // namespace nicteam::runner
