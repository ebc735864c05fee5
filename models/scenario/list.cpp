#include <algorithm>
#include <filesystem>

#include "nicteam/scenario/explain.h"
#include "scenario/tree.h"

namespace nicteam::scenario {

std::vector<listed> list(const std::string& directory) {
    std::vector<listed> all;
    std::error_code failed;
    std::vector<std::filesystem::path> files;
    for (const auto& e : std::filesystem::directory_iterator(directory, failed)) {
        files.push_back(e.path());
        if (!e.is_directory(failed)) continue;
        for (const auto& within : std::filesystem::directory_iterator(e.path(), failed)) files.push_back(within.path());
    }
    for (const std::filesystem::path& file : files) {
        if (file.extension() != ".toml") continue;
        problems ignored;
        node tree;
        listed l{file.string(), "", read_toml(file.string(), ignored, tree, {})};
        if (const node::entry* title = tree.find("title"); title && title->value.kind == node::string) l.title = title->value.text;
        if (!l.readable) l.title = "cannot be read; `nicteam validate` says why";
        if (!l.title.empty()) all.push_back(std::move(l));
    }
    std::sort(all.begin(), all.end(), [](const listed& a, const listed& b) { return a.file < b.file; });
    return all;
}

}  // namespace nicteam::scenario
