// Which port of a switch is which: numbered by the links that end there in scenario order, named by link or by what is at the other end.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"
#include "nicteam/wire/ethernet_switch.h"

namespace nicteam::scenario {

std::vector<const component*> links_at(const component& ethernet_switch, const resolved&);      // by port
// What a port is called by: its link, or whoever has just one link to the switch. None, and why, with what is there.
std::optional<unsigned> port_called(const std::string& name, const component& ethernet_switch, const resolved&, std::string& why);

struct static_address {
    std::uint64_t address;
    unsigned port;
};
// "02:00:00:00:00:05 lan0". None, and why.
std::optional<static_address> static_address_of(const std::string& text, const component& ethernet_switch, const resolved&, std::string& why);

std::vector<const component*> groups_of(const component& ethernet_switch, const resolved&);
// The group that a link's end at a switch is in, or null.
const component* group_at(const component& ethernet_switch, const component& link, const resolved&);

// With names, groups and static entries; of a scenario without problems.
wire::switch_config switch_config_of(const component& ethernet_switch, const resolved&);

}  // namespace nicteam::scenario
