// Faults, captures and expectations: what their patterns match, as far as the tables tell without a model.
#include <set>
#include <utility>

#include <fmt/format.h>

#include "nicteam/scenario/pattern.h"
#include "scenario/expectations.h"
#include "scenario/steps.h"
#include "scenario/values.h"

namespace nicteam::scenario {
namespace {

// The blocks whose rows a pattern can reach, and what is left of it there: one step for a row, none for the block itself.
struct way {
    const component* on;
    const block_info* block;
    std::vector<std::string> rest;
};
std::vector<way> ways(const std::string& pattern, const resolved& r) {
    std::vector<way> all;
    const path_pattern expanded(pattern, r);
    for (const std::string& alternative : expanded.alternatives()) {
        const auto steps = split_path(alternative);
        const auto begins = [&](const std::vector<std::string>& own, std::size_t from) {
            if (steps.size() < from + own.size()) return false;
            for (std::size_t i = 0; i < own.size(); ++i)
                if (!match_step(steps[from + i], own[i]) && !match_step(own[i], steps[from + i])) return false;
            return true;
        };
        for (const component& c : r.components) {
            const auto own = split_path(c.path);
            if (c.path.empty() || !begins(own, 0)) continue;
            const auto add = [&](const section& s) {
                const auto below = *s.name ? split_path(s.name) : std::vector<std::string>{};
                const std::size_t used = own.size() + below.size();
                if (begins(below, own.size()) && steps.size() <= used + 1)
                    all.push_back({&c, s.info, {steps.begin() + static_cast<std::ptrdiff_t>(used), steps.end()}});
            };
            for (const section& s : c.kind->sections) add(s);
            for (const section& s : c.kind->inside) add(s);
        }
    }
    return all;
}

std::vector<std::string> all_paths(const resolved& r) {
    std::vector<std::string> all;
    for (const component& c : r.components)
        if (c.kind->form == shape::named) all.push_back(c.path);
    return all;
}

bool any_whole(const std::vector<way>& all) {
    for (const way& w : all)
        if (w.rest.empty()) return true;
    return false;
}

std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& n : std::set<std::string>(names.begin(), names.end())) out += (out.empty() ? "" : ", ") + n;
    return out;
}

// "matches no metric", with the nearest row of what the pattern reaches, or the nearest component.
template <class Rows>
std::string no_match(const std::string& pattern, const resolved& r, const char* what, Rows rows_of) {
    std::vector<std::string> names;
    for (const way& w : ways(pattern, r))
        if (!w.rest.empty())
            for (const auto& row : rows_of(*w.block)) names.push_back(row.name);
    if (names.empty()) return fmt::format("matches no {}{}", what, did_you_mean(pattern.substr(0, pattern.rfind('.')), all_paths(r)));
    const std::string hint = did_you_mean(split_path(pattern).back(), names);
    return fmt::format("matches no {}{}", what, hint.empty() ? "; there are: " + listed(names) : hint);
}

template <class Rows>
auto rows_matching(const std::string& pattern, const resolved& r, Rows rows_of) {
    std::vector<decltype(rows_of(std::declval<const block_info&>()).rows)> all;
    for (const way& w : ways(pattern, r)) {
        if (w.rest.empty()) continue;
        for (const auto& row : rows_of(*w.block))
            if (match_step(w.rest.back(), row.name)) all.push_back(&row);
    }
    return all;
}

void check_fault(const component& c, const resolved& r, problems& found) {
    const setting &at = *c.find("at"), &what = *c.find("what"), &amount = *c.find("amount");
    if (!at.given() || !what.given()) return;
    const auto on = ways(at.value.text, r);
    if (!any_whole(on)) {
        found.add(at.at,
                  fmt::format("fault.at = \"{}\": matches no component{}", at.value.text, did_you_mean(at.value.text, all_paths(r))));
        return;
    }
    std::vector<std::string> names;
    const fault_info* info = nullptr;
    for (const way& w : on) {
        if (!w.rest.empty()) continue;
        for (const fault_info& f : w.block->faults) {
            names.push_back(f.name);
            if (what.value.text == f.name) info = &f;
        }
    }
    if (!info) {
        const std::string hint = did_you_mean(what.value.text, names);
        found.add(what.at, fmt::format("fault.what = \"{}\": is no fault of {}{}", what.value.text, at.value.text,
                                       names.empty() ? "; it has none" : "; allowed: " + listed(names) + hint));
        return;
    }
    std::int64_t ignored = 0;
    std::string why;
    if (*info->unit && !amount.given())
        found.add(c.at, fmt::format("fault.amount: is missing: {} wants an amount in {}", info->name, info->unit));
    else if (!*info->unit && amount.given())
        found.add(amount.at, fmt::format("fault.amount = \"{}\": {} takes no amount", amount.written, info->name));
    else if (amount.given() && !parse_in_unit(quantity_of_unit(info->unit), info->unit, amount.value.text, ignored, why))
        found.add(amount.at, fmt::format("fault.amount = \"{}\": {}", amount.written, why));
    const setting& from = *c.find("from");
    if (from.value.integer >= r.top.integer("duration"))
        found.add(from.given() ? from.at : c.at, fmt::format("fault.from = {}: is not before the end of the run, {}", from.value.text,
                                                             r.top.find("duration")->value.text));
}

void check_capture(const component& c, const resolved& r, problems& found) {
    const setting& at = *c.find("at");
    const auto rows_of = [](const block_info& b) { return b.captures; };
    if (at.given() && rows_matching(at.value.text, r, rows_of).empty())
        found.add(at.at, fmt::format("capture.at = \"{}\": {}", at.value.text, no_match(at.value.text, r, "capture point", rows_of)));
}

void check_bounds(const component& c, const metric_info& m, problems& found) {
    const std::string& of = c.text("of");
    if (const std::string why = unfit(m, of); !why.empty()) {
        found.add(c.given("of") ? c.find("of")->at : c.at, fmt::format("expect.of = \"{}\": {}", of, why));
        return;
    }
    std::int64_t low = INT64_MIN, high = INT64_MAX;
    for (const char* key : {"at_least", "at_most", "equals"}) {
        const setting& s = *c.find(key);
        if (!s.given()) continue;
        std::int64_t v = 0;
        std::string why;
        if (!parse_in_unit(quantity_of(m, of), m.unit, s.value.text, v, why))
            found.add(s.at, fmt::format("expect.{} = \"{}\": {} (the {} of {} is in {})", key, s.written, why, of, m.name, m.unit));
        else if (std::string_view(key) == "at_least")
            low = v;
        else if (std::string_view(key) == "at_most")
            high = v;
    }
    if (low > high)
        found.add(c.find("at_most")->at, fmt::format("expect.at_most = {}: is below at_least = {}", c.text("at_most"), c.text("at_least")));
}

void check_expect(const component& c, const resolved& r, problems& found) {
    const setting &metric = *c.find("metric"), &limit = *c.find("limited_by");
    if (metric.given() == limit.given()) {
        found.add(metric.given() ? limit.at : c.at, "expect: wants either metric or limited_by");
        return;
    }
    const bool bounded = c.given("at_least") || c.given("at_most") || c.given("equals");
    if (limit.given()) {
        if (bounded) found.add(limit.at, "expect.limited_by: takes no at_least, at_most, equals");
        if (!any_whole(ways(limit.value.text, r)))
            found.add(limit.at, fmt::format("expect.limited_by = \"{}\": matches no component{}", limit.value.text,
                                            did_you_mean(limit.value.text, all_paths(r))));
        return;
    }
    if (!bounded) found.add(c.at, "expect: wants at least one of at_least, at_most, equals");
    if (c.given("equals") && (c.given("at_least") || c.given("at_most")))
        found.add(c.find("equals")->at, "expect.equals: at_least and at_most say something else besides");
    const auto rows_of = [](const block_info& b) { return b.metrics; };
    const auto rows = rows_matching(metric.value.text, r, rows_of);
    if (rows.empty())
        found.add(metric.at,
                  fmt::format("expect.metric = \"{}\": {}", metric.value.text, no_match(metric.value.text, r, "metric", rows_of)));
    else
        check_bounds(c, *rows.front(), found);
}

}  // namespace

void check_observers(const resolved& r, problems& found) {
    for (const component& c : r.components) {
        const std::string_view kind = c.kind->name;
        if (kind == "fault") check_fault(c, r, found);
        if (kind == "capture") check_capture(c, r, found);
        if (kind == "expect") check_expect(c, r, found);
    }
    const component* trace = r.find("trace");
    if (!trace) return;
    for (const std::string& scope : trace->list("scopes"))
        if (!any_whole(ways(scope, r)))
            found.add(trace->find("scopes")->at,
                      fmt::format("trace.scopes: \"{}\" matches no component{}", scope, did_you_mean(scope, all_paths(r))));
}

}  // namespace nicteam::scenario
