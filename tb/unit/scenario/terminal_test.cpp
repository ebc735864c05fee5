// What a terminal sees and a pipe does not: the progress line, and colours. The command runs behind a pseudo-terminal.
#include <pty.h>

#include <catch2/catch.hpp>

#include "unit/scenario/command.h"

using namespace nicteam::test;

namespace {

struct screen {
    int status;
    std::string terminal, out, err;  // what came on the terminal, and on what was put elsewhere
};

// `redirect`: "", or shell redirections of stdout or stderr to files "o" and "e" of the directory.
screen on_terminal(const text_scenario& s, const std::string& arguments, const std::string& redirect, const char* no_color = nullptr) {
    int master = -1;
    std::fflush(nullptr);
    const pid_t child = forkpty(&master, nullptr, nullptr, nullptr);
    REQUIRE(child >= 0);
    if (child == 0) {
        if (no_color)
            setenv("NO_COLOR", no_color, 1);
        else
            unsetenv("NO_COLOR");
        const std::string command = "cd " + s.directory().string() + " && exec " NICTEAM_COMMAND " " + arguments + " " + redirect;
        execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
        _exit(127);
    }
    screen seen{-1, "", "", ""};
    char buffer[4096];
    for (ssize_t n; (n = read(master, buffer, sizeof buffer)) > 0;) seen.terminal.append(buffer, static_cast<std::size_t>(n));
    int status = 0;
    waitpid(child, &status, 0);
    close(master);
    seen.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    seen.out = content(s.directory() / "o");
    seen.err = content(s.directory() / "e");
    return seen;
}

bool progress(const std::string& text) { return text.find(" % ") != std::string::npos && text.find("\r\033[K") != std::string::npos; }
bool colour(const std::string& text) {
    for (std::size_t at = 0; (at = text.find("\033[", at)) != std::string::npos; ++at)
        if (const std::size_t end = text.find_first_not_of("0123456789;", at + 2); end != std::string::npos && text[end] == 'm') return true;
    return false;
}

// Long enough in wall time for a progress line to show; an expectation fails, in red.
std::string long_run(text_scenario& s) {
    return "run " + few_frames(s, "[[expect]]\nmetric = \"client.frames\"\nequals = 1\n") +
           " --until \"2 s\" --set traffic.count=0 --set traffic.pace=rate --set \"traffic.rate=40 Mbps\" --out out";
}

}  // namespace

TEST_CASE("on a terminal there is a progress line and colour and the line is wiped away") {
    text_scenario s;
    const auto seen = on_terminal(s, long_run(s), "");
    INFO(seen.terminal);
    CHECK(seen.status == 1);
    CHECK(progress(seen.terminal));
    CHECK(colour(seen.terminal));
    const std::size_t last = seen.terminal.rfind("\r\033[K");
    CHECK(seen.terminal.compare(last + 4, 17, "few: a few frames") == 0);  // the summary follows at once
}

TEST_CASE("the progress line comes on stderr and only where that is a terminal") {
    text_scenario s;
    const auto out = on_terminal(s, long_run(s), ">o");
    CHECK(progress(out.terminal));
    CHECK(out.out.find("Throughput") != std::string::npos);
    CHECK_FALSE(progress(out.out));
    CHECK_FALSE(colour(out.out));
    const auto err = on_terminal(s, long_run(s), "2>e");
    CHECK_FALSE(progress(err.terminal));
    CHECK(err.terminal.find("Throughput") != std::string::npos);
    CHECK(err.err.find('\033') == std::string::npos);
    CHECK_FALSE(progress(on_terminal(s, long_run(s) + " -q", "").terminal));
}

TEST_CASE("NO_COLOR is respected") {
    text_scenario s;
    CHECK_FALSE(colour(on_terminal(s, long_run(s), "", "1").terminal));
    CHECK(colour(on_terminal(s, long_run(s), "", "").terminal));  // empty: as if it were not there (no-color.org)
}
