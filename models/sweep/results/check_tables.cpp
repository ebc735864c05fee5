#include "sweep/results/check_tables.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "sweep/reading/scenario_keys.h"
#include "sweep/results/figures.h"
#include "sweep/results/table.h"

namespace nicteam::sweep {
namespace {

constexpr std::size_t most_tried = 100;  // points, to see an expression have a value

using teller = std::function<void(const place&, const std::string& why)>;

place of_column(const description& d, const std::string& name) {
    for (const figure& f : d.figures)
        if (name.compare(0, f.name.size(), f.name) == 0 && f.at.at.file >= 0) return f.at;
    for (std::size_t n = 0; n < d.headings.size(); ++n)
        if (d.headings[n] == name) return d.of_headings[n];
    return {};
}

// A database does not tell "Loss" from "loss".
void distinct(const table& t, const description& d, std::set<std::string>& told, const teller& tell) {
    std::set<std::string> seen;
    for (const column& c : t.columns) {
        std::string name = c.name;
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char letter) { return std::tolower(letter); });
        if (!seen.insert(name).second && told.insert(name).second)
            tell(of_column(d, c.name), fmt::format("= {}: the table of {} would have two columns {}: choose another name", c.name, t.name, c.name));
    }
}

}  // namespace

void check_tables(const description& d, const scenario::resolved& base, const std::vector<point>& points, const std::vector<question>& questions,
                  const teller& tell) {
    one_run any;
    any.found.emplace();
    any.found->status = record::held;
    for (const question& q : questions) any.found->answers.push_back({q, {answer_before(base, q)}});
    const scenario_keys keys = keys_of(base);
    const figures all(d, keys);
    std::vector<worked_figure> worked;
    std::map<std::size_t, std::string> open;  // by the mark of the expression
    for (std::size_t n = 0; n < std::min(points.size(), most_tried) && (n == 0 || !open.empty()); ++n) {
        std::map<std::size_t, std::string> wrong;
        std::vector<breach> ignored;
        const auto here = all.of(any, points[n], ignored, {[&](const figure&, const wrong_expression& why) { wrong.emplace(why.mark, why.what()); },
                                                                 [](const figure&, const wrong_expression&) {}});
        if (n == 0) worked = here, open = wrong;
        for (std::size_t f = 0; f < here.size(); ++f)
            if (!worked[f].known && here[f].known) worked[f] = here[f];
        for (auto it = open.begin(); it != open.end();) it = wrong.count(it->first) ? std::next(it) : open.erase(it);
    }
    for (const auto& [mark, why] : open) tell(d.places[mark], "= " + why);
    for (std::size_t n = 0; n < worked.size(); ++n) {
        if (!worked[n].known) continue;
        try {
            all.unit(n, worked[n].of);
        } catch (const std::invalid_argument& why) {
            tell(d.figures[n].unit_at, why.what());
        }
    }
    const results empty = tabulate(d, base, points, {});
    std::set<std::string> told;
    distinct(empty.runs, d, told, tell);
    distinct(empty.points, d, told, tell);
}

}  // namespace nicteam::sweep
