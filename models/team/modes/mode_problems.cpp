#include <algorithm>
#include <set>

#include "nicteam/packet/addresses.h"
#include "team/modes/announcer.h"
#include "team/modes/mode_table.h"

namespace nicteam::team {
namespace {

std::string in_words(const std::vector<std::string>& names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return out;
}

std::string modes_that_know(const std::string& key) {
    std::vector<std::string> names;
    for (const mode_option& o : mode_options)
        for (unsigned k = 0; key == o.key && k < mode_kinds; ++k)
            if (o.modes & mode_bit(static_cast<mode_kind>(k))) names.push_back(std::string("\"") + name_of(static_cast<mode_kind>(k)) + "\"");
    return in_words(names);
}

// A flow that is striped, or spread by who does not know rates, gets the slowest member's; IEEE 802.3ad, 43.1.2: links of one rate are aggregated.
bool asks_for_one_rate(mode_kind k) { return k == mode_kind::balance_rr || k == mode_kind::balance_xor; }

}  // namespace

std::vector<team_problem> problems_of(const mode_config& c, const std::vector<std::string>& given, const std::vector<described_member>& all) {
    std::vector<team_problem> out;
    for (const std::string& key : given)
        if (!knows(c.mode, key)) out.push_back({key, std::string("mode \"") + name_of(c.mode) + "\" does not know it; it is an option of " + modes_that_know(key)});

    std::vector<std::string> names;
    for (const described_member& m : all) names.push_back("\"" + m.name + "\"");
    const bool is_member = std::any_of(all.begin(), all.end(), [&](const described_member& m) { return m.name == c.primary; });
    if (!c.primary.empty() && !is_member) out.push_back({"primary", "\"" + c.primary + "\" is no member; members are " + in_words(names)});

    const auto is_given = [&](const char* key) { return std::find(given.begin(), given.end(), key) != given.end(); };
    if (c.mode == mode_kind::alb && c.balance != balance::hash && is_given("xmit_hash_policy"))
        out.push_back({"xmit_hash_policy", "nothing is hashed unless `balance` is \"hash\""});
    if (c.num_grat_arp > 1 && is_given("num_grat_arp") && !announcement_distance(c))
        out.push_back({"num_grat_arp", "more than one announcement needs `peer_notif_delay`, or a monitor with an interval"});

    const auto in_turn = [&](const char* key, const std::vector<std::string>& list, std::int64_t least, std::int64_t most) {
        for (const std::string& one : list) {
            value v;
            std::string why;
            if (!parse_quantity(quantity::count, one, v, why) || v.integer < least || v.integer > most)
                out.push_back({key, "\"" + one + "\" is no priority: " + std::to_string(least) + " to " + std::to_string(most)});
        }
        if (list.size() > all.size()) out.push_back({key, "there are " + std::to_string(list.size()) + " priorities and " + std::to_string(all.size()) + " members"});
    };
    in_turn("prio", c.prio, INT32_MIN, INT32_MAX);
    in_turn("actor_port_prio", c.actor_port_prio, 0, 65'535);

    if (const auto system = packet::parse_mac(c.ad_actor_system); system && ((*system)[0] & 1 || *system == mac_address{}))
        out.push_back({"ad_actor_system", "\"" + c.ad_actor_system + "\" is no address of one station; allowed: neither a group's nor 00:00:00:00:00:00"});

    std::set<std::int64_t> rates;
    for (const described_member& m : all)
        if (m.rate) rates.insert(m.rate);
    if (asks_for_one_rate(c.mode) && rates.size() > 1) {
        std::vector<std::string> told;
        for (const described_member& m : all) told.push_back("\"" + m.name + "\" " + format_quantity(quantity::rate, m.rate));
        std::vector<std::string> take_several;
        for (unsigned k = 0; k < mode_kinds; ++k)
            if (!asks_for_one_rate(static_cast<mode_kind>(k))) take_several.push_back(std::string("\"") + name_of(static_cast<mode_kind>(k)) + "\"");
        out.push_back({"mode", std::string("\"") + name_of(c.mode) + "\" needs members of one rate, and they have several: " + in_words(told) + "; allowed: links of one rate, or modes that take several: " + in_words(take_several)});
    }
    return out;
}

}  // namespace nicteam::team
