#include "places.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "nicteam/scenario/explain.h"
#include "nicteam/scenario/problem.h"

namespace nicteam::runner {
namespace fs = std::filesystem;

std::string scenario_directory() {
    std::error_code failed;
    const fs::path self = fs::read_symlink("/proc/self/exe", failed);
    for (fs::path above = self.parent_path(); above.has_relative_path(); above = above.parent_path())
        if (const fs::path there = above / "share" / "nicteam" / "scenarios"; fs::is_directory(there, failed))
            return fs::equivalent("scenarios", there, failed) ? "scenarios" : there.string();
    return fs::is_directory("scenarios", failed) ? "scenarios" : "";
}

std::string find_scenario(const std::string& given, std::string& hint) {
    std::error_code failed;
    if (fs::exists(given, failed) && !fs::is_directory(given, failed)) return given;
    const std::string directory = scenario_directory();
    const fs::path shipped = fs::path(directory) / (given + ".toml");
    if (given.find_first_of("./") != 0 && fs::exists(shipped, failed)) return shipped.string();          // "quickstart", "team/dead-path"
    std::vector<std::string> names;
    for (const auto& l : scenario::list(directory)) {
        names.push_back(fs::path(l.file).stem().string());
        if (names.back() == given) return l.file;
    }
    hint = scenario::did_you_mean(fs::path(given).stem().string(), names);
    return given;
}

std::string results_meant(const std::string& given) {
    std::error_code failed;
    const auto holds_results = [&](const fs::path& p) { return fs::exists(p / "result.json", failed); };
    if (holds_results(given)) return "";
    std::vector<std::string> there;
    for (const auto& entry : fs::directory_iterator("out", failed))
        if (holds_results(entry.path())) there.push_back(entry.path().filename().string());
    std::sort(there.begin(), there.end());
    fs::path name = fs::path(given).lexically_normal();
    if (!name.has_filename()) name = name.parent_path();               // "pause/"
    const std::string near = scenario::nearest(name.extension() == ".toml" ? name.stem().string() : name.filename().string(), there);
    return near.empty() ? "" : fmt::format("; did you mean out/{}?", near);
}

}  // namespace nicteam::runner
