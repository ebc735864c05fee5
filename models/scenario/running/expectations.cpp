#include "scenario/running/expectations.h"

#include <fmt/format.h>

#include "nicteam/scenario/pattern.h"
#include "scenario/building/build_error.h"
#include "scenario/language/measures.h"
#include "scenario/language/values.h"
#include "scenario/relations/flow_pattern.h"
#include "scenario/running/measure.h"

namespace nicteam::scenario {
namespace {

constexpr std::int64_t one = ratio_one;

// Exact, in the unit in which one would say it: "244.711423 us".
std::string exact(quantity q, std::int64_t v) {
    if (q != quantity::time && q != quantity::period) return format_quantity(q, v);
    static constexpr struct { ps of; const char* name; } units[] = {{second, "s"}, {millisecond, "ms"}, {microsecond, "us"}, {nanosecond, "ns"}, {1, "ps"}};
    const auto size = v < 0 ? -static_cast<__int128>(v) : static_cast<__int128>(v);
    std::size_t n = 0;
    while (units[n].of > 1 && size < units[n].of) ++n;
    std::string text = fmt::format("{}{}", v < 0 ? "-" : "", static_cast<std::int64_t>(size / units[n].of));
    if (auto part = static_cast<std::int64_t>(size % units[n].of)) {
        std::string digits = std::to_string(units[n].of + part).substr(1);       // with the zeros before them
        digits.erase(digits.find_last_not_of('0') + 1);
        text += "." + digits;
    }
    return text + " " + units[n].name;
}

std::string shown(std::int64_t v, quantity q, const metric_info& m, const std::string& of) {
    if (q == quantity::ratio) return fmt::format("{}.{:02} %", v / (one / 100), v % (one / 100) / (one / 10'000));
    std::string text = exact(q, v);
    if (q == quantity::count)
        text += fmt::format(" {}{}", m.kind == metric_info::histogram && (of == "total" || of == "rate") ? "samples" : m.unit,
                            of == "rate" ? "/s" : "");
    return text;
}

// Holds the values to the bounds of the expectation; returns the first that breaks one, else the first.
std::int64_t compare(const component& c, quantity q, const std::string& unit, const std::vector<std::int64_t>& values, report::verdict& v) {
    std::int64_t worst = values.empty() ? 0 : values[0];
    for (const char* key : {"at_least", "at_most", "equals"}) {
        if (!c.given(key)) continue;
        v.text += fmt::format(" {} {}", key, c.text(key));
        std::int64_t bound = 0;
        std::string why;
        if (!parse_in_unit(q, unit, c.text(key), bound, why)) throw build_error(c.find(key)->at, fmt::format("expect.{}: {}", key, why));
        for (const std::int64_t value : values) {
            const bool good = *key == 'e' ? value == bound : key[3] == 'l' ? value >= bound : value <= bound;
            if (!good && v.held) {
                v.held = false;
                worst = value;
            }
        }
    }
    return worst;
}

report::verdict judge_limit(const component& c, const resolved& r, const report::run_result& result) {
    report::verdict v;
    v.name = c.name;
    v.text = "limited by " + c.text("limited_by");
    const bounds::resource* by = result.limit.by < 0 ? nullptr : &result.resources[static_cast<std::size_t>(result.limit.by)];
    v.measured = by ? fmt::format("{} at {}", by->path, (by->use() * 100).decimal(1) + " %") : "nothing";
    const path_pattern wanted(c.text("limited_by"), r);
    v.held = by && result.limit.limited && wanted.matches_beginning(by->path);
    for (const int i : result.limit.as_well) {
        const bounds::resource& s = result.resources[static_cast<std::size_t>(i)];
        v.held = v.held || wanted.matches_beginning(s.path);
        v.measured += fmt::format(", as well {}", s.path);
    }
    return v;
}

report::verdict judge_metric(const component& c, const resolved& r, const report::run_result& result) {
    const std::string &pattern = c.text("metric"), &of = c.text("of");
    const path_pattern wanted(pattern, r);
    std::vector<const report::metric_value*> met;
    for (const report::metric_value& m : result.metrics)
        if (wanted.matches(m.path)) met.push_back(&m);
    report::verdict v;
    v.name = c.name;
    v.held = true;
    v.text = fmt::format("{}{} of {}", c.integer("together") ? "together, " : "", of, pattern);
    const metric_info& info = *met[0]->info;
    const quantity q = quantity_of(info, of);
    std::vector<std::int64_t> values;
    const report::metric_value* silent = nullptr;
    for (const report::metric_value* m : met) {
        if (m->unknown(of)) silent = m;
        else values.push_back(value_of(*m, of, result.window()));
    }
    if (c.integer("together")) {
        __int128 sum = 0;
        for (const std::int64_t one_value : values) sum += one_value;
        values.assign(1, clip(sum));
    }
    v.measured = shown(compare(c, q, info.unit, values, v), q, info, of);
    if (silent) {  // neither early nor late, neither more nor less
        v.held = false;
        v.measured = met.size() > 1 ? "no samples of " + silent->path : "no samples";
    }
    return v;
}

// No packet: none arrived, early or late.
report::verdict judge_flow(const component& c, const resolved& r, const report::run_result& result) {
    const std::string &name = c.text("flow"), &of = c.text("of");
    const flow_pattern wanted(name, r);
    const quantity q = quantity_of_flows(of);
    report::verdict v;
    v.name = c.name;
    v.held = true;
    v.text = fmt::format("{} of {}", of, name);
    std::vector<std::int64_t> values;
    std::string other_way;
    for (const report::flow& f : result.flows)
        if (const report::distribution* times = wanted.times_of(f); times && times->samples) values.push_back(value_of(*times, of, result.window()));
        else if (times && other_way.empty()) other_way = wanted.other_way(f);
    const bool none = values.empty();
    if (none && q == quantity::count) values.push_back(0);
    const std::int64_t worst = compare(c, q, "packets", values, v);
    if (none && q == quantity::time) v.held = false;
    if (!other_way.empty()) other_way = ": " + other_way;
    v.measured = none ? "no packets" + other_way : q == quantity::time ? exact(q, worst) : fmt::format("{} packets{}", worst, of == "rate" ? "/s" : "");
    return v;
}

report::verdict judge_event(const component& c, const event_watch::seen& e) {
    const std::string& of = c.text("of");
    report::verdict v;
    v.name = c.name;
    v.held = true;
    v.text = fmt::format("{} of event {}", of, c.text("event"));
    const quantity q = quantity_of_events(of);
    const std::int64_t value = of == "first" ? e.first : of == "last" ? e.last : clip(static_cast<__int128>(e.total));
    compare(c, q, "times", {value}, v);
    if (of != "total" && e.total == 0) v.held = false;  // what never happened was neither early nor late
    v.measured = q == quantity::count ? fmt::format("{} times", value) : e.total == 0 ? "never" : exact(q, value);
    return v;
}

}  // namespace

void check_metrics(const resolved& r, sim::session& session) {
    for (const component* c : r.of_kind("expect")) {
        if (!c->given("metric")) continue;
        const path_pattern wanted(c->text("metric"), r);
        bool met = false;
        for (const sim::bound_metric& m : session.metrics()) met = met || wanted.matches(m.path);
        if (!met)
            throw build_error(c->find("metric")->at,
                              fmt::format("expect.metric = \"{}\": matches no metric of the run", c->text("metric")));
    }
}

std::vector<report::verdict> judge(const resolved& r, const report::run_result& result, const event_watch& events) {
    std::vector<report::verdict> all;
    for (const component* c : r.of_kind("expect"))
        all.push_back(c->given("limited_by") ? judge_limit(*c, r, result)
                      : c->given("event")    ? judge_event(*c, events.of(*c))
                      : c->given("flow")     ? judge_flow(*c, r, result)
                                             : judge_metric(*c, r, result));
    return all;
}

}  // namespace nicteam::scenario
