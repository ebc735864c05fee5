// Scenarios written within a test: files in a directory of their own that goes with the test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "nicteam/scenario/read.h"

namespace nicteam::test {

class text_scenario {
public:
    text_scenario() {
        std::string name = (std::filesystem::temp_directory_path() / "nicteam-scenario-XXXXXX").string();
        directory_ = mkdtemp(name.data());
    }
    ~text_scenario() { std::filesystem::remove_all(directory_); }

    std::string file(const std::string& name, const std::string& text) {
        const auto path = directory_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path.string();
    }
    const std::filesystem::path& directory() const { return directory_; }

    scenario::reading read(const std::string& text, const scenario::read_options& o = {}) { return scenario::read(file("s.toml", text), o); }
    // The messages, with the directory's name left out.
    std::string errors(const std::string& text, const scenario::read_options& o = {}) { return plain(read(text, o).found.to_string()); }
    std::string plain(std::string s) const {
        const std::string prefix = directory_.string() + "/";
        for (std::size_t at; (at = s.find(prefix)) != std::string::npos;) s.erase(at, prefix.size());
        return s;
    }

private:
    std::filesystem::path directory_;
};

// A small system without errors: 14 lines.
inline const char* const small = R"([[host]]
name = "server"
[[cpu]]
name = "cpu0"
host = "server"
[[bus]]
name = "pci0"
host = "server"
[[nic]]
name = "nic0"
bus = "server.pci0"
[[peer]]
name = "client"
[[link]]
name = "lan0"
a = "server.pci0.nic0"
b = "client"
)";

}  // namespace nicteam::test
