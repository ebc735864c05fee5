#include "pages/packet_times.h"

#include <algorithm>
#include <filesystem>
#include <unordered_map>

#include "nicteam/report/stored.h"

namespace nicteam::pages {
namespace {

using report::stored_packet;

class collector {
public:
    collector(ps from, ps until, ps octets_step)
        : from_(from), until_(until), step_((until - from) / static_cast<ps>(packet_times::bins)), octets_step_(octets_step),
          past_(1, std::vector<double>(places)) {
        end_ = from_ + step_ * static_cast<ps>(packet_times::bins);
    }

    void take(const stored_packet& p) {
        const auto original = copied_.find(p.parent);
        const bool copy = original != copied_.end();
        first f = copy ? original->second : first{p.from, p.born, {{p.born, 0}}};
        way_.assign(1, {p.born, 0});
        for (std::size_t n = 0; n < p.passed.size(); ++n)
            if (p.passed[n] != never) way_.emplace_back(p.passed[n], n + 1);
        std::stable_sort(way_.begin() + 1, way_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        while (copy && f.way.size() > 1 && f.way.back().first > p.born) f.way.pop_back();
        f.way.insert(f.way.end(), way_.begin() + 1, way_.end());
        if (p.fate == "goes_on") copied_.emplace(p.id, f);
        const ps ended = p.ended == never ? end_ : p.ended;
        if (past_.size() <= p.passed.size()) past_.resize(p.passed.size() + 1, std::vector<double>(places));
        for (std::size_t n = 0; n < way_.size(); ++n) add(past_[way_[n].second], way_[n].first, n + 1 < way_.size() ? way_[n + 1].first : ended);
        if (p.fate != "arrived" || p.ended < from_ || p.ended >= until_) return;
        count_octets(out_.octets[{f.from, p.to}], p.ended, p.octets);
        if (p.ended >= end_) return;
        if (p.ended - f.born > out_.slowest.ended - out_.slowest.born) out_.slowest = {p.id, f.from, p.to, f.born, p.ended};
        arrived(out_.of_parts[{f.from, p.to}], p.ended, p.ended - f.born);
        auto& stages = stages_[{f.from, p.to}];
        for (std::size_t n = 0; n < f.way.size(); ++n) {
            const bool last = n + 1 == f.way.size();
            stages[{f.way[n].second, last ? last_stage : f.way[n + 1].second}].push_back(1e-12 * static_cast<double>((last ? p.ended
                    : f.way[n + 1].first) - f.way[n].first));
        }
    }

    packet_times all(const std::vector<std::string>& names) {
        out_.from = from_, out_.step = step_, out_.octets_step = octets_step_;
        for (const auto& [flow, l] : out_.of_parts) out_.latencies[flow] = whole_bins(l);
        const auto name = [&](std::size_t n) { return n == last_stage ? std::string("end") : n ? names[n - 1] : std::string("born"); };
        for (std::size_t n = 0; n < past_.size(); ++n)
            if (std::any_of(past_[n].begin(), past_[n].end(), [](double x) { return x > 0; }))
                out_.under_way.push_back({name(n), whole_bins(past_[n]), std::move(past_[n])});
        for (auto& [flow, of] : stages_)
            for (auto& [between, times] : of) {
                std::sort(times.begin(), times.end());
                out_.stages[flow][name(between.first) + " -> " + name(between.second)] = std::move(times);
            }
        return std::move(out_);
    }

private:
    struct first {
        std::string from;
        ps born;
        std::vector<std::pair<ps, std::size_t>> way;  // when and which; 0: born, n + 1: stage n
    };
    static constexpr std::size_t last_stage = static_cast<std::size_t>(-1);

    // Parts of bins are counted in eighths of the step, so that eight of them are one to the picosecond.
    std::size_t place(ps at) const { return static_cast<std::size_t>((at - from_) * parts / step_); }
    ps end_of(std::size_t place) const { return from_ + (static_cast<ps>(place + 1) * step_ + parts - 1) / parts; }
    void add(std::vector<double>& to, ps begin, ps end) const {
        begin = std::max(begin, from_), end = std::min(end, end_);
        for (ps at = begin; at < end;) {
            const std::size_t n = place(at);
            const ps next = std::min(end, end_of(n));
            to[n] += static_cast<double>((next - at) * parts) / static_cast<double>(step_);
            at = next;
        }
    }
    void arrived(packet_times::latency& l, ps ended, ps took) const {
        if (l.sum.empty()) l.sum.resize(places), l.greatest.resize(places), l.packets.resize(places);
        const std::size_t n = place(ended);
        const double seconds = 1e-12 * static_cast<double>(took);
        l.sum[n] += seconds, l.greatest[n] = std::max(l.greatest[n], seconds), ++l.packets[n];
    }
    void count_octets(std::vector<std::uint64_t>& to, ps ended, std::uint64_t octets) const {
        const auto n = static_cast<std::size_t>((ended - from_) / octets_step_);
        if (n >= to.size()) to.resize(n + 1);
        to[n] += octets;
    }
    static std::vector<double> whole_bins(const std::vector<double>& of_parts) {
        std::vector<double> mean(packet_times::bins);
        for (std::size_t n = 0; n < places; ++n) mean[n / packet_times::parts] += of_parts[n] / parts;
        return mean;
    }
    static packet_times::latency whole_bins(const packet_times::latency& of_parts) {
        packet_times::latency l{std::vector<double>(packet_times::bins), std::vector<double>(packet_times::bins), std::vector<std::size_t>(packet_times::bins)};
        for (std::size_t n = 0; n < places; ++n) {
            const std::size_t bin = n / packet_times::parts;
            l.sum[bin] += of_parts.sum[n], l.packets[bin] += of_parts.packets[n], l.greatest[bin] = std::max(l.greatest[bin], of_parts.greatest[n]);
        }
        return l;
    }

    static constexpr ps parts = static_cast<ps>(packet_times::parts);
    static constexpr std::size_t places = packet_times::bins * packet_times::parts;
    ps from_, until_, step_, octets_step_, end_ = 0;
    std::unordered_map<std::string, first> copied_;  // the packet at the beginning of a chain, by what copies are made of
    std::vector<std::pair<ps, std::size_t>> way_;    // likewise, of the one at hand
    std::vector<std::vector<double>> past_;          // by that number
    std::map<packet_times::flow_name, std::map<std::pair<std::size_t, std::size_t>, std::vector<double>>> stages_;
    packet_times out_;
};

}  // namespace

packet_times read_packet_times(const std::string& directory, ps from, ps until, ps octets_step) {
    const std::filesystem::path file = std::filesystem::path(directory) / "packets.csv";
    std::error_code failed;
    if (!std::filesystem::exists(file, failed) || until - from < static_cast<ps>(packet_times::bins)) return {};
    collector c(from, until, octets_step);
    const std::vector<std::string> names = report::read_packets(file.string(), [&](const stored_packet& p) { c.take(p); });
    return c.all(names);
}

}  // namespace nicteam::pages
