#include "pages/wave_windows.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "nicteam/base/units.h"
#include "nicteam/report/decimal.h"
#include "nicteam/report/file_writer.h"
#include "nicteam/report/stored.h"

namespace nicteam::pages {
namespace {

// A screen of GTKWave as wave.gtkw makes it shows some six times 2^zoom ps.
std::string looking_at(const std::string& save_file, ps from, ps until) {
    unsigned zoom = 0;
    while ((ps{6} << zoom) < until - from) ++zoom;
    std::istringstream lines(save_file);
    std::string out;
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("[timestart] ", 0) == 0) line = fmt::format("[timestart] {}", from);
        if (line.rfind("*-", 0) == 0) {  // zoom, the marker, and those with letters
            std::istringstream words(line);
            std::string ignored, more;
            words >> ignored >> ignored;
            std::getline(words, more);
            line = fmt::format("*-{}.000000 {}{}", zoom, from + (until - from) / 4, more);
        }
        out += line + "\n";
    }
    return out;
}

// What was drawn, as trace.from and trace.until of the resolved configuration say it.
std::pair<ps, ps> drawn(const std::string& directory, ps end) {
    std::pair<ps, ps> all{0, end};
    std::ifstream in(std::filesystem::path(directory) / "config.resolved.toml");
    bool of_trace = false;
    for (std::string line; std::getline(in, line);) {
        if (line.rfind('[', 0) == 0) of_trace = line == "[trace]";
        if (!of_trace) continue;
        for (const auto& [key, to] : {std::pair{"from = \"", &all.first}, std::pair{"until = \"", &all.second}}) {
            const std::size_t begin = std::char_traits<char>::length(key);
            value found;
            std::string why;
            if (line.rfind(key, 0) == 0 && parse_quantity(quantity::time, line.substr(begin, line.find('"', begin) - begin), found, why)) *to = found.integer;
        }
    }
    return all;
}

std::string name_of(std::size_t n) { return fmt::format("window-{}.gtkw", n + 1); }

// Those of an earlier report that had more.
void leave_only(std::size_t windows, const std::string& directory) {
    std::vector<std::string> others;
    for (std::size_t n = windows; n < most_windows; ++n) others.push_back(name_of(n));
    report::remove_listed(directory, others);
}

}  // namespace

std::vector<wave_window> write_wave_windows(const std::string& directory, const report::run_result& r, const packet_times::packet& slowest) {
    std::ifstream in(std::filesystem::path(directory) / "wave.gtkw", std::ios::binary);
    if (!in) {
        leave_only(0, directory);
        return {};
    }
    std::stringstream text;
    text << in.rdbuf();
    std::vector<wave_window> all;
    for (const report::fault& f : r.faults) {
        if (f.from >= r.end) continue;
        const ps until = std::min(f.until, r.end), around = std::max<ps>((until - f.from) / 4, microsecond);
        all.push_back({"", f.what + " of " + f.where, std::max<ps>(0, f.from - around), until + around});
    }
    for (const report::failover& f : r.failovers)
        if (f.decided >= 0 && f.decided < r.end) all.push_back({"", "a team decides", std::max<ps>(0, f.decided - 10 * microsecond),
                f.decided + 30 * microsecond});
    std::stable_sort(all.begin(), all.end(), [](const wave_window& a, const wave_window& b) { return a.from < b.from; });
    const auto [first, last] = drawn(directory, r.end);
    const bool with_slowest = slowest.ended > 0 && slowest.born >= first && slowest.ended <= last;
    all.resize(std::min(all.size(), most_windows - with_slowest));
    if (with_slowest) {
        const ps around = std::max<ps>((slowest.ended - slowest.born) / 8, microsecond);
        all.push_back({"", fmt::format("the slowest packet, {} ({} to {}): {}", slowest.id, slowest.from, slowest.to,
                report::time_text(slowest.ended - slowest.born)), std::max<ps>(0, slowest.born - around), slowest.ended + around});
        std::stable_sort(all.begin(), all.end(), [](const wave_window& a, const wave_window& b) { return a.from < b.from; });
    }
    for (std::size_t n = 0; n < all.size(); ++n) {
        all[n].file = name_of(n);
        report::write_file((std::filesystem::path(directory) / all[n].file).string(), looking_at(text.str(), all[n].from, all[n].until));
        report::list_file(directory, all[n].file, fmt::format("the waveform from {} on: {}; open with GTKWave", report::time_text(all[n].from), all[n].what));
    }
    leave_only(all.size(), directory);
    return all;
}

}  // namespace nicteam::pages
