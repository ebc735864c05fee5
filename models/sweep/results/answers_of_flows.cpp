#include "sweep/results/answers_of_flows.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/scenario/problem.h"

namespace nicteam::sweep {
namespace {

constexpr const char* all_flows = "flows";
constexpr const char* throughput = "throughput";

struct told_of_all {
    const char* of;
    const char* unit;
};
constexpr told_of_all all_told[] = {{"throughput", "bps"}, {"total", "packets"}, {"rate", "packets/s"}, {"mean", "s"}, {"least", "s"},
                                    {"greatest", "s"}, {"p50", "s"}, {"p90", "s"}, {"p99", "s"}, {"p999", "s"}};

double seconds(const report::run_result& r) { return static_cast<double>(r.window()) / 1e12; }
double bits_a_second(const report::run_result& r, std::uint64_t octets) { return static_cast<double>(octets) * 8 / seconds(r); }

std::int64_t latency(const report::flow& f, const std::string& of) {
    const report::distribution& d = f.latency;
    return of == "least" ? d.least : of == "greatest" ? d.greatest : of == "p50" ? d.p50 : of == "p90" ? d.p90 : of == "p99" ? d.p99 : d.p999;
}

std::optional<double> of_all(const report::run_result& r, const std::string& of) {
    std::uint64_t packets = 0, octets = 0, samples = 0;
    __int128 time = 0;
    std::int64_t worst = 0;
    for (const report::flow& f : r.flows) {
        packets += f.packets, octets += f.octets;
        if (!f.latency.samples) continue;
        const std::int64_t its = latency(f, of);
        worst = !samples ? its : of == "least" ? std::min(worst, its) : std::max(worst, its);
        samples += f.latency.samples, time += f.latency.total;
    }
    if (of == throughput) return bits_a_second(r, octets);
    if (of == "total") return static_cast<double>(packets);
    if (of == "rate") return static_cast<double>(packets) / seconds(r);
    if (!samples) return {};
    return (of == "mean" ? static_cast<double>(time) / static_cast<double>(samples) : static_cast<double>(worst)) / 1e12;
}

}  // namespace

bool asks_flows(const question& q) { return q.pattern == all_flows || q.of == throughput; }

answer answer_of_flows_before(const scenario::resolved& r, const question& q) {
    std::string listed;
    for (const told_of_all& t : all_told) {
        if (q.pattern == all_flows && q.of == t.of) return {all_flows, t.unit, {}};
        listed += (listed.empty() ? "" : ", ") + std::string(t.of);
    }
    if (q.pattern == all_flows) throw std::invalid_argument(fmt::format("{}: flows have {}", to_string(q), listed));
    std::string why = "is no flow, as in throughput(server.* to client), and not throughput(flows), all of them";
    const bool flow = q.pattern.find(" to ") != std::string::npos;
    if (!flow || !scenario::measurable(r, q.pattern, "total", why)) throw std::invalid_argument(fmt::format("{}: {}", to_string(q), why));
    if (q.pattern.find(" from ") != std::string::npos) throw std::invalid_argument(fmt::format("{}: is of all that arrived; stages have times", to_string(q)));
    return {q.pattern, "bps", {}};
}

std::vector<answer> answers_of_flows(const report::run_result& result, const scenario::resolved& r, const question& q) {
    if (q.pattern == all_flows)
        for (const told_of_all& t : all_told)
            if (q.of == t.of) return {{all_flows, t.unit, of_all(result, q.of)}};
    std::vector<answer> all;
    std::string ignored;
    for (const scenario::measured& m : scenario::measure(result, r, q.pattern, "total", ignored))
        for (const report::flow& f : result.flows)
            if (m.path == f.from + " to " + f.to) all.push_back({m.path, "bps", bits_a_second(result, f.octets)});
    return all;
}

}  // namespace nicteam::sweep
