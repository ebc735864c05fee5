#include "scenario/running/leftovers.h"

#include "scenario/relations/inputs.h"
#include "scenario/running/live.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "nicteam/report/fst_writer.h"
#include "nicteam/scenario/run.h"

namespace nicteam::scenario {
namespace {
namespace fs = std::filesystem;

// The names that a run.json lists, as report::to_json writes them: one a line. Empty: there is none, or it is another's.
std::vector<std::string> listed_in(const fs::path& run_json) {
    constexpr std::string_view key = "\"name\": \"";
    std::vector<std::string> names;
    bool files = false, ours = false;             // a run that could write nothing else lists nothing
    std::ifstream in(run_json, std::ios::binary);
    for (std::string line; std::getline(in, line);) {
        ours = ours || line.find("\"simulated_ps\": ") != std::string::npos;
        files = files || line.find("\"files\": [") != std::string::npos;
        const std::size_t at = line.find(key), end = line.rfind('"');
        if (files && at != std::string::npos && end > at + key.size()) names.push_back(line.substr(at + key.size(), end - at - key.size()));
    }
    if (files && (ours || !names.empty())) names.push_back("run.json");
    return names;
}

}  // namespace

std::vector<std::string> written_by(const resolved& r) {
    const component& trace = r.table("trace");
    std::vector<std::string> names{"result.json", "run.json", "config.resolved.toml"};
    if (!r.of_kind("sa").empty()) names.emplace_back("esp_sa");
    if (trace.integer("wave")) names.insert(names.end(), {"wave." + trace.text("wave_format"), "wave.gtkw"});
    if (trace.integer("packets")) names.emplace_back("packets.csv");
    if (trace.integer("txn")) names.emplace_back("trace.json");
    if (trace.integer("report")) names.emplace_back("report.html");
    if (trace.integer("pcap"))
        for (const component* c : r.of_kind("capture")) names.push_back(c->name + ".pcapng");
    for (const component* c : r.of_kind("port"))
        if (const std::string record = record_of(*c); !record.empty()) names.push_back(record);
    return names;
}

bool is_input(const std::string& file, const resolved& r, const problems& sources) {
    std::error_code none;
    for (int n = 0; n < sources.source_count(); ++n)
        if (fs::equivalent(file, sources.source(n), none)) return true;
    for (const component& c : r.components)
        if (const setting* s = input_of(c); s && fs::equivalent(file, s->value.text, none)) return true;
    return false;
}

void remove_results(const std::string& directory, const resolved& next, const problems& sources) {
    const fs::path out = directory;
    std::error_code failed;
    for (const std::string& name : listed_in(out / "run.json"))
        if (fs::path(name).is_relative() && name.find("..") == std::string::npos && !is_input(out / name, next, sources)) fs::remove(out / name, failed);
    fs::remove(out / "inputs", failed);  // if nothing is left in it
}

std::string refusal(const resolved& r, const problems& sources, const std::string& directory) {
    const component& trace = r.table("trace");
    if (trace.integer("wave") && trace.text("wave_format") == "fst" && !report::why_no_fst().empty())
        return fmt::format("{}: trace.wave_format = fst: {}", r.file, report::why_no_fst());
    const fs::path out = directory;
    std::error_code failed;
    if (fs::exists(out / "sweep.json", failed)) return fmt::format("{} holds a sweep; choose another --out", directory);
    const std::vector<std::string> ours = listed_in(out / "run.json");
    for (const std::string& name : written_by(r)) {
        const fs::path file = out / name;
        if (!fs::is_regular_file(file, failed)) continue;
        // The resolved scenario of an earlier run may be run again where it lies: the new one takes its place when all is done.
        if (name == "config.resolved.toml" && fs::equivalent(file, r.file, failed)) continue;
        if (is_input(file, r, sources))
            return fmt::format("{} is read by this run, which would write over it; choose another --out", file.string());
        if (std::find(ours.begin(), ours.end(), name) == ours.end())
            return fmt::format("{} is there and is not from an earlier run{}; choose another --out, or move it away", file.string(),
                               ours.empty() ? fmt::format(" ({} has no run.json of one)", directory) : "");
    }
    return "";
}

}  // namespace nicteam::scenario
