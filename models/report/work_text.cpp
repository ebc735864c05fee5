#include "report/work_text.h"

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "report/summary_table.h"

namespace nicteam::report {

std::string name_of(const work_shares& w) {
    return w.requester.empty() ? w.work : fmt::format("jobs of {}: {}", w.requester.substr(w.requester.rfind('.') + 1), w.work);
}

std::vector<std::vector<std::string>> rows_of(const work_shares& w) {
    std::vector<std::vector<std::string>> all;
    const std::uint64_t count = w.count(), octets = w.octets();
    for (const work_shares::share& s : w.shares)
        all.push_back({s.by, grouped(s.count), percent(s.count, count), grouped(s.octets) + " B", percent(s.octets, octets)});
    all.push_back({"all", grouped(count), "", grouped(octets) + " B", ""});
    return all;
}

std::string saved_text(const saved_cycles& c, ps window) {
    const std::int64_t saved = c.saved(), much = saved < 0 ? -saved : saved;
    const auto cycles = [](std::uint64_t n) { return scaled(static_cast<__int128>(n), 1, "cycles"); };
    return fmt::format("{}: {} {}, {} of the time of its {}. Software would have taken {} for what its devices did of IPsec and CRC-32c; asking them took {}.",
                       c.host, cycles(static_cast<std::uint64_t>(much)), saved < 0 ? "more than software" : "saved",
                       percent(static_cast<__int128>(much) * c.period, static_cast<__int128>(window) * c.cpus),
                       c.cpus == 1 ? "CPU" : fmt::format("{} CPUs", c.cpus), cycles(saved_cycles::sum(c.software)), cycles(saved_cycles::sum(c.asking)));
}

std::vector<std::vector<std::string>> rows_of(const saved_cycles& c) {
    std::vector<std::vector<std::string>> all;
    const auto add = [&all](const char* what, const std::vector<saved_cycles::part>& parts) {
        for (const saved_cycles::part& p : parts) all.push_back({what, p.what, p.times ? grouped(p.times) : "", grouped(p.cycles)});
    };
    add("software", c.software);
    add("asking", c.asking);
    return all;
}

std::vector<std::string> row_of(const requester_jobs& j, ps window) {
    std::string otherwise;
    for (const auto& [what, n] : j.otherwise) otherwise += fmt::format("{}{} {}", otherwise.empty() ? "" : ", ", grouped(n), what);
    const std::string bits = j.done && !j.octets ? "-" : scaled(static_cast<__int128>(j.octets) * 8 * second, window, "b/s");
    std::vector<std::string> row{j.requester, grouped(j.done), scaled(static_cast<__int128>(j.done) * second, window, "jobs/s"), bits,
                                 otherwise.empty() ? "none" : otherwise};
    for (const ps t : {j.least, j.median, j.p99, j.greatest}) row.push_back(j.least == never ? "-" : time_text(t));
    return row;
}

std::string jobs_text(const run_result& r) {
    text_table t("<>>><>>>>");
    t.head(heads_of_jobs);
    for (const requester_jobs& j : r.jobs()) t.row(row_of(j, r.window()));
    return t.empty() ? "" : t.text();
}

std::string exposure_text(const exposure& e) {
    return fmt::format("{} {} of protected payload in the clear on {} {} ({} {} judged{})", grouped(e.octets), e.octets == 1 ? "octet" : "octets", e.ports,
                       e.ports == 1 ? "port" : "ports", grouped(e.frames), e.frames == 1 ? "frame" : "frames",
                       e.in_the_clear ? fmt::format(", {} of them in the clear", grouped(e.in_the_clear)) : "");
}

std::string shares_text(const run_result& r) {
    text_table t("<<<>>>>");
    t.head({"of", "work", "by", "count", "share", "octets", "share"});
    std::string last;
    for (const work_shares& w : r.work) {
        std::string name = name_of(w), of = w.of == last ? "" : w.of;
        last = w.of;
        for (std::vector<std::string>& row : rows_of(w)) {
            row.insert(row.begin(), {std::move(of), std::move(name)});
            t.row(std::move(row));
            name.clear(), of.clear();
        }
    }
    return t.empty() ? "" : t.text();
}

std::string saved_text(const run_result& r, unsigned width) {
    std::string s;
    for (const saved_cycles& c : r.saved) {
        s += wrapped("  " + saved_text(c, r.window()), width, 4);
        text_table t("<<>>");
        t.head({"cycles of", "row of the cost table", "times", "cycles"});
        for (std::vector<std::string>& row : rows_of(c)) t.row(std::move(row));
        s += t.text(4);
    }
    return s;
}

}  // namespace nicteam::report
