#include <algorithm>

#include "sweep/results/table.h"

namespace nicteam::sweep {

// Runs of a sweep differ in a few lines of some hundreds.
const char* const configurations::view =
    "CREATE INDEX changed_lines ON configuration_changes (run, line);"
    "CREATE VIEW configurations AS SELECT one.identity AS identity, "
    "(SELECT group_concat(text, char(10)) || char(10) FROM (SELECT coalesce(own.text, common.text) AS text FROM configuration_lines AS common "
    "LEFT JOIN configuration_changes AS own ON own.run = one.run AND own.line = common.line ORDER BY common.line)) AS text "
    "FROM (SELECT min(rowid) AS run, identity FROM runs WHERE identity NOT LIKE 'refused-%' GROUP BY identity) AS one;";

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> all;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        all.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return all;
}

// Both have as many lines: each setting has one, whether it has a value or not.
std::vector<changed_line> changes_of(const std::vector<std::string>& before, const std::string& configuration) {
    const std::vector<std::string> now = lines_of(configuration);
    std::vector<changed_line> all;
    for (std::size_t n = 0; n < std::max(before.size(), now.size()); ++n) {
        const std::string text = n < now.size() ? now[n] : "";
        if (n >= before.size() || text != before[n]) all.push_back({n, text});
    }
    return all;
}

configurations configurations_of(const std::vector<std::string>& common, const std::vector<one_run>& runs) {
    configurations c;
    c.common = {"configuration_lines", {{column::integer, "line", "", "from 0"}, {column::text, "text", "", "of the scenario before all points"}}, {}};
    c.changes = {"configuration_changes",
                 {{column::integer, "run", "", "rowid in table runs"}, {column::integer, "line", "", "of the configuration"},
                  {column::text, "text", "", "that the run has there"}},
                 {}};
    std::size_t most = common.size();
    for (std::size_t run = 0; run < runs.size(); ++run)
        for (const changed_line& l : runs[run].changes) {
            most = std::max(most, l.line + 1);
            c.changes.rows.push_back({static_cast<std::int64_t>(run) + 1, static_cast<std::int64_t>(l.line), l.text});
        }
    for (std::size_t n = 0; n < most; ++n) c.common.rows.push_back({static_cast<std::int64_t>(n), n < common.size() ? common[n] : std::string()});
    return c;
}

}  // namespace nicteam::sweep
