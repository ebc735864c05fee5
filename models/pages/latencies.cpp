#include "pages/latencies.h"

#include <filesystem>
#include <unordered_map>

#include "nicteam/report/stored.h"

namespace nicteam::pages {

latency_parts latencies(const std::string& directory, ps from, ps until, std::size_t parts) {
    latency_parts all;
    const std::filesystem::path file = std::filesystem::path(directory) / "packets.csv";
    std::error_code failed;
    if (!std::filesystem::exists(file, failed) || until <= from) return all;
    struct first {
        std::string from;
        ps born;
    };
    std::unordered_map<std::string, first> copied;  // the packet at the beginning of a chain of copies, by what copies are made of
    std::map<std::pair<std::string, std::string>, std::map<std::size_t, std::pair<double, std::size_t>>> sums;
    report::read_packets(file.string(), [&](const report::stored_packet& p) {
        first f{p.from, p.born};
        if (const auto original = copied.find(p.parent); original != copied.end()) f = original->second;
        if (p.fate == "goes_on") copied.emplace(p.id, f);
        if (p.fate != "arrived" || p.ended < from || p.ended >= until) return;
        const auto part = static_cast<std::size_t>(static_cast<__int128>(p.ended - from) * static_cast<__int128>(parts) / (until - from));
        auto& [sum, count] = sums[{f.from, p.to}][part];
        sum += 1e-12 * static_cast<double>(p.ended - f.born), ++count;
    });
    for (const auto& [flow, of_part] : sums)
        for (const auto& [part, of] : of_part) all[flow][part] = of.first / static_cast<double>(of.second);
    return all;
}

}  // namespace nicteam::pages
