#include "places.h"

#include <filesystem>

#include "nicteam/scenario/explain.h"
#include "nicteam/scenario/problem.h"

namespace nicteam::runner {
namespace fs = std::filesystem;

std::string scenario_directory() {
    std::error_code failed;
    const fs::path self = fs::read_symlink("/proc/self/exe", failed);
    const fs::path installed = self.parent_path().parent_path() / "share" / "nicteam" / "scenarios";
    for (const fs::path& p : {fs::path("scenarios"), installed, fs::path(NICTEAM_SCENARIOS)})
        if (fs::is_directory(p, failed)) return p.string();
    return "";
}

std::string find_scenario(const std::string& given, std::string& hint) {
    std::error_code failed;
    if (fs::exists(given, failed)) return given;
    const std::string directory = scenario_directory();
    const fs::path shipped = fs::path(directory) / (given + ".toml");
    if (given.find('/') == std::string::npos && fs::exists(shipped, failed)) return shipped.string();
    std::vector<std::string> names;
    for (const auto& l : scenario::list(directory)) names.push_back(fs::path(l.file).stem().string());
    hint = scenario::did_you_mean(fs::path(given).stem().string(), names);
    return given;
}

}  // namespace nicteam::runner
