#include "report/page/work.h"

#include <utility>

#include <fmt/format.h>

#include "nicteam/report/html.h"
#include "report/page/charts.h"
#include "report/work_text.h"

namespace nicteam::report {
namespace {

std::string paragraph(const std::string& text, const char* class_name) { return fmt::format("<p class=\"{}\">{}</p>\n", class_name, escaped(text)); }

}  // namespace

std::string shares_section(const run_result& r) {
    std::string s;
    for (std::size_t n = 0; n < r.work.size();) {
        const std::string& of = r.work[n].of;
        html_table t("<<>#>#", {"work", "by", "count", "its share", "octets", "its share"});
        for (; n < r.work.size() && r.work[n].of == of; ++n) {
            std::string name = name_of(r.work[n]);
            for (std::vector<std::string>& row : rows_of(r.work[n])) {
                const bool sum = row[2].empty();
                row.insert(row.begin(), std::exchange(name, ""));
                t.row(row, sum ? "sum" : "");
            }
        }
        s += fmt::format("<h3>{}</h3>\n", escaped(of)) + t.text();
    }
    if (s.empty()) return s;
    return paragraph("Who did which work of a team, or of a service of engines. Frames sent with their FCS, as they are on the wire; packets received without, "
                     "as a member's driver handed them up; what is put on or taken off in line, and jobs, by the octets of the packet as it came.", "dim") + s;
}

std::string jobs_section(const run_result& r) {
    html_table t("<>>><>>>>", heads_of_jobs);
    for (const requester_jobs& j : r.jobs()) t.row(row_of(j, r.window()));
    if (t.empty()) return "";
    return paragraph("Jobs of those who asked a team or a service of engines, and how long each took from submission to loop-back.", "dim") + t.text()
           + jobs_charts(r);
}

std::string exposure_section(const run_result& r) {
    return r.exposed ? paragraph(exposure_text(*r.exposed) + ".", r.exposed->in_the_clear ? "bad" : "good") : "";
}

std::string saved_section(const run_result& r) {
    std::string s;
    for (const saved_cycles& c : r.saved) {
        s += paragraph(saved_text(c, r.window()), "");
        html_table t("<<>>", {"cycles of", "row of the cost table", "times", "cycles"});
        for (const std::vector<std::string>& row : rows_of(c)) t.row(row);
        s += "<details><summary>By rows of the CPU's cost table</summary>\n" + t.text() + "</details>\n";
    }
    return s;
}

}  // namespace nicteam::report
