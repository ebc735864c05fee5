// A directory of this process alone, gone when it ends: several may fuzz at once, and nobody else can have put anything there.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace nicteam::fuzz {

class scratch {
public:
    scratch() {
        std::string name = (std::filesystem::temp_directory_path() / "nicteam-fuzz-XXXXXX").string();
        if (!mkdtemp(name.data())) std::abort();
        path_ = name;
    }
    ~scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;

    std::string operator/(const char* name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

}  // namespace nicteam::fuzz
