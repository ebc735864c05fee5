// Settings by name, as --set and expressions of a sweep find them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

std::string full_key(const component&, const setting&);  // "server.pci0.nic0.driver.receive_ring"; of the top: "duration"

std::string other_key(const component&, const setting&);  // with the other name of its last step; "": it has none

// Every setting that the path or pattern stands for, with its full key, in scenario order; of those that have another name, where it stands for none.
std::vector<std::pair<std::string, const setting*>> settings_of(const std::string& pattern, const resolved&);
// Why a text is no value for it: not of its kind, out of its range, no choice. "": it is one, as far as it alone goes.
std::string why_no_value(const setting&, const std::string& written);
// Why a key stands for none: which part of it is wrong, and what may have been meant.
std::string why_no_setting(const std::string& key, const resolved&);

}  // namespace nicteam::scenario
