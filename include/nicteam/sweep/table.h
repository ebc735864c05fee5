// Results as tables: of typed columns with units, the same in CSV, in the database and on the page.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace nicteam::sweep {

using cell = std::variant<std::monostate, std::string, std::int64_t, double>;  // nothing: not known

struct column {
    enum kind_type { text, integer, real } kind = text;
    std::string name, unit, meaning;
    // What it tells of its row: `fact` numbers and marks, `derived` a parameter that follows from others, `half_width`, `at_most`, `at_least`, `equals` of the figure
    // before them, `front` by how many dominated, `limit` what limited it, `metric` what else was kept.
    enum role_type { fact, parameter, derived, figure, half_width, at_most, at_least, equals, front, limit, metric } role = fact;
};
inline constexpr const char* column_roles[] = {"fact", "parameter", "derived", "figure", "half_width", "at_most", "at_least", "equals", "front", "limit", "metric"};

struct table {
    std::string name;
    std::vector<column> columns;
    std::vector<std::vector<cell>> rows;
};

}  // namespace nicteam::sweep
