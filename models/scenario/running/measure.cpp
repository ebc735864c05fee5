#include "scenario/running/measure.h"

#include <fmt/format.h>

#include "nicteam/scenario/measure.h"
#include "nicteam/scenario/pattern.h"
#include "scenario/language/measures.h"
#include "scenario/language/values.h"
#include "scenario/relations/flow_pattern.h"
#include "scenario/relations/parts.h"

namespace nicteam::scenario {
namespace {

constexpr std::int64_t one = ratio_one;

double amount_of(const report::metric_value& m, const std::string& of, ps window, std::int64_t value) {
    const bool mean_of_level = of == "mean" && m.info->kind == metric_info::level && !on_off(*m.info);
    return mean_of_level ? static_cast<double>(m.sum) / static_cast<double>(window) : static_cast<double>(value);
}

// What is counted of a distribution is its samples, whatever they are of.
std::string unit_of(const metric_info& m, const std::string& of) {
    return m.kind == metric_info::histogram && (of == "total" || of == "rate") ? "samples" : m.unit;
}

std::vector<measured> measure_flows(const report::run_result& result, const flow_pattern& wanted, const std::string& of, std::string& why) {
    std::vector<measured> all;
    why = unfit_for_flows(of);
    if (!why.empty()) return all;
    const quantity kind = quantity_of_flows(of);
    for (const report::flow& f : result.flows)
        if (const report::distribution* times = wanted.times_of(f)) {
            const bool known = times->samples > 0 || kind == quantity::count;
            all.push_back({f.from + " to " + f.to, "packets", kind, value_of(*times, of, result.window()), 0, known, known ? "" : wanted.other_way(f)});
        }
    for (measured& m : all) m.amount = static_cast<double>(m.value);
    if (all.empty()) why = "is no flow of the run";
    return all;
}

}  // namespace

std::int64_t clip(__int128 v) { return v > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(v); }

std::int64_t value_of(const report::metric_value& m, const std::string& of, ps window) {
    const metric_info& info = *m.info;
    if (of == "p50") return m.p50;
    if (of == "p90") return m.p90;
    if (of == "p99") return m.p99;
    if (of == "p999") return m.p999;
    if (of == "least") return m.least;
    if (of == "greatest") return m.greatest;
    if (of == "mean" && info.kind == metric_info::histogram) return clip(m.sum / static_cast<__int128>(m.total));
    if (of == "mean" || (of == "share" && info.kind == metric_info::level))
        return clip(on_off(info) ? m.sum * one / window : m.sum / window);
    if (info.kind == metric_info::level) return on_off(info) ? clip(m.sum) : m.end;
    const __int128 total = m.total;
    if (of == "share") return clip(total * one / window);
    if (of == "rate") return clip(total * second * (quantity_of_unit(info.unit) == quantity::size ? 8 : 1) / window);
    return clip(total);
}

std::int64_t value_of(const report::distribution& d, const std::string& of, ps window) {
    if (of == "p50") return d.p50;
    if (of == "p90") return d.p90;
    if (of == "p99") return d.p99;
    if (of == "p999") return d.p999;
    if (of == "least") return d.least;
    if (of == "greatest") return d.greatest;
    if (of == "mean") return d.samples ? clip(d.total / static_cast<__int128>(d.samples)) : 0;
    return of == "rate" ? clip(static_cast<__int128>(d.samples) * second / window) : clip(d.samples);
}

bool is_flow(const std::string& pattern) { return flow_pattern::is_one(pattern); }

std::vector<measured> measure(const report::run_result& result, const resolved& r, const std::string& pattern, const std::string& of, std::string& why) {
    if (flow_pattern::is_one(pattern)) return measure_flows(result, flow_pattern(pattern, r), of, why);
    const path_pattern wanted(pattern, r);
    std::vector<measured> all;
    why = "matches no metric of the run";
    for (const report::metric_value& m : result.metrics) {
        if (!wanted.matches(m.path)) continue;
        const std::string refused = unfit(*m.info, of);
        if (!refused.empty()) {
            if (all.empty()) why = refused;
            continue;
        }
        measured one_of{m.path, unit_of(*m.info, of), quantity_of(*m.info, of), 0, 0, !m.unknown(of)};
        if (one_of.known) one_of.value = value_of(m, of, result.window()), one_of.amount = amount_of(m, of, result.window(), one_of.value);
        all.push_back(std::move(one_of));
    }
    if (!all.empty()) why.clear();
    return all;
}

std::optional<measured> measurable(const resolved& r, const std::string& pattern, const std::string& of, std::string& why) {
    if (flow_pattern::is_one(pattern)) {
        why = unfit_for_flows(of);
        if (why.empty()) why = flow_pattern(pattern, r).lacking(parts_of(r), r);
        if (!why.empty()) return {};
        return measured{pattern, "packets", quantity_of_flows(of), 0, 0, false};
    }
    const path_pattern wanted(pattern, r);
    std::vector<std::string> all;
    why.clear();
    for (const placed<metric_info>& m : rows_at(parts_of(r), &block_info::metrics)) {
        all.push_back(m.path);
        if (!wanted.matches(m.path)) continue;
        why = unfit(*m.row, of);
        if (why.empty()) return measured{m.path, unit_of(*m.row, of), quantity_of(*m.row, of), 0, 0, false};
    }
    if (why.empty()) why = "matches no metric" + did_you_mean(pattern, all);
    return {};
}

}  // namespace nicteam::scenario
