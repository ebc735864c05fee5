#include <algorithm>
#include <filesystem>

#include "nicteam/scenario/explain.h"
#include "scenario/language/tree.h"

namespace nicteam::scenario {

std::vector<listed> list(const std::string& directory) {
    std::vector<listed> all;
    std::error_code failed;
    std::vector<std::filesystem::path> files;
    constexpr int deepest = 2;                           // scenarios/team/modes
    for (std::filesystem::recursive_directory_iterator e(directory, failed), end; !failed && e != end; e.increment(failed)) {
        files.push_back(e->path());
        if (e.depth() == deepest) e.disable_recursion_pending();
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
