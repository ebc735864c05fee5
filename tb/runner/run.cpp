#include "run.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <systemc>

#include "nicteam/report/file_writer.h"
#include "nicteam/scenario/idle_associations.h"
#include "nicteam/scenario/idle_settings.h"
#include "nicteam/scenario/idle_teams.h"
#include "nicteam/scenario/modes_and_groups.h"
#include "nicteam/scenario/idle_traces.h"
#include "nicteam/scenario/run.h"
#include "places.h"

namespace nicteam::runner {
namespace {

scenario::reading chosen;
std::string chosen_out;
std::optional<scenario::run_options> chosen_options;  // instead of those of the command line
std::vector<std::string> command_line;

volatile std::sig_atomic_t interrupted = 0;
volatile pid_t child = 0;  // while run_apart() waits for it
void note_interrupt(int) {
    interrupted = 1;
    if (child > 0) kill(child, SIGINT);  // a signal to this process alone means both
}

std::string directory_of(const command& c, const scenario::resolved& r, bool alone) {
    namespace fs = std::filesystem;
    const fs::path out = c.out.empty() ? fs::path("out") / r.name() : alone ? fs::path(c.out) : fs::path(c.out) / r.name();
    return out.lexically_normal().string();
}

int run_one(int argc, char** argv) {
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
    return sc_core::sc_elab_and_sim(argc, argv);
}

int run_apart(int argc, char** argv) {
    std::fflush(nullptr);
    const pid_t forked = fork();
    if (forked < 0) {
        std::perror("nicteam: fork");
        return 3;
    }
    if (forked == 0) {
        const int status = run_one(argc, argv);
        std::fflush(nullptr);
        _exit(status);
    }
    child = forked;
    if (interrupted) kill(forked, SIGINT);  // before it was known
    int status = 0;
    while (waitpid(forked, &status, 0) < 0 && errno == EINTR) {
    }
    child = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

}  // namespace

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

// What asks the command to stop; what the caller had ignored (nohup) stays so.
void listen_for_signals() {
    for (const int s : {SIGINT, SIGTERM, SIGHUP})
        if (std::signal(s, note_interrupt) == SIG_IGN) std::signal(s, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit shows as a failed write, like a full disk
}

bool color_wanted() {
    const char* no_color = std::getenv("NO_COLOR");
    return isatty(1) && !(no_color && *no_color);
}

namespace {

// Of several scenarios over one base each would say what is wrong with it: the first does.
std::string told_once(const std::string& text, const std::string& file) {
    static std::set<std::string> told;
    std::istringstream lines(text);
    std::string out;
    std::size_t again = 0;
    for (std::string line; std::getline(lines, line);) {
        if (told.insert(line).second) out += line + "\n";
        else ++again;
    }
    if (again)
        out += fmt::format("{}: error: {} told above already\n", file, again == 1 ? "one that is" : fmt::format("{} that are", again));
    return out;
}

}  // namespace

scenario::reading read_scenario(const command& c, const std::string& given) {
    std::string hint;
    const std::string file = find_scenario(given, hint);
    auto r = scenario::read(file, {from_environment(), c.sets, c.seed, c.until, c.trace});
    if (r.found.none()) return r;
    std::string text = r.found.to_string();
    if (!hint.empty() && !text.empty()) text.insert(text.size() - 1, hint);
    report::write_message(told_once(text, file));
    r.what.reset();
    return r;
}

int run_all(const command& c, int argc, char** argv) {
    command_line.assign(argv, argv + argc);
    std::vector<scenario::reading> readings;
    bool good = true;
    for (const std::string& given : c.scenarios) {
        if (interrupted) {
            report::write_message(fmt::format("nicteam: interrupted before {} was read\n", given));
            return 130;
        }
        readings.push_back(read_scenario(c, given));
        good = good && readings.back().what;
    }
    if (!good) return usage_error;
    std::vector<std::string> directories;
    for (const auto& r : readings) {
        directories.push_back(directory_of(c, *r.what, readings.size() == 1));
        std::string why = scenario::refusal(*r.what, r.found, directories.back());
        if (std::count(directories.begin(), directories.end(), directories.back()) > 1)
            why = fmt::format("{}: a scenario before leaves its results in {} already; run them apart, with an --out each", r.what->file, directories.back());
        if (why.empty()) continue;
        report::write_message(fmt::format("nicteam: {}\n", why));
        good = false;
    }
    if (!good) return usage_error;
    for (const auto& r : readings) {
        for (const std::string& note : scenario::idle_settings(*r.what, r.found)) report::write_message(fmt::format("{}\n", note));
        for (const std::string& note : scenario::idle_traces(*r.what, r.found, c.trace_all)) report::write_message(fmt::format("{}\n", note));
        for (const std::string& note : scenario::modes_and_groups(*r.what, r.found)) report::write_message(fmt::format("{}\n", note));
        for (const std::string& note : scenario::idle_teams(*r.what, r.found)) report::write_message(fmt::format("{}\n", note));
        for (const std::string& note : scenario::idle_associations(*r.what, r.found)) report::write_message(fmt::format("{}\n", note));
    }
    int worst = 0;
    bool reader_left = false;
    for (std::size_t n = 0; n < readings.size(); ++n) {
        if (interrupted) {
            report::write_message(fmt::format("nicteam: interrupted before {}\n", readings[n].what->file));
            return 130;
        }
        chosen = std::move(readings[n]);
        chosen_out = directories[n];
        int status = readings.size() == 1 ? run_one(argc, argv) : run_apart(argc, argv);
        if (status == 130) return 130;
        if (status == scenario::reader_left) {  // the others still leave their files
            reader_left = true;
            status = 0;
        }
        worst = std::max(worst, status);
    }
    return worst == 0 && reader_left ? scenario::reader_left : worst;
}

int run_here(scenario::reading& r, const scenario::run_options& o, int argc, char** argv) {
    chosen = std::move(r);
    chosen_options = o;
    return run_one(argc, argv);
}

const volatile std::sig_atomic_t* stop_flag() { return &interrupted; }

int simulate(const command& c) {
    if (chosen_options) return scenario::run(*chosen.what, chosen.found, *chosen_options);
    scenario::run_options o;
    o.out = chosen_out;
    o.json = c.json;
    o.quiet = c.quiet;
    o.reverse = c.reverse;
    o.progress = !c.quiet && isatty(2);
    o.color = color_wanted();
    o.version = NICTEAM_VERSION;
    o.command = command_line;
    o.host_work = c.host_work;
    o.interrupted = &interrupted;
    return scenario::run(*chosen.what, chosen.found, o);
}

}  // namespace nicteam::runner
