// What is refused when a scenario is read.
#include <catch2/catch.hpp>

#include <set>

#include "simulated_team.h"
#include "team/modes/mode_table.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

const std::vector<described_member> pair = {{"a", 100'000'000}, {"b", 100'000'000}};

std::string told(const std::vector<team_problem>& p) {
    std::string out;
    for (const team_problem& x : p) out += x.key + ": " + x.message + "\n";
    return out;
}

}  // namespace

TEST_CASE("Each option of a mode has a row, each row but the mode an entry, and every mode a maker of that name") {
    std::set<std::string> rows, options;
    for (const parameter_info& p : mode_info.parameters) rows.insert(p.name);
    for (const mode_option& o : mode_options) options.insert(o.key);
    rows.erase("mode");
    CHECK(rows == options);
    std::string names;
    for (unsigned k = 0; k < mode_kinds; ++k) {
        mode_config c;
        c.mode = static_cast<mode_kind>(k);
        CHECK(make_mode(c, random_stream(1, "t", "m"))->mode_name() == std::string(name_of(c.mode)));
        names += (k ? "|" : "") + std::string(name_of(c.mode));
    }
    CHECK(names == mode_choices);
}

TEST_CASE("An option that the mode does not know is refused when it is given, with the modes that know it") {
    mode_config c;
    c.mode = mode_kind::balance_rr;
    CHECK(told(problems_of(c, {"mode", "packets_per_slave", "fail_over_mac"}, pair)) ==
          "fail_over_mac: mode \"balance_rr\" does not know it; it is an option of \"active_backup\"\n");
    for (const mode_option& o : mode_options)
        for (unsigned k = 0; k < mode_kinds; ++k) {
            c.mode = static_cast<mode_kind>(k);
            const bool refused = !problems_of(c, {o.key}, pair).empty();
            CHECK(refused == !(o.modes & mode_bit(c.mode)));
        }
}

TEST_CASE("A primary that is no member, members of several rates where one is asked for, and announcements without a distance are refused") {
    mode_config c;
    c.primary = "c";
    CHECK(told(problems_of(c, {"primary"}, pair)) == "primary: \"c\" is no member; members are \"a\" and \"b\"\n");
    c.primary = "b";
    CHECK(problems_of(c, {"primary"}, pair).empty());
    const std::vector<described_member> mixed = {{"a", 100'000'000}, {"b", 10'000'000}, {"c", 0}};
    for (unsigned k = 0; k < mode_kinds; ++k) {
        mode_config m;
        m.mode = static_cast<mode_kind>(k);
        const bool one_rate = m.mode == mode_kind::balance_rr || m.mode == mode_kind::balance_xor;
        CHECK(problems_of(m, {}, mixed).size() == (one_rate ? 1 : 0));
        CHECK(problems_of(m, {}, pair).empty());
    }
    c = {};
    c.num_grat_arp = 3;
    CHECK(problems_of(c, {"num_grat_arp"}, pair).size() == 1);
    c.monitor_interval = millisecond;
    CHECK(problems_of(c, {"num_grat_arp"}, pair).empty());
    c.mode = mode_kind::ieee_802_3ad;
    c.num_grat_arp = 1;
    c.actor_port_prio = {"10", "65535"};
    CHECK(problems_of(c, {"actor_port_prio"}, pair).empty());
    c.actor_port_prio = {"-1", "65536", "x"};
    CHECK(problems_of(c, {"actor_port_prio"}, pair).size() == 4);
    c.actor_port_prio.clear();
    for (const auto& [address, good] : {std::pair{"02:00:00:00:00:aa", true}, {"01:80:c2:00:00:02", false}, {"00:00:00:00:00:00", false}}) {
        c.ad_actor_system = address;
        CHECK(problems_of(c, {"ad_actor_system"}, pair).empty() == good);
    }
    c.ad_actor_system.clear();
    c.mode = mode_kind::alb;
    c.actor_port_prio.clear();
    c.prio = {"-2147483648", "2147483647"};
    CHECK(problems_of(c, {"prio"}, pair).empty());
    CHECK((priority_of(c, 0) == INT32_MIN && priority_of(c, 1) == INT32_MAX && priority_of(c, 2) == 0));
    c.prio = {"2147483648", "high", "1"};
    CHECK(told(problems_of(c, {"prio"}, pair)) == "prio: \"2147483648\" is no priority: -2147483648 to 2147483647\n"
                                                  "prio: \"high\" is no priority: -2147483648 to 2147483647\nprio: there are 3 priorities and 2 members\n");
    c.prio.clear();
    c.balance = balance::load;
    CHECK(problems_of(c, {"xmit_hash_policy", "balance"}, pair).size() == 1);
}

TEST_CASE("Delays of media sense without media sense are refused") {
    monitor_config m;
    CHECK(problems_of(m, {}, {"updelay"}, pair).empty());
    m.miimon = 0;
    CHECK(problems_of(m, {}, {"updelay", "downdelay"}, pair).size() == 2);
    CHECK(make_monitors(m).empty());
    CHECK(monitor_interval(m) == 0);
}

TEST_CASE("Monitors that contradict themselves or the mode are refused, with the key") {
    mode_config aft;
    const auto keys = [&](const monitor_config& c, const mode_config& m, const std::vector<std::string>& given = {}) {
        std::string out;
        for (const team_problem& p : problems_of(c, m, given, pair)) out += p.key + " ";
        return out;
    };
    monitor_config arp;
    arp.miimon = 0, arp.arp_interval = second, arp.arp_ip_target = {"192.0.2.1"};
    for (unsigned k = 0; k < mode_kinds; ++k) {
        mode_config m;
        m.mode = static_cast<mode_kind>(k);
        CHECK(keys(arp, m) == (m.mode == mode_kind::alb || m.mode >= mode_kind::ieee_802_3ad ? "arp_interval " : ""));
    }
    arp.arp_ip_target = {};
    CHECK(keys(arp, aft) == "arp_ip_target ");
    arp.arp_ip_target.assign(17, "192.0.2.1");
    arp.arp_ip_target[3] = "192.0.2";
    CHECK(keys(arp, aft) == "arp_ip_target arp_ip_target ");
    arp.arp_ip_target = {"192.0.2.1"};
    arp.miimon = second;
    CHECK(keys(arp, aft) == "arp_interval ");
    CHECK(keys({}, aft, {"arp_validate", "arp_missed_max", "check_time", "heartbeat_wait"}) == "arp_validate arp_missed_max check_time heartbeat_wait ");

    monitor_config probes;
    probes.probe_enable = true, probes.probe_send_time = 2 * second, probes.check_time = 500 * millisecond, probes.max_retries = 3;
    CHECK(keys(probes, aft).empty());
    probes.max_retries = 2;
    CHECK(told(problems_of(probes, aft, {}, pair)) == "probe_send_time: probes are slower than their timeout; allowed: at most `check_time` x (1 + `max_retries`) = 1500 ms\n");
    monitor_config beats;
    beats.heartbeat_interval = second, beats.heartbeat_wait = second;
    CHECK(keys(beats, aft) == "heartbeat_interval ");        // the one of the two that was written
    CHECK(keys(beats, aft, {"heartbeat_wait"}) == "heartbeat_wait ");
    beats.heartbeat_wait = millisecond;
    mode_config ab;
    ab.mode = mode_kind::active_backup;
    CHECK(keys(beats, ab) == "heartbeat_interval ");
    ab.fail_over_mac = fail_over_mac::follow;
    CHECK(keys(beats, ab).empty());
    ab.mode = mode_kind::balance_rr;
    CHECK(keys(beats, ab) == "heartbeat_interval ");
}
