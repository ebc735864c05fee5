// result.json: everything that a run found, in a fixed order.
#include <cstring>

#include "nicteam/base/since_power_on.h"
#include "nicteam/report/decimal.h"
#include "nicteam/report/result.h"
#include "report/team_json.h"
#include "report/json.h"
#include "report/work_json.h"

namespace nicteam::report {
namespace {

bool is_time(const char* unit) { return std::strcmp(unit, "ps") == 0; }

// Values of unit ps may exceed what a reader's floating point holds: strings.
void value(json_text& j, const char* key, __int128 v, const char* unit) {
    if (is_time(unit)) j.string(key, integer(v));
    else j.number(key, v);
}
void mean(json_text& j, __int128 sum, __int128 n, const char* unit) {
    if (n == 0) j.raw("mean", "null");
    else if (is_time(unit)) j.string("mean", decimal(sum, n, 3));
    else j.raw("mean", decimal(sum, n, 6));
}

// Of no samples nothing is known.
void samples(json_text& j, const metric_value& m, const char* unit) {
    j.number("count", m.total);
    mean(j, m.sum, m.total, unit);
    value(j, "sum", m.sum, unit);
    const auto point = [&](const char* key, std::int64_t v) {
        if (m.total) value(j, key, v, unit);
        else j.raw(key, "null");
    };
    point("min", m.least);
    point("p50", m.p50);
    point("p90", m.p90);
    point("p99", m.p99);
    point("p99.9", m.p999);
    point("max", m.greatest);
}
void samples(json_text& j, const distribution& d) {
    metric_value m;
    m.total = d.samples;
    m.sum = d.total;
    m.least = d.least, m.greatest = d.greatest;
    m.p50 = d.p50, m.p90 = d.p90, m.p99 = d.p99, m.p999 = d.p999;
    samples(j, m, "ps");
}

template <class List, class Text>
std::string joined(const List& all, Text text) {
    std::string s;
    for (const auto& x : all) s += (s.empty() ? "[" : ", ") + text(x);
    return s.empty() ? "[]" : s + "]";
}

void over_time(json_text& j, const char* key, const time_series& s) {
    j.open_object(key);
    j.time("step_ps", s.step);
    j.raw("packets", joined(s.intervals, [](const auto& i) { return integer(i.packets); }));
    j.raw("octets", joined(s.intervals, [](const auto& i) { return integer(i.octets); }));
    j.close_object();
}

void metric(json_text& j, const metric_value& m, ps window) {
    static constexpr const char* kinds[] = {"counter", "level", "histogram"};
    const char* unit = m.info->unit;
    j.open_object();
    j.string("path", m.path);
    j.string("kind", kinds[m.info->kind]);
    j.string("unit", unit);
    j.string("description", m.info->meaning);
    if (since_power_on(*m.info)) j.flag("since_power_on", true);
    switch (m.info->kind) {
    case metric_info::counter: value(j, "value", m.total, unit); break;
    case metric_info::level:
        mean(j, m.sum, window, "");
        value(j, "max", m.greatest, unit);
        value(j, "end", m.end, unit);
        break;
    case metric_info::histogram: samples(j, m, unit); break;
    }
    j.close_object();
}

void flows(json_text& j, const run_result& r) {
    j.open_list("flows");
    for (const flow& f : r.flows) {
        j.open_object();
        j.string("from", f.from);
        j.string("to", f.to);
        j.number("packets", f.packets);
        j.number("octets", f.octets);
        j.raw("packets_per_second", r.window() ? decimal(static_cast<__int128>(f.packets) * second, r.window(), 3) : "null");
        j.raw("bits_per_second", r.window() ? decimal(static_cast<__int128>(f.octets) * 8 * second, r.window(), 3) : "null");
        j.open_object("latency_ps");
        samples(j, f.latency);
        j.raw("curve", joined(f.latency.curve, [](std::int64_t v) { return "\"" + integer(v) + "\""; }));
        j.close_object();
        over_time(j, "over_time", f.over_time);
        j.open_list("stages");
        for (const hop& h : f.hops) {
            j.open_object();
            j.string("from", h.from);
            j.string("to", h.to);
            samples(j, h.time);
            j.close_object();
        }
        j.close_list();
        j.close_object();
    }
    j.close_list();
    j.open_list("losses");
    for (const loss& l : r.losses) {
        j.open_object();
        j.string("reason", l.reason);
        j.string("description", l.meaning);
        j.string("from", l.from);
        j.string("where", l.where);
        j.number("packets", l.packets);
        j.raw("share_of_sender", decimal(l.packets, r.ended_from(l.from), 6));
        j.number("octets", l.octets);
        j.close_object();
    }
    j.close_list();
    over_time(j, "lost_over_time", r.lost_over_time);
    j.open_list("faults");
    for (const fault& x : r.faults) {
        j.open_object();
        j.string("name", x.name);
        j.string("what", x.what);
        j.string("where", x.where);
        j.time("from_ps", x.from);
        if (x.until != never) j.time("until_ps", x.until);
        if (x.every != never) {
            j.time("every_ps", x.every);
            j.number("times", x.times);
        }
        if (!x.amount.empty()) j.string("amount", x.amount);
        j.close_object();
    }
    j.close_list();
    j.open_list("errors");
    for (const trouble& x : r.troubles) {
        j.open_object();
        j.string("path", x.path);
        value(j, "count", x.count, x.unit.c_str());
        j.close_object();
    }
    j.close_list();
    j.open_list("passed_over");
    for (const passed_over& p : r.for_others) {
        j.open_object();
        j.string("where", p.where);
        j.string("from", p.from);
        j.number("packets", p.packets);
        j.close_object();
    }
    j.close_list();
    j.open_list("held");
    for (const held& h : r.still_held) {
        j.open_object();
        j.string("where", h.where);
        j.number("packets", h.packets);
        j.close_object();
    }
    j.close_list();
}

void limits(json_text& j, const run_result& r) {
    j.open_list("resources");
    for (const bounds::resource& s : r.resources) {
        j.open_object();
        j.string("path", s.path);
        j.string("kind", s.kind);
        j.string("unit", s.unit);
        j.raw("used", s.used.decimal(3));
        j.raw("demand", s.demand().decimal(3));
        j.raw("capacity", s.capacity.decimal(3));
        j.number("packets_waiting", s.waiting);
        if (!s.parts.empty()) {
            j.open_list("spent");
            for (const auto& x : s.parts) {
                j.open_object();
                j.string("what", x.what);
                j.raw("amount", x.amount.decimal(3));
                j.close_object();
            }
            j.close_list();
        }
        j.raw("use", s.capacity.numerator ? s.use().decimal(6) : "null");
        for (const use_series& u : r.use_over_time)
            if (u.path == s.path) {
                j.open_object("over_time");
                j.time("step_ps", u.step);
                j.raw("use", joined(u.use, [](std::uint32_t n) { return decimal(n, use_series::whole, 4); }));
                j.close_object();
            }
        j.string("bound", s.bound);
        j.string("source", s.source);
        j.close_object();
    }
    j.close_list();
    j.open_list("levels");
    for (const fill& x : r.fills) {
        j.open_object();
        j.string("path", x.path);
        j.string("unit", x.unit);
        j.string("integral", integer(x.integral));
        j.number("highest", x.greatest);
        j.number("size", x.size);
        j.close_object();
    }
    j.close_list();
    j.open_list("bus_shares");
    for (const share& x : r.shares) {
        j.open_object();
        j.string("bus", x.bus);
        j.string("master", x.master);
        j.number("tenures", x.tenures);
        j.number("words", x.words);
        j.time("time_ps", x.time);
        j.close_object();
    }
    j.close_list();
    j.open_object("limit");
    if (r.limit.by >= 0) j.string("highest", r.resources[static_cast<std::size_t>(r.limit.by)].path);
    j.flag("limited", r.limit.limited);
    const auto paths = [&](const char* key, const std::vector<int>& which) {
        j.open_list(key);
        for (const int i : which) j.string(nullptr, r.resources[static_cast<std::size_t>(i)].path);
        j.close_list();
    };
    paths("as_much_in_demand", r.limit.as_well);
    paths("full_with_less_demand", r.limit.full);
    if (r.limit.waited_for >= 0) {
        const bounds::wait& w = r.waits[static_cast<std::size_t>(r.limit.waited_for)];
        j.open_object("waited_for");
        j.string("flow", w.flow);
        j.string("from", w.from);
        j.string("to", w.to);
        j.close_object();
    }
    j.close_object();
}

std::string make(const run_result& r, bool one_line) {
    json_text j(one_line);
    j.open_object();
    j.string("format", result_format);
    j.string("percentiles", histogram::accuracy);
    j.raw("curve_percent", joined(distribution::shares, [](unsigned s) { return shortest(s, distribution::whole / 100, 2); }));
    j.string("version", r.version);
    j.string("scenario", r.scenario);
    j.string("title", r.title);
    j.string("seed", integer(r.seed));
    j.open_object("window");
    j.time("from_ps", r.from);
    j.time("until_ps", r.until);
    j.close_object();
    j.time("end_ps", r.end);
    j.flag("interrupted", r.interrupted);
    j.open_list("verdicts");
    for (const verdict& v : r.verdicts) {
        j.open_object();
        j.string("name", v.name);
        j.string("expectation", v.text);
        j.string("measured", v.measured);
        j.flag("held", v.held);
        j.close_object();
    }
    j.close_list();
    j.number("expectations_not_judged", r.not_judged);
    j.open_list("checks");
    for (const check_outcome& c : r.checks) {
        j.open_object();
        j.string("name", c.name);
        j.string("mode", c.counts_only ? "count" : "stop");
        j.number("breaches", c.breaches);
        if (c.breaches) j.string("first", c.first);
        j.close_object();
    }
    j.close_list();
    flows(j, r);
    write_of_teams(j, r);
    write_work(j, r);
    limits(j, r);
    j.open_list("notes");
    for (const std::string& n : r.notes) j.string(nullptr, n);
    j.close_list();
    j.open_list("metrics");
    for (const metric_value& m : r.metrics) metric(j, m, r.window());
    j.close_list();
    j.close_object();
    return j.take();
}

}  // namespace

std::string to_json(const run_result& r) { return make(r, false); }
std::string to_json_line(const run_result& r) { return make(r, true); }

}  // namespace nicteam::report
