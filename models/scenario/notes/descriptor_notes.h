// Where units of a nic stopped in loops of descriptors: lines for the notes of a run.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nicteam/nic/nic.h"
#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

// Of one nic that stopped so often, the first time there.
std::string descriptor_note(const std::string& path, std::uint64_t stops, const nic::descriptor_stop& first);
std::vector<std::string> descriptor_notes(const resolved&, sim::session&, const std::function<const nic::nic*(const std::string& path)>&);

}  // namespace nicteam::scenario
