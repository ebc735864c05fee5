// A directory of its own for a test, gone afterwards.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace nicteam::test {

class scratch {
public:
    scratch() {
        std::string name = (std::filesystem::temp_directory_path() / "nicteam-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
        path_ = name;
    }
    ~scratch() {
        std::error_code ignored;
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
        std::filesystem::remove_all(path_, ignored);
    }
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    bool empty() const { return std::filesystem::is_empty(path_); }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream s;
    s << in.rdbuf();
    return s.str();
}

inline bool have(const std::string& program) { return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0; }

inline std::string output_of(const std::string& command) {
    std::string s;
    FILE* p = popen(command.c_str(), "r");
    char part[4096];
    for (std::size_t n; p && (n = fread(part, 1, sizeof part, p)) > 0;) s.append(part, n);
    if (p) pclose(p);
    return s;
}

}  // namespace nicteam::test
