// What is wrong with figures and names whatever runs will give, before there is any.
#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "sweep/reading/scenario_keys.h"
#include "sweep/results/figures.h"
#include "sweep/results/table.h"

namespace nicteam::sweep {
namespace {

// A database does not tell "Loss" from "loss".
void distinct(const table& t) {
    std::set<std::string> seen;
    for (const column& c : t.columns) {
        std::string name = c.name;
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char letter) { return std::tolower(letter); });
        if (!seen.insert(name).second)
            throw std::invalid_argument(fmt::format("the table of {} would have two columns {}: choose another name", t.name, c.name));
    }
}

}  // namespace

void check_tables(const description& d, const scenario::resolved& base, const std::vector<point>& points, const std::vector<question>& questions) {
    one_run any;
    any.found.emplace();
    any.found->status = record::held;
    any.found->answers = answers_before(base, questions);
    const scenario_keys keys = keys_of(base);
    const figures all(d, keys);
    std::vector<std::string> ignored;
    const auto worked = all.of(any, points.front(), ignored);
    for (std::size_t n = 0; n < worked.size(); ++n) all.unit(n, worked[n].of);
    const results empty = tabulate(d, base, points, {});
    distinct(empty.runs);
    distinct(empty.points);
}

}  // namespace nicteam::sweep
