#include "report/team_stored.h"

namespace nicteam::report {
namespace {
using json = nlohmann::ordered_json;

std::string text(const json& j, const char* key) { return j.at(key).get<std::string>(); }
ps time_of(const json& v) {
    const std::string s = v.get<std::string>();
    if (s.empty() || s.find_first_not_of("0123456789") != std::string::npos) throw std::invalid_argument("failovers: \"" + s + "\" is no time");
    return std::stoll(s);
}
ps time(const json& j, const char* key) { return j.contains(key) ? time_of(j.at(key)) : never; }

failover::good_frame good(const json& j, const char* key) {
    if (!j.contains(key)) return {};
    const json& g = j.at(key);
    return {text(g, "member"), text(g, "from"), text(g, "to"), time(g, "at_ps")};
}

gap gap_of(const json& j) {
    gap g;
    g.from = text(j, "from"), g.to = text(j, "to");
    g.last = time(j, "last_ps"), g.first = time(j, "first_ps");
    g.lost = j.at("lost").get<std::uint64_t>(), g.out_of_order = j.at("out_of_order").get<std::uint64_t>();
    if (j.contains("told_elsewhere")) g.told_elsewhere = j.at("told_elsewhere").get<std::uint64_t>();
    for (const json& c : j.at("causes")) g.causes.push_back({text(c, "reason"), text(c, "where"), c.at("packets").get<std::uint64_t>()});
    g.usual = time_of(j.at("usual_ps"));
    g.octets = j.at("octets").get<std::vector<std::uint64_t>>();
    return g;
}

failover failover_of(const json& j) {
    failover f;
    f.team = text(j, "team");
    if (j.contains("fault")) {
        const json& x = j.at("fault");
        f.fault = text(x, "name"), f.what = text(x, "what"), f.where = text(x, "where");
        f.fault_ends = x.at("ends").get<bool>();
        f.fault_at = time(x, "at_ps");
    }
    for (const json& n : j.at("noticed")) f.noticed.push_back({text(n, "by"), text(n, "member"), n.at("good").get<bool>(), time(n, "at_ps")});
    f.decided = time(j, "decided_ps");
    f.lost = j.at("lost").get<std::vector<std::string>>();
    f.found = j.at("found").get<std::vector<std::string>>();
    f.before = text(j, "before"), f.after = text(j, "after");
    if (j.contains("announced_by")) f.announced_by = text(j, "announced_by");
    f.announced = time(j, "announced_ps"), f.announced_on_wire = time(j, "announced_on_wire_ps");
    f.sent = good(j, "first_sent"), f.received = good(j, "first_received");
    for (const json& g : j.at("gaps")) f.gaps.push_back(gap_of(g));
    if (j.contains("around")) f.around = {time_of(j.at("around").at("from_ps")), time_of(j.at("around").at("step_ps"))};
    for (const gap& g : f.gaps)
        if (g.octets.size() != f.gaps.front().octets.size()) throw std::invalid_argument("failovers: gaps: as many octets in each are wanted");
    return f;
}

}  // namespace

void read_of_teams(const json& j, run_result& to) {
    if (j.contains("crossings"))
        for (const json& x : j.at("crossings"))
            to.crossings.push_back({text(x, "path"), x.at("by_the_table").get<unsigned>(), x.at("packets").get<std::uint64_t>(),
                                    x.at("crossings").get<std::uint64_t>()});
    if (!j.contains("failovers")) return;
    for (const json& f : j.at("failovers")) to.failovers.push_back(failover_of(f));
    for (const json& o : j.at("reordering"))
        to.reordered.push_back({text(o, "from"), text(o, "to"), o.at("packets").get<std::uint64_t>(), o.at("out_of_order").get<std::uint64_t>(),
                                time(o, "latest_ps")});
}

}  // namespace nicteam::report
