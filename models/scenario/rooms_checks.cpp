// What the rooms themselves say about a configuration, and files that a scenario names. No model is built.
#include <fmt/format.h>

#include "nicteam/nic/nic.h"
#include "nicteam/packet/addresses.h"
#include "nicteam/packet/traffic.h"
#include "nicteam/peer/replay.h"
#include "nicteam/wire/external_port.h"
#include "scenario/steps.h"
#include "scenario/values.h"

namespace nicteam::scenario {
namespace {

position place_of(const component& c, std::string_view key) {
    const setting* s = c.find(key);
    return s && s->given() ? s->at : c.at;
}

void check_nic(const component& c, const resolved& r, problems& found) {
    std::int64_t rate = 0;
    for (const component* link : r.of_kind("link"))
        if (link->text("a") == c.path || link->text("b") == c.path) rate = link->integer("rate");
    auto config = c.configure<nic::nic_config>(nic::nic_info);
    config.slot = static_cast<int>(c.integer("slot"));
    for (const nic::problem& p : nic::check(config, rate)) {
        const setting* s = c.find(p.parameter);
        found.add(place_of(c, p.parameter),
                  fmt::format("nic.{}{}: {}", p.parameter, s ? " = " + to_toml(*s->row, s->value) : "", p.message));
    }
}

bool address_and_prefix(const std::string& text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos || !packet::parse_ipv4(text.substr(0, slash))) return false;
    const std::string bits = text.substr(slash + 1);
    return !bits.empty() && bits.size() <= 2 && bits.find_first_not_of("0123456789") == std::string::npos && std::stoi(bits) <= 32;
}

void check_addresses(const component& c, problems& found) {
    for (const char* key : {"mac", "driver.mac", "source_mac", "destination_mac"})
        if (const setting* s = c.find(key); s && s->given() && !s->value.text.empty() && !packet::parse_mac(s->value.text))
            found.add_last(s->at, fmt::format("{} = {}: is no MAC address; allowed: six octets in hexadecimal, as in \"02:00:00:00:00:01\"",
                                         label(c, *s), quoted(s->value.text)));
    for (const char* key : {"ip", "stack.gateway", "source_ip", "destination_ip"})
        if (const setting* s = c.find(key); s && s->given() && !s->value.text.empty() && !packet::parse_ipv4(s->value.text))
            found.add_last(s->at, fmt::format("{} = {}: is no IPv4 address; allowed: four decimal parts, as in \"192.0.2.1\"", label(c, *s),
                                         quoted(s->value.text)));
    for (const char* key : {"address", "stack.address"})
        if (const setting* s = c.find(key); s && s->given() && !s->value.text.empty() && !address_and_prefix(s->value.text))
            found.add_last(s->at, fmt::format("{} = {}: is no IPv4 address with its prefix length; allowed: as in \"192.0.2.1/24\"",
                                         label(c, *s), quoted(s->value.text)));
}

void check_replay(const component& c, problems& found) {
    const setting& s = *c.find("file");
    if (s.value.text.empty()) return;
    const std::string why = peer::replay::problem_of(c.configure<peer::replay_config>(peer::replay_info));
    if (!why.empty()) found.add(s.at, fmt::format("replay.file = {}: {}", quoted(s.written), why));
}

void check_port(const component& c, problems& found) {
    const std::string why = wire::external_port::problem_of(c.configure<wire::external_port_config>(wire::external_port_info));
    if (why.empty()) return;
    const std::string key = why.substr(0, why.find(':'));
    const setting* s = c.find(key);
    found.add(place_of(c, s ? key : "name"), s ? fmt::format("port.{}", why) : fmt::format("port: {} {}", c.path, why));
}

}  // namespace

void check_rooms(const resolved& r, problems& found) {
    for (const component& c : r.components) {
        const std::string_view kind = c.kind->name;
        check_addresses(c, found);
        if (kind == "nic") check_nic(c, r, found);
        if (kind == "replay") check_replay(c, found);
        if (kind == "port") check_port(c, found);
        if (kind == "traffic") {
            for (const std::string& why : packet::problems_of(c.configure<packet::traffic_config>(packet::traffic_info)))
                found.add(c.at, fmt::format("traffic: {}{}", c.path.empty() ? "" : c.path + ": ", why));
        }
    }
}

}  // namespace nicteam::scenario
