#include "nicteam/team/rehoming.h"

namespace nicteam::team {
namespace {

using c = rehoming_config;
constexpr const char* ours = "own choice";
constexpr parameter_info parameters[] = {
    {"policy", quantity::choice, "pre_install", nullptr, nullptr, rehoming_choices,
     "where the associations of the team's traffic lie: in all members that can; in the active one, and in the next one before anything is sent; or, naive, all out, the next member, all in, with what is "
     "sent meanwhile in the clear; or, naive, in again at each change and never out; or, naive, always in the first; or, naive, those that there were when the member changed, whatever their user has done since",
     "what-if Q18; Linux bonding, bond_ipsec_del_sa_all and bond_ipsec_add_sa_all", store<&c::policy>},
    {"exposes", quantity::flag, "false", nullptr, nullptr, nullptr, "delete_flip_add may send in the clear what policy protects: it wants to be said", ours, store<&c::exposes>},
    {"at_a_time", quantity::count, "1", "1", "16", nullptr, "associations on their way into or out of units at a time", "Linux bonding: one behind the other", store<&c::at_a_time>},
    {"hold", quantity::count, "64", "1", "4096", nullptr, "frames that wait for their associations, each way; the stack is told that there is no room for more", ours, store<&c::hold>},
};

constexpr metric_info metrics[] = {
    {"installed", "associations", "associations that a member took when it was asked", metric_info::counter},
    {"removed", "associations", "associations that came home, or were lost with their unit", metric_info::counter},
    {"not_taken", "associations", "associations that a member was asked to take and did not", metric_info::counter},
    {"held", "packets", "packets that waited for their association", metric_info::counter},
    {"dropped", "packets", "packets that a naive policy dropped: their association was not there", metric_info::counter},
    {"in_the_clear", "packets", "packets that policy protects, which a naive policy let out as they are", metric_info::counter},
    {"removing", "ps", "time from a change of the active member until frames leave through it", metric_info::counter},
    {"installing", "ps", "time from then until it has all associations", metric_info::counter},
    {"places", "associations", "places that the team's associations take in its members", metric_info::level},
    {"waiting", "packets", "packets that wait for their association", metric_info::level},
};

constexpr const char* phases[] = {"at_home", "removing", "installing", nullptr};
constexpr probe_info probes[] = {
    {"phase", 0, phases, "where the associations are: where they shall be, coming out of the former member, going into the new one"},
};

}  // namespace

const block_info rehoming_info = {"team", "where the associations of a team's traffic lie", parameters, metrics, probes, {}, {}, {}, {}};

std::unique_ptr<rehoming_policy> make_rehoming(const rehoming_config& config) {
    switch (config.policy) {
        case rehoming_kind::pre_install: return nullptr;
        case rehoming_kind::install_on_failover: return make_install_on_failover();
        case rehoming_kind::delete_flip_add: return make_delete_flip_add();
        case rehoming_kind::add_only: return make_add_only();
        case rehoming_kind::stay: return make_stay();
        case rehoming_kind::as_listed: return make_as_listed();
    }
    return nullptr;
}

std::vector<team_problem> problems_of(const rehoming_config& config, const mode_config& mode) {
    std::vector<team_problem> all;
    const bool moves = config.policy != rehoming_kind::pre_install, naive = config.policy == rehoming_kind::delete_flip_add;
    if (moves && mode.mode != mode_kind::aft && mode.mode != mode_kind::active_backup)
        all.push_back({"rehoming.policy", std::string("mode \"") + name_of(mode.mode) + "\" has no one active member whom associations could follow; allowed: \"pre_install\""});
    if (naive && !config.exposes)
        all.push_back({"rehoming.policy", "\"delete_flip_add\" sends in the clear what policy protects; allowed: with exposes = true, or another policy"});
    if (!naive && config.exposes) all.push_back({"rehoming.exposes", "true, and nothing leaves in the clear by this policy; allowed: false"});
    return all;
}

}  // namespace nicteam::team
