#include "nicteam/report/result.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "report/json.h"

namespace nicteam::report {

std::string repeated(const fault& f) {
    if (f.every == never) return "";
    return fmt::format(", every {}, {} time{}", time_text(f.every), grouped(f.times), f.times == 1 ? "" : "s");
}

void metric_value::take(const histogram& h) {
    total = h.count();
    sum = h.sum();
    least = h.least();
    p50 = h.percentile(50, 100);
    p90 = h.percentile(90, 100);
    p99 = h.percentile(99, 100);
    p999 = h.percentile(999, 1000);
    greatest = h.greatest();
}

bool metric_value::unknown(const std::string& of) const {
    return info->kind == metric_info::histogram && total == 0 && of != "total" && of != "rate";
}

std::vector<std::string> given_names(const std::vector<verdict>& all) {
    std::vector<std::string> names;
    bool any = false;
    for (const verdict& v : all) {
        const bool made = v.name.empty() || v.name == fmt::format("expect{}", names.size() + 1);
        names.push_back(made ? "" : v.name);
        any = any || !made;
    }
    return any ? names : std::vector<std::string>{};
}

std::uint64_t run_result::ended_from(const std::string& sender) const {
    std::uint64_t all = 0;
    for (const flow& f : flows)
        if (f.from == sender) all += f.packets;
    for (const loss& l : losses)
        if (l.from == sender) all += l.packets;
    return all;
}

std::pair<std::uint64_t, std::uint64_t> run_result::lost_of() const {
    std::uint64_t lost = 0, of = 0;
    std::vector<std::string> seen;
    for (const loss& l : losses) {
        lost += l.packets;
        if (std::find(seen.begin(), seen.end(), l.from) != seen.end()) continue;
        seen.push_back(l.from);
        of += ended_from(l.from);
    }
    return {lost, of};
}

std::vector<const metric_value*> waits_for_medium(const run_result& r) {
    std::vector<const metric_value*> all;
    for (const metric_value& m : r.metrics) {
        const std::string_view name = m.info->name;
        if (m.total && std::string_view(m.info->unit) == "ps" && m.info->kind == metric_info::counter &&
            (name == "waited" || name == "tx_waited")) all.push_back(&m);
    }
    return all;
}

const metric_value* run_result::find(const std::string& path) const {
    const auto it = std::lower_bound(metrics.begin(), metrics.end(), path, [](const metric_value& m, const std::string& p) { return m.path < p; });
    return it != metrics.end() && it->path == path ? &*it : nullptr;
}

std::string to_json(const machine_facts& m, ps simulated) {
    json_text j;
    j.open_object();
    j.raw("wall_seconds", fmt::format("{:.6f}", m.wall_seconds));
    j.raw("cpu_seconds", fmt::format("{:.6f}", m.cpu_seconds));
    j.time("simulated_ps", simulated);
    if (m.paced) {
        j.time("greatest_lag_ps", m.greatest_lag);
        j.time("mean_lag_ps", m.mean_lag);
    }
    j.string("host", m.host);
    j.string("directory", m.directory);
    j.open_list("command");
    for (const std::string& word : m.command) j.string(nullptr, word);
    j.close_list();
    j.open_list("files");
    for (const auto& [name, what] : m.files) {
        j.open_object();
        j.string("name", name);
        j.string("what", what);
        j.close_object();
    }
    j.close_list();
    if (!m.not_written.empty()) {
        j.open_list("not_written");
        for (const auto& [name, why] : m.not_written) {
            j.open_object();
            j.string("file", name);
            j.string("why", why);
            j.close_object();
        }
        j.close_list();
    }
    j.close_object();
    return j.take();
}

}  // namespace nicteam::report
