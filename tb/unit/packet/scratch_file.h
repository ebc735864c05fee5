// A file for one test, gone afterwards.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace nicteam::test {

struct scratch_file {
    explicit scratch_file(const std::string& n)
        : name((std::filesystem::temp_directory_path() / ("nicteam-" + std::to_string(::getpid()) + "-" + n)).string()) {}
    ~scratch_file() { std::filesystem::remove(name); }
    std::string name;
};

}  // namespace nicteam::test
