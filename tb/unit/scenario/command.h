// Runs the built command, as a shell would.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "unit/scenario/text_scenario.h"
#include "source_dir.h"

namespace nicteam::test {
namespace fs = std::filesystem;

struct outcome {
    int status;
    std::string text;  // stdout and stderr
};

inline outcome shell(const std::string& command) {
    std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    outcome o{-1, ""};
    char buffer[4096];
    for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) o.text.append(buffer, n);
    const int status = pclose(pipe);
    o.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return o;
}

inline outcome tool(const std::string& arguments) { return shell(std::string(NICTEAM_COMMAND) + " " + arguments); }

inline std::string content(const fs::path& p) {
    std::ifstream in(p, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// All files of a run but run.json, which alone may differ from machine to machine.
inline std::map<std::string, std::string> files(const fs::path& directory) {
    std::map<std::string, std::string> all;
    for (const auto& e : fs::recursive_directory_iterator(directory))
        if (e.is_regular_file() && e.path().filename() != "run.json") all[fs::relative(e.path(), directory).string()] = content(e.path());
    return all;
}

inline void same(const fs::path& a, const fs::path& b) {
    const auto left = files(a), right = files(b);
    REQUIRE(left.size() == right.size());
    for (const auto& [name, text] : left) {
        INFO(name << " of " << a << " and " << b);
        REQUIRE(right.count(name) == 1);
        CHECK((right.at(name) == text));
    }
}

// A few frames in both directions; 2 ms.
inline const char* const few = R"(extends = "%PARTS%/one-nic.toml"
title = "a few frames"
duration = "2 ms"
[[traffic]]
name = "down"
from = "client"
to = "server"
frame_size = "300 B"
count = 20
start = "500 us"
[[traffic]]
name = "up"
from = "server"
to = "client"
frame_size = "300 B"
count = 20
start = "500 us"
[[capture]]
name = "wire"
at = "lan0.*.wire"
)";

inline std::string few_frames(text_scenario& s, const std::string& more = "") {
    std::string text = few;
    text.replace(text.find("%PARTS%"), 7, std::string(NICTEAM_SOURCE_DIR) + "/scenarios/parts");
    return s.file("few.toml", text + more);
}

}  // namespace nicteam::test
