#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/scenario/pattern.h"
#include "sweep/results/answers_of_failovers.h"
#include "sweep/results/record.h"

namespace nicteam::sweep {
namespace {

// A rate of what is counted is so many a second, and a plain number in expressions.
answer told(const scenario::measured& m, const std::string& of) {
    answer a{m.path, m.kind == quantity::count && of == "rate" ? m.unit + "/s" : m.unit, {}};
    double factor = 1;
    switch (m.kind) {
        case quantity::time: a.unit = "s", factor = 1e-12; break;
        case quantity::size: a.unit = "B"; break;
        case quantity::rate: a.unit = "bps"; break;
        case quantity::ratio: a.unit = "", factor = 1e-18; break;
        default: break;
    }
    if (m.known) a.value = m.amount * factor;
    return a;
}

}  // namespace

answer answer_before(const scenario::resolved& r, const question& q) {
    if (q.of == "use") return {q.pattern, "", {}};
    if (asks_failovers(q)) {
        if (!names_team(q, r)) throw std::invalid_argument(to_string(q) + ": there is no such team");
        return {q.pattern, "s", {}};
    }
    std::string why;
    const auto found = scenario::measurable(r, q.pattern, q.of, why);
    if (!found) throw std::invalid_argument(fmt::format("{}: {}", to_string(q), why));
    return told(*found, q.of);
}

question question_of(const std::string& text) {
    const std::size_t open = text.find('(');
    if (open == std::string::npos || text.back() != ')') return {"total", text};
    return {text.substr(0, open), text.substr(open + 1, text.size() - open - 2)};
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
        if (q.of == "use") {
            const scenario::path_pattern wanted(q.pattern, r);
            for (const bounds::resource& resource : result.resources) {
                const bounds::fraction use = resource.use();
                if (!wanted.matches(resource.path)) continue;
                answers.push_back({resource.path, "", static_cast<double>(use.numerator) / static_cast<double>(use.denominator)});
            }
        } else if (asks_failovers(q)) {
            answers = answers_of_failovers(result, r, q);
        } else {
            std::string ignored;
            for (const scenario::measured& m : scenario::measure(result, r, q.pattern, q.of, ignored)) answers.push_back(told(m, q.of));
        }
        all.emplace_back(q, std::move(answers));
    }
    return all;
}

}  // namespace nicteam::sweep
