#include "nicteam/scenario/modes_and_groups.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenario/relations/switch_ports.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

enum class wants { no_group, static_group, lacp_group };
struct mode_row {
    const char* mode;
    wants what;
};
// Linux bonding.rst, chapter 11 ("Switch Configuration"); aft and alb: Intel's ANS documentation asks for ports of no group.
constexpr mode_row modes[] = {
    {"aft", wants::no_group},
    {"alb", wants::no_group},
    {"active_backup", wants::no_group},
    {"balance_tlb", wants::no_group},
    {"balance_alb", wants::no_group},
    {"balance_rr", wants::static_group},
    {"balance_xor", wants::static_group},
    {"broadcast", wants::static_group},
    {"802.3ad", wants::lacp_group},
};

struct end {
    const component *link, *at, *group;      // at a switch
};

std::vector<end> ends_of(const component& team, const resolved& r) {
    std::vector<end> all;
    for (const component* nic : members_of(team, r))
        for (const component* link : r.of_kind("link"))
            for (const auto& [one, other] : {std::pair("a", "b"), std::pair("b", "a")}) {
                const component* at = link->text(one) == nic->path ? r.find(link->text(other)) : nullptr;
                if (at && std::string_view(at->kind->name) == "switch") all.push_back({link, at, group_at(*at, *link, r)});
            }
    return all;
}

bool speaks_lacp(const component& group) { return group.text("lacp") != "off"; }

// A link of the group at whose other end none of the team's members is, or null.
const component* stranger_in(const component& group, const component& at, const component& team, const resolved& r) {
    const auto members = members_of(team, r);
    for (const component* link : links_at(at, r)) {
        if (group_at(at, *link, r) != &group) continue;
        const std::string& other = link->text(link->text("a") == at.path ? "b" : "a");
        if (std::none_of(members.begin(), members.end(), [&](const component* m) { return m->path == other; })) return link;
    }
    return nullptr;
}

std::string against(const end& e, wants what) {
    const std::string link = e.link->path, at = e.at->path, group = e.group ? e.group->name : "";
    const char* const lacp = "wanted: a [[port_group]] with lacp = \"active\" or \"passive\"";
    switch (what) {
        case wants::no_group:
            if (!e.group) return "";
            return fmt::format("{} is in the group {} of {}, which deals what is for the team to any of its ports{}; allowed: no [[port_group]]", link, group,
                               at,
                               speaks_lacp(*e.group) ? " once LACP has agreed, and this mode speaks none" : "");
        case wants::static_group:
            if (e.group && !speaks_lacp(*e.group)) return "";
            if (e.group) return fmt::format("the group {} of {} waits for LACP, which this mode does not speak; wanted: lacp = \"off\"", group, at);
            return fmt::format("{} is in no group of {}, which takes the team's address to move from port to port with each frame; wanted: a [[port_group]] "
                               "with lacp = \"off\"", link, at);
        case wants::lacp_group:
            if (!e.group) return fmt::format("{} is in no group of {}: nobody answers its LACPDUs; {}", link, at, lacp);
            return speaks_lacp(*e.group) ? "" : fmt::format("the group {} of {} speaks no LACP: nobody answers; {}", group, at, lacp);
    }
    return "";
}

}  // namespace

// Of each team the first of its links that does not fit.
std::vector<std::string> modes_and_groups(const resolved& r, const problems& sources) {
    std::vector<std::string> notes;
    for (const component* team : r.of_kind("team")) {
        const std::string& mode = team->text("mode");
        const auto row = std::find_if(std::begin(modes), std::end(modes), [&](const mode_row& m) { return mode == m.mode; });
        const auto ends = ends_of(*team, r);
        if (row == std::end(modes) || ends.size() < 2) continue;
        for (const end& e : ends)
            if (const component* other = e.group ? stranger_in(*e.group, *e.at, *team, r) : nullptr) {
                notes.push_back(fmt::format("{}: note: {}: {} is in the group of {}'s members, and leads to none of them: what is for the team is dealt "
                                            "there too",
                                            sources.where(e.group->at), e.group->path, other->path, team->path));
                break;
            }
        for (const end& e : ends)
            if (const std::string why = against(e, row->what); !why.empty()) {
                const setting& s = *team->find("mode");
                notes.push_back(fmt::format("{}: note: team.mode = \"{}\" of {}: {}", sources.where(s.given() ? s.at : team->at), mode, team->path, why));
                break;
            }
    }
    return notes;
}

}  // namespace nicteam::scenario
