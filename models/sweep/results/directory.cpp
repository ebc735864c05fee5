#include "sweep/results/directory.h"

#include <cstring>
#include <fstream>
#include <system_error>

#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nicteam/report/file_writer.h"
#include "nicteam/sweep/whole_file.h"

namespace nicteam::sweep {
namespace fs = std::filesystem;
namespace {

constexpr const char* format_name = "nicteam sweep 1";

// Empty, or left by one that was killed before it had said whose it is.
bool only_begun(const fs::path& where) {
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(where, failed))
        if (entry.path().filename().string().rfind("sweep.json.", 0) != 0) return false;
    return !failed;
}

}  // namespace

directory::directory(fs::path where, std::string scenario, std::string version, origin from)
    : where_(std::move(where)), scenario_(std::move(scenario)), version_(std::move(version)), origin_(std::move(from)) {}

directory::origin directory::origin_of(const fs::path& where) {
    std::ifstream in(where / "sweep.json", std::ios::binary);
    if (!in) throw std::runtime_error(fmt::format("{}: is no directory of a sweep", where.string()));
    try {
        const auto j = nlohmann::json::parse(in);
        const auto all = [&](const char* key) { return j.at(key).get<std::vector<std::string>>(); };
        return {j.at("file").get<std::string>(), j.at("seed").get<std::string>(), all("environment"), all("sets")};
    } catch (const nlohmann::json::exception&) {
        throw std::runtime_error(fmt::format("{}: is damaged, or none of this program's", (where / "sweep.json").string()));
    }
}

std::string directory::whose() const {
    std::ifstream in(where_ / "sweep.json", std::ios::binary);
    if (!in) return fmt::format("{}: holds something else than a sweep; name another directory with --out", where_.string());
    const auto j = nlohmann::json::parse(in, nullptr, false);
    const auto text = [&](const char* key) { return j.is_object() && j.contains(key) && j[key].is_string() ? j[key].get<std::string>() : std::string(); };
    if (text("format") != format_name) return fmt::format("{}: its sweep.json is none of this program's ({})", where_.string(), format_name);
    if (text("scenario") != scenario_)
        return fmt::format("{}: holds the sweep \"{}\", not \"{}\"; name another directory with --out", where_.string(), text("scenario"), scenario_);
    std::error_code failed;
    if (const fs::path other = text("file"); fs::exists(other, failed) && !fs::equivalent(other, origin_.file, failed))
        return fmt::format("{}: holds the sweep of {}, not of {}; name another directory with --out", where_.string(), other.string(), file_of_origin());
    if (text("version") != version_)
        return fmt::format("{}: was made by version {}, this is {}: its figures would not go together; name another directory with --out", where_.string(),
                           text("version"), version_);
    return "";
}

std::string directory::open_to_read() const {
    std::error_code failed;
    if (!fs::is_directory(where_, failed)) return fmt::format("{}: no such directory", where_.string());
    return whose();
}

std::string directory::in_the_way() const {
    std::error_code failed;
    if (fs::exists(where_, failed) && !fs::is_directory(where_, failed))
        return fmt::format("{}: is a file, and no directory; name one with --out", where_.string());
    if (holds_something()) {
        if (std::string why = whose(); !why.empty()) return why;
        return access(where_.c_str(), W_OK | X_OK) == 0 ? "" : fmt::format("cannot write into {}: {}", where_.string(), std::strerror(errno));
    }
    fs::path above = fs::absolute(where_);
    while (!fs::exists(above, failed) && above.has_relative_path()) above = above.parent_path();
    if (!fs::is_directory(above, failed))
        return fmt::format("cannot make {}: {} is a file, and no directory", where_.string(), above.string());
    return access(above.c_str(), W_OK | X_OK) == 0 ? "" : fmt::format("cannot make {}: {}", where_.string(), std::strerror(errno));
}

bool directory::holds_something() const {
    std::error_code failed;
    return fs::exists(where_, failed) && !only_begun(where_);
}

std::string directory::open(bool take_up) {
    if (std::string why = in_the_way(); !why.empty()) return why;
    remove_parts_of_the_dead(where_);
    const bool there = holds_something();
    if (there && !take_up)
        return fmt::format("{}: holds finished runs of this sweep already; --resume goes on with them, --out names another directory", where_.string());
    std::error_code failed;
    fs::create_directories(where_, failed);
    if (failed) return fmt::format("cannot make {}: {}", where_.string(), failed.message());
    if (there && same_origin()) return "";
    try {
        const nlohmann::ordered_json j{{"format", format_name}, {"scenario", scenario_}, {"version", version_}, {"file", file_of_origin()},
                                       {"seed", origin_.seed}, {"environment", origin_.environment}, {"sets", origin_.sets}};
        write_whole(where_ / "sweep.json", j.dump(2) + "\n");
    } catch (const report::write_error& e) {
        return e.what();
    }
    return "";
}

std::string directory::file_of_origin() const { return fs::absolute(origin_.file).string(); }

// A sweep that was edited on its command line is merged as it was edited.
bool directory::same_origin() const {
    try {
        const origin o = origin_of(where_);
        return o.file == file_of_origin() && o.seed == origin_.seed && o.environment == origin_.environment && o.sets == origin_.sets;
    } catch (const std::runtime_error&) {
        return false;
    }
}

std::optional<record> directory::find(const std::string& identity) const {
    std::error_code failed;
    const fs::path file = file_of(identity);
    if (!fs::exists(file, failed)) return {};
    try {
        record r = read_record(file.string());
        if (r.identity == identity) return r;
    } catch (const std::runtime_error&) {
        // Half of one, or none: it is run again and written anew.
    }
    return {};
}

void directory::keep(const record& r) const {
    const fs::path file = file_of(r.identity);
    std::error_code failed;
    fs::create_directories(file.parent_path(), failed);
    if (failed) throw report::write_error(fmt::format("{}: {}", file.string(), failed.message()));
    write_whole(file, to_json(r));
}

}  // namespace nicteam::sweep
