// Faults, captures, expectations and waveform scopes: what their patterns match, as far as the tables tell without a model.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "nicteam/scenario/pattern.h"
#include "scenario/language/measures.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/flow_pattern.h"
#include "scenario/relations/parts.h"

namespace nicteam::scenario {
namespace {

using names = std::vector<std::string>;
constexpr std::size_t most_points = 24;      // that a message lists

std::string listed(const names& all, std::size_t most = 12) {
    std::string out;
    std::size_t n = 0;
    const std::set<std::string> each(all.begin(), all.end());
    for (const std::string& name : each) {
        if (n++ == most) return out + fmt::format(" and {} more", each.size() - most);
        out += (out.empty() ? "" : ", ") + name;
    }
    return out;
}

class observers {
public:
    observers(const resolved& r, problems& found) : r_(r), found_(found), parts_(parts_of(r)), places_(places_among(parts_)) {}

    void check() {
        for (const component& c : r_.components) {
            const std::string_view kind = c.kind->name;
            if (kind == "fault") check_fault(c);
            if (kind == "capture") check_capture(c);
            if (kind == "expect") check_expect(c);
            if (kind == "check") check_counted(c);
        }
        for (const component* trace : r_.of_kind("trace"))
            for (const std::string& scope : trace->list("scopes")) check_scope(scope, *trace->find("scopes"));
    }

private:
    // The rows that a pattern matches; when there are none, says which there are.
    template <class Row>
    std::vector<const Row*> matching(const setting& s, const char* label, const char* what, const std::vector<placed<Row>>& rows) {
        const path_pattern pattern(s.value.text, r_);
        std::vector<const Row*> met;
        names all;
        for (const placed<Row>& p : rows) {
            if (pattern.matches(p.path)) met.push_back(p.row);
            all.push_back(p.path);
        }
        if (met.empty())
            found_.add(s.at, fmt::format("{} = {}: matches no {}{}", label, quoted(s.value.text), what, hint(s.value.text, all)));
        return met;
    }

    // Which part of a pattern is wrong: the component, or what it should have?
    std::string hint(const std::string& text, const names& all) const {
        const std::size_t dot = text.rfind('.');
        const std::string last = dot == std::string::npos ? text : text.substr(dot + 1);
        names here, anywhere;
        for (const std::string& path : all) {
            const std::size_t end = path.rfind('.');
            if (dot != std::string::npos && path_pattern(text.substr(0, dot), r_).matches(path.substr(0, end)))
                here.push_back(path.substr(end + 1));
            if (path.substr(end + 1) == last) anywhere.push_back(path);
        }
        if (!here.empty()) {
            const std::string near = did_you_mean(last, here);
            return near.empty() ? "; there are: " + listed(here, 60) : near;
        }
        if (const std::string near = did_you_mean(text, anywhere.empty() ? all : anywhere); !near.empty()) return near;
        if (!anywhere.empty()) return "; there are: " + listed(anywhere);
        if (const std::string near = dot == std::string::npos ? "" : nearest(text.substr(0, dot), places_); !near.empty())
            return fmt::format("; did you mean {}.{}?", near, last);
        return did_you_mean(last, all);
    }

    void check_fault(const component& c) {
        const setting &at = *c.find("at"), &what = *c.find("what");
        if (at.given() && what.given())
            if (const fault_info* info = fault_at(at, what)) check_amount(c, *info);
        check_period(c);
    }

    // What comes again is over before, so that it is told when it is there.
    void check_period(const component& c) {
        const setting &every = *c.find("every"), &times = *c.find("times"), &lasts = *c.find("for");
        if (times.given() && !every.given())
            found_.add(times.at, fmt::format("fault.times = {}: without every: how long from each time to the next is missing", times.written));
        if (!every.given()) return;
        if (!lasts.given())
            found_.add(every.at, fmt::format("fault.every = {}: without for: what lasts to the end of the run does not come again", quoted(every.written)));
        else if (!every.refused && !lasts.refused && every.value.integer <= lasts.value.integer)
            found_.add(every.at, fmt::format("fault.every = {}: is no longer than for = {}, which it lasts each time; allowed: longer",
                                             quoted(every.written), quoted(lasts.written)));
    }

    const fault_info* fault_at(const setting& at, const setting& what) {
        const path_pattern pattern(at.value.text, r_);
        const fault_info* info = nullptr;
        bool place = false;
        names here, everywhere, with_faults, whose;  // faults there, all faults, places with any, places with this one
        for (const part& p : parts_) {
            const bool there = pattern.matches(p.path);
            place = place || there;
            if (p.block->faults.count) with_faults.push_back(p.path);
            for (const fault_info& f : p.block->faults) {
                everywhere.emplace_back(f.name);
                if (what.value.text == f.name) whose.push_back(p.path);
                if (there) here.emplace_back(f.name);
                if (there && what.value.text == f.name) info = &f;
            }
        }
        if (info) return info;
        const std::string befalls = whose.empty() ? "; what can have faults: " + listed(with_faults)
                                                  : fmt::format("; {} befalls: {}", what.value.text, listed(whose));
        if (!place) {
            const std::string near = did_you_mean(at.value.text, whose.empty() ? with_faults : whose);
            found_.add(at.at, fmt::format("fault.at = {}: matches no component{}{}", quoted(at.value.text), near, befalls));
        } else if (!whose.empty()) {
            found_.add(at.at, fmt::format("fault.at = {}: has no fault {}; {}{}", quoted(at.value.text), what.value.text,
                                          here.empty() ? "it has none" : "it has " + listed(here), befalls));
        } else {
            const names& known = here.empty() ? everywhere : here;
            found_.add(what.at,
                       fmt::format("fault.what = {}: is no fault{}; allowed {}: {}", quoted(what.value.text),
                                   did_you_mean(what.value.text, known), here.empty() ? "elsewhere" : "there", listed(known)));
        }
        return nullptr;
    }

    void check_amount(const component& c, const fault_info& info) {
        const setting& amount = *c.find("amount");
        const quantity q = quantity_of_unit(info.unit);
        const char* example = q == quantity::ratio ? " between 0 and 1, as in \"1e-6\" or \"1 %\"" : "";
        std::int64_t v = 0;
        std::string why;
        if (!amount.given()) {
            if (*info.unit) found_.add(c.at, fmt::format("fault.amount: is missing: {} wants a {}{}", info.name, info.unit, example));
        } else if (!*info.unit) {
            found_.add(amount.at, fmt::format("fault.amount = {}: {} takes no amount", quoted(amount.written), info.name));
        } else if (!parse_in_unit(q, info.unit, amount.value.text, v, why)) {
            found_.add(amount.at,
                       fmt::format("fault.amount = {}: {}; {} wants a {}{}", quoted(amount.written), why, info.name, info.unit, example));
        } else if (const std::int64_t most = greatest_amount(info.unit); v < info.least || v > most) {
            const std::string wanted = q == quantity::ratio ? fmt::format("a {}{}", info.unit, example)
                                       : most == INT64_MAX  ? fmt::format("at least {} {}", info.least, info.unit)
                                                            : fmt::format("{} … {} {}", info.least, most, info.unit);
            found_.add(amount.at, fmt::format("fault.amount = {}: is out of range; {} wants {}", quoted(amount.written), info.name, wanted));
        }
    }

    void check_capture(const component& c) {
        const setting& at = *c.find("at");
        if (!at.given()) return;
        const auto points = rows_at(parts_, &block_info::captures);
        // The component that has the points stands for none of them: several may be there.
        const path_pattern pattern(at.value.text, r_);
        names below, all;
        for (const placed<capture_info>& p : points) {
            all.push_back(p.path);
            if (pattern.matches_beginning(p.path)) below.push_back(p.path);
            if (pattern.matches(p.path)) return;
        }
        const std::string hint = below.empty() ? did_you_mean(at.value.text, all) : "";
        found_.add(at.at, fmt::format("capture.at = {}: matches no capture point{}; there are: {}", quoted(at.value.text), hint,
                                      listed(below.empty() ? all : below, most_points)));
    }

    // What is compared: in which kind of quantity and unit; why there is no such thing, or "".
    struct subject {
        quantity q;
        std::string unit, unfit;
        const metric_info* metric = nullptr;
    };

    void check_bounds(const component& c, const subject& what) {
        const std::string& of = c.text("of");
        if (!what.unfit.empty()) {
            found_.add(c.given("of") ? c.find("of")->at : c.at, fmt::format("expect.of = \"{}\": {}", of, what.unfit));
            return;
        }
        const auto& [q, unit, unfit, m] = what;
        std::int64_t low = INT64_MIN, high = INT64_MAX;
        for (const char* key : {"at_least", "at_most", "equals"}) {
            const setting& s = *c.find(key);
            if (!s.given()) continue;
            std::int64_t v = 0;
            std::string why;
            if (!parse_in_unit(q, unit, s.value.text, v, why))
                found_.add(s.at, m ? fmt::format("expect.{} = {}: {} (the {} of {} is in {})", key, quoted(s.written), why, of, m->name,
                                                 *m->unit ? m->unit : "no unit")
                                   : fmt::format("expect.{} = {}: {}", key, quoted(s.written), why));
            else if (std::string_view(key) == "at_least")
                low = v;
            else if (std::string_view(key) == "at_most")
                high = v;
        }
        if (low > high)
            found_.add(c.find("at_most")->at,
                       fmt::format("expect.at_most = {}: is below at_least = {}", c.text("at_most"), c.text("at_least")));
    }

    void check_expect(const component& c) {
        const setting &metric = *c.find("metric"), &limit = *c.find("limited_by"), &event = *c.find("event"), &flow = *c.find("flow");
        const setting *first = nullptr, *second = nullptr;
        for (const setting* s : {&metric, &event, &flow, &limit})
            if (s->given()) (first ? second : first) = s;
        if (!first || second) {
            found_.add(second ? second->at : c.at, "expect: wants one of metric, event, flow and limited_by");
            return;
        }
        const bool bounded = c.given("at_least") || c.given("at_most") || c.given("equals");
        if (limit.given()) {
            if (bounded) found_.add(limit.at, "expect.limited_by: takes no at_least, at_most, equals");
            const path_pattern pattern(limit.value.text, r_);
            if (std::none_of(places_.begin(), places_.end(), [&](const std::string& p) { return pattern.matches(p); }))
                found_.add(limit.at, fmt::format("expect.limited_by = {}: matches no component{}", quoted(limit.value.text),
                                                 did_you_mean(limit.value.text, places_)));
            return;
        }
        if (!bounded) found_.add(c.at, "expect: wants at least one of at_least, at_most, equals");
        if (c.given("equals") && (c.given("at_least") || c.given("at_most")))
            found_.add(c.find("equals")->at, "expect.equals: at_least and at_most say something else besides");
        const std::string& of = c.text("of");
        if (metric.given()) {
            const auto rows = matching(metric, "expect.metric", "metric", rows_at(parts_, &block_info::metrics));
            if (!rows.empty()) check_bounds(c, {quantity_of(*rows.front(), of), rows.front()->unit, unfit(*rows.front(), of), rows.front()});
        } else if (flow.given()) {
            check_flow(flow);
            check_bounds(c, {quantity_of_flows(of), "packets", unfit_for_flows(of)});
            if (c.integer("together")) found_.add(c.find("together")->at, "expect.together: flows are compared each");
        } else {
            std::vector<placed<event_place>> rows;
            const auto events = events_at(parts_);
            for (const event_place& e : events) rows.push_back({e.path, &e});
            if (!matching(event, "expect.event", "event", rows).empty()) check_bounds(c, {quantity_of_events(of), "times", unfit_for_events(of)});
            if (c.integer("together")) found_.add(c.find("together")->at, "expect.together: events are always counted together");
        }
    }

    void check_flow(const setting& flow) {
        if (!flow_pattern::is_one(flow.value.text))
            found_.add(flow.at, fmt::format("expect.flow = {}: wants who sends and who receives, as in \"client to server.*\"", quoted(flow.written)));
        else if (const std::string why = flow_pattern(flow.value.text, r_).lacking(parts_, r_); !why.empty())
            found_.add(flow.at, fmt::format("expect.flow: {}", why));
    }

    // Who lets a checker count instead of stopping the run shows that it has something to count.
    void check_counted(const component& c) {
        for (const setting& s : c.settings) {
            if (!s.given() || s.value.text != "count") continue;
            const std::string metric = fmt::format("{}.{}_breaches", c.path, s.row->name);
            bool expected = false;
            for (const component* e : r_.of_kind("expect"))
                for (const char* key : {"at_least", "equals"}) {
                    std::int64_t least = 0;
                    std::string why;
                    expected = expected || (e->given(key) && path_pattern(e->text("metric"), r_).matches(metric) &&
                                            parse_in_unit(quantity::count, "breaches", e->text(key), least, why) && least > 0);
                }
            if (!expected)
                found_.add(s.at, fmt::format("check.{} = \"count\": wants an [[expect]] with metric = \"{}\" and at_least = 1: only what "
                                             "breaks the rule on purpose may count instead of stop",
                                             s.row->name, metric));
        }
    }

    // A component, a part of one, or one probe.
    void check_scope(const std::string& scope, const setting& s) {
        const path_pattern pattern(scope, r_);
        names drawn, all = places_;  // probes, and the pins of each bus
        for (const auto& p : rows_at(parts_, &block_info::probes)) drawn.push_back(p.path);
        all.insert(all.end(), drawn.begin(), drawn.end());
        for (const component* bus : r_.of_kind("bus")) drawn.push_back(bus->path);
        if (std::any_of(drawn.begin(), drawn.end(), [&](const std::string& p) { return pattern.matches_beginning(p); })) return;
        if (std::none_of(all.begin(), all.end(), [&](const std::string& p) { return pattern.matches(p); }))
            found_.add(s.at, fmt::format("trace.scopes: {} matches no component{}", quoted(scope), did_you_mean(scope, all)));
        else
            found_.add(s.at, fmt::format("trace.scopes: {} has nothing that a waveform shows; there are: {}", quoted(scope), listed(drawn)));
    }

    const resolved& r_;
    problems& found_;
    std::vector<part> parts_;
    names places_;
};

}  // namespace

void check_observers(const resolved& r, problems& found) { observers(r, found).check(); }

}  // namespace nicteam::scenario
