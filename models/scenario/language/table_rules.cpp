#include "scenario/language/table_rules.h"

#include <map>
#include <set>

#include "nicteam/nic/nic.h"
#include "nicteam/offload/engine_cores.h"
#include "nicteam/scenario/language.h"
#include "scenario/language/lacking.h"
#include "scenario/language/priorities.h"
#include "scenario/language/quantity_pattern.h"
#include "scenario/language/values.h"

namespace nicteam::scenario {
namespace {

using json = ordered_json;

json given(const char* key) { return {{"required", {key}}}; }
json none_of(std::initializer_list<const char*> keys) {
    json each = json::array();
    for (const char* key : keys) each.push_back(given(key));
    return {{"not", {{"anyOf", std::move(each)}}}};
}
json holds(const char* key, json what) { return {{"properties", {{key, std::move(what)}}}}; }
json is(const char* key, std::string_view choices) {
    return {{"required", {key}}, {"properties", {{key, {{"enum", choices_of(choices)}}}}}};
}

class writer {
public:
    explicit writer(table_rules& r) : rules_(r) {}
    void rule(json when, json then) { rules_.always.push_back({{"if", std::move(when)}, {"then", std::move(then)}}); }
    // The choice is the one made when nothing is said.
    void by_default(const char* key, std::string_view choices, const json& then) {
        rule(is(key, choices), then);
        rules_.whole.push_back({{"if", {{"not", given(key)}}}, {"then", then}});
    }
    void whole(json what) { rules_.whole.push_back(std::move(what)); }
    void whole(json when, json then) { rules_.whole.push_back({{"if", std::move(when)}, {"then", std::move(then)}}); }
    void always(json what) { rules_.always.push_back(std::move(what)); }

private:
    table_rules& rules_;
};

void nic_rules(writer& w, const range_schema& range) {
    std::string identities;
    for (const parameter_info& row : nic::nic_info.parameters)
        if (std::string_view(row.name) == "identity") identities = row.choices;
    const auto but = [&](const std::string& one) {
        std::string others = '|' + identities;
        others.erase(others.find('|' + one), one.size() + 1);
        return others.substr(1);
    };
    const std::string real = but("extended");
    const json fifo = range(quantity::size, "3 KiB", "3 KiB");
    const json rate{{"anyOf", {range(quantity::rate, "10 Mbps", "10 Mbps"), range(quantity::rate, "100 Mbps", "100 Mbps")}}};
    const json narrow{{"enum", choices_of("32")}}, ask{{"enum", {"configure"}}};
    w.by_default("identity", real,
                 {{"properties",
                   {{"tx_fifo", fifo}, {"rx_fifo", fifo}, {"link_rate", rate}, {"bus_width", narrow}, {"rx_burst", ask}, {"pci_id", {{"const", ""}}}}}});
    const json pauses = holds("driver", {{"required", {"flow_control"}}, {"properties", {{"flow_control", {{"const", true}}}}}});
    json sends = pauses;
    sends["required"] = {"driver"};
    w.rule({{"allOf", {is("identity", "82557"), sends}}}, false);
    json has;
    for (const lacking& l : of_an_82557) has["properties"][l.key] = {{"const", l.only}};
    w.rule(is("identity", "82557"), holds("driver", has));
    for (const priority_key& k : priority_keys) {
        const json off = holds("driver", holds(k.key, {{"const", json::parse(k.off)}}));
        if (k.of_an_82557) w.by_default("identity", but("82557"), off);
        else w.rule(is("identity", "82557"), off);
    }
    w.by_default("identity", but("82550"), holds("driver", holds("checksum_offload", {{"const", false}})));
    const json offloads{{"required", {"checksum_offload"}}, {"properties", {{"checksum_offload", {{"const", true}}}}}};
    w.always(holds("driver", {{"if", offloads}, {"then", holds("standard_tcb", {{"const", false}})}}));
    w.rule(sends, holds("driver", holds("flow_control_delay", {{"minimum", 1}})));
    w.always(holds("mac", {{"pattern", "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$"}}));
}

json yes(const char* key) { return {{"required", {key}}, {"properties", {{key, {{"const", true}}}}}}; }
json within(const char* part, json what) { return {{"required", {part}}, {"properties", {{part, std::move(what)}}}}; }

json all_cores() {
    json cores = json::array();
    for (const offload::engine_core& c : offload::engine_cores) cores.push_back(c.name);
    return {{"items", {{"enum", cores}}}};
}

// What is asked of a controller that only one identity has.
void ability_rules(writer& w) {
    const json checksums = within("driver", yes("checksum_offload")), block = within("crypto", yes("enable"));
    w.whole(checksums, is("identity", "82550"));
    w.rule(checksums, {{"allOf", {holds("identity", {{"const", "82550"}}), holds("driver", holds("standard_tcb", {{"const", false}}))}}});
    w.whole(block, is("identity", "extended"));
    const json no{{"const", false}}, none = holds("rx_stage_clocks", {{"maximum", 0}});
    const json driver = holds("driver", {{"properties", {{"receive_records", {{"const", true}}}, {"crc_to_memory", no}, {"save_bad", no}}}});
    w.rule(block, {{"allOf", {holds("identity", {{"const", "extended"}}), driver, none}}});
    w.whole(within("driver", yes("receive_records")), block);
    const json target = within("chimney", yes("enable"));
    w.whole(target, is("identity", "extended"));
    w.rule(target, {{"allOf", {holds("identity", {{"const", "extended"}}), holds("crypto", holds("enable", no))}}});
    w.rule(block, holds("crypto", holds("engines", {{"minItems", 1}})));
    for (const char* key : {"engines", "transmit_engines"}) w.always(holds("crypto", holds(key, all_cores())));
    w.rule(within("crypto", yes("engines_shared")), holds("crypto", holds("transmit_engines", {{"maxItems", 0}})));
}

void sa_rules(writer& w) {
    for (const char* key : {"key", "authentication_key"}) w.always(holds(key, {{"pattern", "^(0x([0-9A-Fa-f]{2})*)?$"}}));
}

void policy_rules(writer& w) {
    const json some = {{"required", {"bundle"}}, {"properties", {{"bundle", {{"minItems", 1}}}}}};
    w.rule(is("action", "bypass|discard"), holds("bundle", {{"maxItems", 0}}));
    w.whole(is("action", "protect"), some);
    w.whole({{"not", given("action")}}, some);
}

void peer_rules(writer& w) {
    for (const char* key : {"interior_mtu", "route_mtu"}) w.always(holds(key, {{"items", {{"pattern", quantity_pattern(quantity::size, 68, 1500)}}}}));
}

void traffic_rules(writer& w, const range_schema& range) {
    const json no_rate = holds("rate", range(quantity::rate, "0 bps", "0 bps")), no_frames = holds("frames_per_second", {{"maximum", 0}});
    w.by_default("pace", "line_rate", {{"allOf", {no_rate, no_frames, holds("arrivals", {{"not", {{"const", "poisson"}}}})}}});
    w.rule(is("pace", "rate"), {{"allOf", {no_frames, holds("rate", range(quantity::rate, "1 bps", "1000 Gbps"))}}});
    w.whole(is("pace", "rate"), given("rate"));
    w.rule(is("pace", "frames"), {{"allOf", {no_rate, holds("frames_per_second", {{"minimum", 1}})}}});
    w.whole(is("pace", "frames"), given("frames_per_second"));
    w.rule(is("framing", "llc_snap"), holds("protocol", {{"enum", {"raw"}}}));
    w.whole(is("framing", "llc_snap"), given("protocol"));
    const json six = is("protocol", "udp_ipv6"), long_enough = range(quantity::size, "84 B", "61000 B");
    w.rule(six, holds("sizes", {{"enum", {"fixed", "uniform"}}}));
    w.rule(six, holds("frame_size", long_enough));
    w.rule({{"allOf", {six, is("sizes", "uniform")}}}, holds("least_size", long_enough));
    w.whole({{"allOf", {six, is("sizes", "uniform")}}}, given("least_size"));
    const json short_enough = range(quantity::size, "64 B", "1518 B"), snap = is("framing", "llc_snap");
    w.whole({{"allOf", {snap, holds("sizes", {{"enum", {"fixed"}}})}}}, holds("frame_size", short_enough));
    w.rule({{"allOf", {snap, is("sizes", "fixed")}}}, holds("frame_size", short_enough));
    w.rule({{"allOf", {snap, is("sizes", "uniform")}}}, holds("greatest_size", short_enough));
}

void expect_rules(writer& w) {
    const char* subjects[] = {"metric", "event", "flow", "limited_by"};
    json pairs = json::array(), one = json::array();
    for (const char* a : subjects) {
        one.push_back(given(a));
        for (const char* b : subjects)
            if (std::string_view(a) < b) pairs.push_back({{"required", {a, b}}});
    }
    w.always({{"not", {{"anyOf", pairs}}}});
    w.whole({{"anyOf", one}});
    w.whole({{"anyOf", {given("limited_by"), given("at_least"), given("at_most"), given("equals")}}});
    w.rule(given("limited_by"), none_of({"at_least", "at_most", "equals"}));
    w.rule(given("equals"), none_of({"at_least", "at_most"}));
    w.rule(given("event"), {{"allOf", {holds("of", {{"enum", {"total", "first", "last"}}}), holds("together", {{"const", false}})}}});
    w.rule(given("metric"), holds("of", {{"not", {{"enum", {"first", "last"}}}}}));
    w.rule(given("flow"), {{"allOf", {holds("of", {{"not", {{"enum", {"share", "first", "last"}}}}}), holds("together", {{"const", false}})}}});
    std::set<std::string> units;
    for (const table_entry& t : all_tables())
        for (const metric_info& m : t.info->metrics) units.insert(m.unit);
    std::string all = "%|ps|ns|us|ms|s|B|KiB|MiB|GiB|bps|kbps|Mbps|Gbps|times";
    for (const std::string& u : units)
        if (u.find_first_of("/.*+()") == std::string::npos && !u.empty()) all += "|" + u;
    const json bound{{"pattern", number_pattern(all)}};
    const json how_often{{"pattern", quantity_pattern(quantity::count, INT64_MIN, INT64_MAX, "times")}};
    const json how_many{{"pattern", quantity_pattern(quantity::count, INT64_MIN, INT64_MAX, "packets")}};
    const json when{{"type", "string"}, {"pattern", quantity_pattern(quantity::time, INT64_MIN, INT64_MAX)}};
    for (const char* key : {"at_least", "at_most", "equals"}) {
        w.always(holds(key, bound));
        w.rule({{"allOf", {given("event"), is("of", "first|last")}}}, holds(key, when));
        w.rule({{"allOf", {given("event"), is("of", "total")}}}, holds(key, how_often));
        w.whole({{"allOf", {given("event"), {{"not", given("of")}}}}}, holds(key, how_often));
        w.rule({{"allOf", {given("flow"), is("of", "mean|least|greatest|p50|p90|p99|p999")}}}, holds(key, when));
        w.rule({{"allOf", {given("flow"), is("of", "total|rate")}}}, holds(key, how_many));
        w.whole({{"allOf", {given("flow"), {{"not", given("of")}}}}}, holds(key, how_many));
    }
}

// What a fault wants as its amount, by its name; what it wants to come again.
void fault_rules(writer& w) {
    w.whole(given("times"), given("every"));
    w.whole(given("every"), given("for"));
    std::map<std::string, std::set<std::string>> by_unit;
    std::map<std::string, std::int64_t> least;
    json names = json::array();
    for (const table_entry& t : all_tables())
        for (const fault_info& f : t.info->faults)
            if (by_unit[f.unit].insert(f.name).second) {
                names.push_back(f.name);
                least[f.unit] = f.least;
            }
    w.always(holds("what", {{"enum", names}}));
    for (const auto& [unit, faults] : by_unit) {
        const json when{{"required", {"what"}}, {"properties", {{"what", {{"enum", faults}}}}}};
        if (unit.empty()) {
            w.rule(when, none_of({"amount"}));
            continue;
        }
        const quantity q = quantity_of_unit(unit);
        const std::int64_t most = greatest_amount(unit);
        w.rule(when, holds("amount", {{"pattern", quantity_pattern(q, least[unit], most, unit)}, {"minimum", least[unit]}}));
        if (most != INT64_MAX) w.rule(when, holds("amount", {{"maximum", q == quantity::ratio ? 1 : most}}));
        w.whole(when, given("amount"));
    }
}

void port_rules(writer& w) {
    const json some{{"minLength", 1}};
    w.whole({{"anyOf",
              {{{"required", {"socket"}}, {"properties", {{"socket", some}}}},
               {{"required", {"replay"}}, {"properties", {{"replay", some}}}}}}});
    w.always(holds("socket", {{"maxLength", 107}}));
}

void bus_rules(writer& w) {
    const json behind{{"required", {"behind"}}, {"properties", {{"behind", {{"minLength", 1}}}}}};
    w.rule(behind, holds("bridge", {{"maxProperties", 0}}));
}

}  // namespace

json choices_of(std::string_view rest, quantity q) {
    json all = json::array();
    while (true) {
        const std::size_t bar = rest.find('|');
        const std::string one(rest.substr(0, bar));
        if (q != quantity::count) all.push_back(one);
        if (!one.empty() && one.find_first_not_of("0123456789") == std::string::npos) all.push_back(std::stoll(one));
        if (bar == std::string_view::npos) return all;
        rest.remove_prefix(bar + 1);
    }
}

table_rules rules_of(std::string_view kind, const range_schema& range) {
    table_rules rules;
    writer w(rules);
    if (kind == "nic") nic_rules(w, range), ability_rules(w);
    if (kind == "crypto_card") w.always(holds("engines", all_cores()));
    if (kind == "sa") sa_rules(w);
    if (kind == "policy") policy_rules(w);
    if (kind == "peer") peer_rules(w);
    if (kind == "traffic") traffic_rules(w, range);
    if (kind == "expect") expect_rules(w);
    if (kind == "fault") fault_rules(w);
    if (kind == "port") port_rules(w);
    if (kind == "bus") bus_rules(w);
    return rules;
}

}  // namespace nicteam::scenario
