#include "nicteam/scenario/idle_teams.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/nic/nic.h"
#include "nicteam/team/mode_config.h"
#include "nicteam/team/monitor_config.h"
#include "scenario/language/values.h"
#include "scenario/relations/switch_ports.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

class team_reader {
public:
    team_reader(const component& team, const resolved& r, const problems& sources, std::vector<std::string>& notes)
        : team_(team), r_(r), sources_(sources), notes_(notes), members_(members_of(team, r)) {}

    void read() {
        if (members_.empty()) return;
        const auto monitors = team_.configure<team::monitor_config>(team::monitor_info);
        too_few_members(monitors);
        nobody_watches(monitors);
        whole_intervals(monitors.miimon);
        if (team_.text("mode") == "802.3ad") lacp();
        refuses_all();
    }

private:
    void note(const char* key, const std::string& why) {
        const setting& s = *team_.find(key);
        notes_.push_back(fmt::format("{}: note: team.{} = {} of {}: {}", sources_.where(s.given() ? s.at : team_.at), key, to_toml(*s.row, s.value),
                                     team_.path, why));
    }

    void too_few_members(const team::monitor_config& m) {
        if (m.probe_enable && members_.size() < 3)
            note("probe_enable", fmt::format("probes test nothing while fewer than three members have links: which of two is deaf cannot be told; it has {}",
                                             members_.size()));
        if (m.heartbeat_interval && members_.size() < 2) note("heartbeat_interval", "a beat is heard by another member, and there is none");
    }

    void nobody_watches(const team::monitor_config& m) {
        if (members_.size() < 2 || m.miimon || m.arp_interval || m.probe_enable || m.heartbeat_interval || team_.text("mode") == "802.3ad") return;
        note("miimon", "nobody watches the members: what sends into a dead link is lost until its driver complains; miimon, arp_interval, probe_enable or "
                       "heartbeat_interval looks");
    }

    void whole_intervals(ps miimon) {
        if (!miimon) return;
        for (const char* key : {"updelay", "downdelay", "peer_notif_delay"})
            if (const std::int64_t delay = team_.integer(key); delay % miimon)
                note(key, fmt::format("is {}: whole intervals of miimon = {} count", format_quantity(quantity::time, delay - delay % miimon),
                                      format_quantity(quantity::time, miimon)));
    }

    void lacp() {
        if (team_.integer("min_links") > static_cast<std::int64_t>(members_.size()))
            note("min_links", fmt::format("it has {} members, which are never enough: it carries nothing", members_.size()));
        if (team_.integer("lacp_active")) return;
        for (const component* member : members_)
            for (const component* link : r_.of_kind("link"))
                for (const auto& [one, other] : {std::pair("a", "b"), std::pair("b", "a")}) {
                    const component* at = link->text(one) == member->path ? r_.find(link->text(other)) : nullptr;
                    const component* group = at && std::string_view(at->kind->name) == "switch" ? group_at(*at, *link, r_) : nullptr;
                    if (group && group->text("lacp") == "passive")
                        return note("lacp_active", fmt::format("the group {} of {} is passive too: neither begins, and there is no aggregate", group->name,
                                                               at->path));
                }
    }

    void refuses_all() {
        const auto& accepts = team_.list("accepts");
        const auto taken = [&](const component* member) {
            const auto id = nic::identification_of(member->configure<nic::nic_config>(nic::nic_info));
            const std::string device = fmt::format("{:04x}:{:04x}", id.vendor, id.device), whole = fmt::format("{}:{:02x}", device, *id.revision);
            return std::any_of(accepts.begin(), accepts.end(), [&](const std::string& a) { return a == device || a == whole; });
        };
        if (!accepts.empty() && std::none_of(members_.begin(), members_.end(), taken))
            note("accepts", "none of its members is of these: all are refused (300), and it carries nothing");
    }

    const component& team_;
    const resolved& r_;
    const problems& sources_;
    std::vector<std::string>& notes_;
    std::vector<const component*> members_;
};

}  // namespace

std::vector<std::string> idle_teams(const resolved& r, const problems& sources) {
    std::vector<std::string> notes;
    for (const component* team : r.of_kind("team")) team_reader(*team, r, sources, notes).read();
    return notes;
}

}  // namespace nicteam::scenario
