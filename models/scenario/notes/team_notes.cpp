#include "scenario/notes/team_notes.h"

#include <fmt/format.h>

#include "nicteam/nic/nic.h"
#include "scenario/notes/counted.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

std::string listed(const std::vector<std::string>& all) {
    std::string out;
    for (const std::string& one : all) out += (out.empty() ? "" : ", ") + one;
    return out;
}

std::string identities_of(const component& team, const resolved& r) {
    std::vector<std::string> all;
    for (const component* nic : members_of(team, r)) {
        const auto id = nic::identification_of(nic->configure<nic::nic_config>(nic::nic_info));
        all.push_back(fmt::format("{} {:04x}:{:04x}:{:02x}", nic->name, id.vendor, id.device, *id.revision));
    }
    return listed(all);
}

}  // namespace

std::vector<std::string> team_notes(const resolved& r, sim::session& s) {
    std::vector<std::string> notes;
    for (const component* team : r.of_kind("team")) {
        if (const std::uint64_t refused = counted(s, team->path + ".refused_300"))
            notes.push_back(fmt::format("{}: {} of its {} members refused: it accepts {} (accepts), and they are {}", team->path, refused,
                                        members_of(*team, r).size(), listed(team->list("accepts")), identities_of(*team, r)));
        if (team->text("mode") == "802.3ad" && !counted(s, team->path + ".control_received"))
            notes.push_back(fmt::format("{}: no LACPDU came in (control_received): without a partner it sends by no more than one member", team->path));
    }
    return notes;
}

}  // namespace nicteam::scenario
