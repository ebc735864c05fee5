#include "team/modes/mode_table.h"

#include <cstring>

namespace nicteam::team {
namespace {

using c = mode_config;

const parameter_info parameters[] = {
    {"mode", quantity::choice, "aft", nullptr, nullptr, mode_choices,
     "How regular traffic uses the members: `aft` one active and the others idle, `alb` all for what is sent and one for what is received, and the modes of Linux bonding.",
     "source documents 000/001, ¶27-28; Linux bonding.rst, mode", store<&c::mode>},
    {"primary", quantity::text, "", nullptr, nullptr, nullptr,
     "The preferred member's name: active whenever it is good, as far as `primary_reselect` allows. Of modes with an active or a receiving member.",
     "source documents 000/001, ¶27; Linux bonding.rst, primary", store<&c::primary>},
    {"primary_reselect", quantity::choice, "always", nullptr, nullptr, "always|better|failure",
     "When the primary, or a member of higher `prio`, takes over from an active one that works: always, when it is faster (or as fast and full duplex instead of half), or only when that fails.",
     "Linux bonding.rst, primary_reselect", store<&c::primary_reselect>},
    {"prio", quantity::list, "", nullptr, nullptr, nullptr,
     "Priorities of the members in turn, -2147483648 to 2147483647 each; 0 for those left out. While there is no primary, or it is not good, the highest is preferred.", "Linux bonding.rst, prio",
     store<&c::prio>},
    {"fail_back_delay", quantity::time, "0 ps", "0 ps", "1000 s", nullptr,
     "For how long the preferred member has been good when it takes over from one that works; of mode `aft`.", "choice: Broadcom's teams fall back after about 1.5 s",
     store<&c::fail_back_delay>},
    {"fail_over_mac", quantity::choice, "none", nullptr, nullptr, "none|active|follow",
     "Whose address the active member has: all members have the team's; each keeps its own and the team is announced with that of the active one; or the team's goes with the active one. Of mode `active_backup`; `aft` follows.",
     "Linux bonding.rst, fail_over_mac", store<&c::fail_over_mac>},
    {"num_grat_arp", quantity::count, "1", "0", "255", nullptr, "Gratuitous announcements through a new active member, the first at once.", "Linux bonding.rst, num_grat_arp",
     store<&c::num_grat_arp>},
    {"peer_notif_delay", quantity::time, "0 ps", "0 ps", "300 s", nullptr,
     "Between two announcements, in whole intervals of the monitor (`miimon` or `arp_interval`), rounded down; 0: at each.", "Linux bonding.rst, peer_notif_delay",
     store<&c::peer_notif_delay>},
    {"all_slaves_active", quantity::flag, "false", nullptr, nullptr, nullptr,
     "What comes in through members that do not receive for the team is delivered, copies of broadcasts among it; else it is dropped.", "Linux bonding.rst, all_slaves_active",
     store<&c::all_slaves_active>},
    {"xmit_hash_policy", quantity::choice, "layer2", nullptr, nullptr, aggregation::hash_policies,
     "What of a frame chooses the member that sends it.", "Linux bonding.rst, xmit_hash_policy; decision 145", store<&c::xmit_hash_policy>},
    {"balance", quantity::choice, "hash", nullptr, nullptr, "hash|round_robin|load",
     "How mode `alb` spreads what it sends: by `xmit_hash_policy`, in turn, or to the member where it would be sent first. The last two reorder flows.",
     "source documents 000/001, ¶28, ¶38, ¶41", store<&c::balance>},
    {"packets_per_slave", quantity::count, "1", "0", "65535", nullptr, "Frames in a row through one member, in mode `balance_rr`; 0: a random member for each.",
     "Linux bonding.rst, packets_per_slave", store<&c::packets_per_slave>},
    {"ad_select", quantity::choice, "stable", nullptr, nullptr, "stable|bandwidth|count|actor_port_prio",
     "Which aggregator mode `802.3ad` uses when its members form several: the one of most bandwidth while none is in use, and always; that of most members; or of the greatest sum of `actor_port_prio`.",
     "Linux bonding.rst, ad_select", store<&c::ad_select>},
    {"lacp_rate", quantity::choice, "slow", nullptr, nullptr, "slow|fast", "How often the partner is asked to send: every 30 s, and it counts as gone after 90 s, or every second, and after 3 s.",
     "IEEE 802.1AX-2008, 5.4.4; Linux bonding.rst, lacp_rate", store<&c::lacp_rate>},
    {"lacp_active", quantity::flag, "true", nullptr, nullptr, nullptr, "Speaks by itself; else only when the partner does.", "IEEE 802.1AX-2008, 5.4.1; Linux bonding.rst, lacp_active", store<&c::lacp_active>},
    {"min_links", quantity::count, "0", "0", "8", nullptr, "Fewer members than this in the aggregator in use carry nothing; 0: any.", "Linux bonding.rst, min_links", store<&c::min_links>},
    {"ad_actor_sys_prio", quantity::count, "65535", "1", "65535", nullptr, "This system's priority; the smaller counts more.", "IEEE 802.1AX-2008, 5.3.2; Linux bonding.rst, ad_actor_sys_prio",
     store<&c::ad_actor_sys_prio>},
    {"ad_actor_system", quantity::text, "", nullptr, nullptr, nullptr, "This system's address in LACPDUs; left out: the team's.", "IEEE 802.1AX-2008, 5.3.2; Linux bonding.rst, ad_actor_system",
     store<&c::ad_actor_system>},
    {"ad_user_port_key", quantity::count, "0", "0", "1023", nullptr, "Upper ten bits of the members' keys; the lower ones are rate and duplex.", "Linux bonding.rst, ad_user_port_key",
     store<&c::ad_user_port_key>},
    {"actor_port_prio", quantity::list, "", nullptr, nullptr, nullptr, "Port priorities of the members in turn, 0 to 65535 each; 255 for those left out. For `ad_select` of that name.",
     "IEEE 802.1AX-2008, 5.3.4; Linux bonding.rst, ad_select", store<&c::actor_port_prio>},
    {"tlb_dynamic_lb", quantity::flag, "true", nullptr, nullptr, nullptr,
     "Mode `balance_tlb` gives each client the least loaded member, anew every 10 s, which may reorder its flows; else `xmit_hash_policy` chooses.", "Linux bonding.rst, tlb_dynamic_lb", store<&c::tlb_dynamic_lb>},
    {"lp_interval", quantity::time, "1 s", "1 ms", "1000000 s", nullptr, "Between two learning packets of a member, from which switches learn where its address is.",
     "Linux bonding.rst, lp_interval", store<&c::lp_interval>},
};

template <class... K>
constexpr unsigned of(K... k) {
    return (mode_bit(k) | ...);
}
constexpr mode_kind aft = mode_kind::aft, alb = mode_kind::alb, ab = mode_kind::active_backup, rr = mode_kind::balance_rr,
                    xor_ = mode_kind::balance_xor, ad = mode_kind::ieee_802_3ad, tlb = mode_kind::balance_tlb,
                    balb = mode_kind::balance_alb;

const mode_option options[] = {
    {"primary", of(aft, alb, ab, tlb, balb)},
    {"primary_reselect", of(aft, alb, ab, tlb, balb)},
    {"prio", of(aft, alb, ab, tlb, balb)},
    {"fail_back_delay", of(aft)},
    {"fail_over_mac", of(ab)},
    {"num_grat_arp", of(aft, alb, ab)},
    {"peer_notif_delay", of(aft, alb, ab)},
    {"all_slaves_active", of(aft, alb, ab, ad, tlb, balb)},
    {"xmit_hash_policy", of(alb, xor_, ad, tlb)},
    {"balance", of(alb)},
    {"packets_per_slave", of(rr)},
    {"ad_select", of(ad)},
    {"lacp_rate", of(ad)},
    {"lacp_active", of(ad)},
    {"min_links", of(ad)},
    {"ad_actor_sys_prio", of(ad)},
    {"ad_actor_system", of(ad)},
    {"ad_user_port_key", of(ad)},
    {"actor_port_prio", of(ad)},
    {"tlb_dynamic_lb", of(tlb)},
    {"lp_interval", of(tlb, balb)},
};

}  // namespace

const table<mode_option> mode_options = options;

const block_info mode_info = {"team", "How a team uses its members for regular traffic.", parameters, {}, {}, {}, {}, {}, {}};

const char* name_of(mode_kind k) {
    static const char* const names[] = {"aft", "alb", "active_backup", "balance_rr", "balance_xor", "broadcast", "802.3ad", "balance_tlb", "balance_alb"};
    return names[static_cast<unsigned>(k)];
}

std::int64_t priority_of(const mode_config& c, unsigned member) { return member < c.prio.size() ? std::stoll(c.prio[member]) : 0; }

bool knows(mode_kind k, const std::string& key) {
    for (const mode_option& o : mode_options)
        if (key == o.key) return o.modes & mode_bit(k);
    return true;
}

}  // namespace nicteam::team
