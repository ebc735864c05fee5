#include <algorithm>
#include <map>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "nicteam/scenario/pattern.h"
#include "sweep/results/answers_of_failovers.h"
#include "sweep/results/answers_of_flows.h"
#include "sweep/results/record.h"

namespace nicteam::sweep {
namespace {

// A rate of what is counted is so many a second, and a plain number in expressions.
answer told(const scenario::measured& m, const std::string& of) {
    answer a{m.path, m.kind == quantity::count && of == "rate" ? m.unit + "/s" : m.unit, {}};
    double factor = 1;  // whole: amounts keep their decimals
    switch (m.kind) {
        case quantity::time: a.unit = "s", factor = 1e12; break;
        case quantity::size: a.unit = "B"; break;
        case quantity::rate: a.unit = "bps"; break;
        case quantity::ratio: a.unit = "", factor = 1e18; break;
        default: break;
    }
    if (m.known) a.value = m.amount / factor;
    else a.why = m.why;
    return a;
}

double use_of(const bounds::resource& r) {
    const bounds::fraction use = r.use();
    return static_cast<double>(use.numerator) / static_cast<double>(use.denominator);
}

// In the order of the metrics.
std::vector<answer> usual_answers(const report::run_result& result, const scenario::resolved& r, const std::string& pattern) {
    std::vector<answer> all;
    std::string ignored;
    std::map<std::string, answer> means;
    for (const scenario::measured& m : scenario::measure(result, r, pattern, "mean", ignored)) {
        answer a = told(m, "mean");
        a.path = "mean(" + m.path + ")";
        means.emplace(m.path, std::move(a));
    }
    for (const scenario::measured& m : scenario::measure(result, r, pattern, "total", ignored)) {
        const auto mean = means.find(m.path);
        all.push_back(mean == means.end() ? told(m, "total") : mean->second);
    }
    return all;
}

constexpr const char* usual = "usual";        // in the place of a property
constexpr const char* what_limits = "limit";  // in the place of a path

// Buses and CPUs are components, wires and media parts of some. Throws std::invalid_argument when it is neither.
void may_be_a_resource(const question& q, const scenario::resolved& r) {
    const scenario::path_pattern wanted(q.pattern, r);
    const scenario::component* owner = r.owner_of(q.pattern);
    const auto meant = [&](const scenario::component& c) { return wanted.matches(c.path); };
    if (q.pattern == what_limits || q.pattern.find('*') != std::string::npos || std::any_of(r.components.begin(), r.components.end(), meant)) return;
    if (owner && std::string_view(owner->kind->name) != "host") return;
    std::vector<std::string> all{what_limits};
    for (const char* kind : {"bus", "cpu", "link"})
        for (const scenario::component* c : r.of_kind(kind)) all.push_back(c->path);
    throw std::invalid_argument(fmt::format("{}: there is no such resource{}", to_string(q), scenario::did_you_mean(q.pattern, all)));
}

}  // namespace

answer answer_before(const scenario::resolved& r, const question& q) {
    if (q.of == "use") {
        may_be_a_resource(q, r);
        return {q.pattern, "", {}};
    }
    if (asks_flows(q)) return answer_of_flows_before(r, q);
    if (asks_failovers(q)) {
        if (!names_team(q, r)) throw std::invalid_argument(to_string(q) + ": there is no such team");
        return {q.pattern, "s", {}};
    }
    std::string why;
    const auto found = scenario::measurable(r, q.pattern, q.of == usual ? "total" : q.of, why);
    if (!found) throw std::invalid_argument(fmt::format("{}: {}", q.of == usual ? q.pattern : to_string(q), why));
    return told(*found, q.of);
}

question question_of(const std::string& text) {
    const std::size_t open = text.find('(');
    if (open == std::string::npos || text.back() != ')') return {"total", text};
    return {text.substr(0, open), text.substr(open + 1, text.size() - open - 2)};
}

question question_of_metrics(const std::string& text) {
    const bool alone = text.find('(') == std::string::npos && !scenario::is_flow(text);
    return alone ? question{usual, text} : question_of(text);
}

std::string to_string(const question& q) { return q.of + "(" + q.pattern + ")"; }

const std::vector<answer>* record::find(const question& q) const {
    for (const auto& [asked, all] : answers)
        if (asked == q) return &all;
    return nullptr;
}

std::vector<std::pair<question, std::vector<answer>>> answers_of(const report::run_result& result, const scenario::resolved& r,
                                                                 const std::vector<question>& questions) {
    std::vector<std::pair<question, std::vector<answer>>> all;
    for (const question& q : questions) {
        std::vector<answer> answers;
        if (q.of == "use" && q.pattern == what_limits) {
            if (result.limit.by >= 0) answers.push_back({what_limits, "", use_of(result.resources[static_cast<std::size_t>(result.limit.by)])});
            else answers.push_back({what_limits, "", {}});
        } else if (q.of == "use") {
            const scenario::path_pattern wanted(q.pattern, r);
            for (const bounds::resource& resource : result.resources) {
                if (wanted.matches(resource.path)) answers.push_back({resource.path, "", use_of(resource)});
            }
        } else if (asks_flows(q)) {
            answers = answers_of_flows(result, r, q);
        } else if (asks_failovers(q)) {
            answers = answers_of_failovers(result, r, q);
        } else {
            std::string ignored;
            if (q.of == usual) answers = usual_answers(result, r, q.pattern);
            else
                for (const scenario::measured& m : scenario::measure(result, r, q.pattern, q.of, ignored)) answers.push_back(told(m, q.of));
        }
        all.emplace_back(q, std::move(answers));
    }
    return all;
}

}  // namespace nicteam::sweep
