#include "scenario/leftovers.h"

#include <filesystem>

#include "scenario/tree.h"

namespace nicteam::scenario {
namespace {
namespace fs = std::filesystem;

constexpr const char* whole_files[] = {"result.json", "run.json", "config.resolved.toml", "wave.vcd", "wave.gtkw", "packets.csv"};

// The strings of one key in all tables of a kind.
std::vector<std::string> texts(const node& tree, std::string_view kind, std::string_view key) {
    std::vector<std::string> all;
    if (const node::entry* tables = tree.find(kind))
        for (const node& table : tables->value.items)
            if (const node::entry* e = table.find(key); e && e->value.kind == node::string) all.push_back(e->value.text);
    return all;
}

bool replayed(const fs::path& file, const resolved& r) {
    std::error_code none;
    for (const component* c : r.of_kind("replay"))
        if (fs::equivalent(file, fs::path(r.directory) / c->text("file"), none)) return true;
    return false;
}

}  // namespace

void remove_results(const std::string& directory, const resolved& next) {
    const fs::path out = directory;
    std::error_code failed;
    std::vector<std::string> captures;
    for (const component* c : next.of_kind("capture")) captures.push_back(c->name);
    problems ignored;
    node before;
    if (fs::exists(out / "config.resolved.toml", failed) && read_toml((out / "config.resolved.toml").string(), ignored, before, {})) {
        for (std::string& name : texts(before, "capture", "name")) captures.push_back(std::move(name));
        for (const std::string& file : texts(before, "replay", "file"))
            if (const fs::path p = file; p.parent_path() == "inputs" && !replayed(out / p, next)) fs::remove(out / p, failed);
        fs::remove(out / "inputs", failed);  // if nothing is left in it
    }
    for (const std::string& name : captures)
        if (name.find('/') == std::string::npos) fs::remove(out / (name + ".pcapng"), failed);
    for (const char* name : whole_files) fs::remove(out / name, failed);
}

}  // namespace nicteam::scenario
