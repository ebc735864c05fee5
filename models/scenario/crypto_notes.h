// What the crypto blocks did, and what was left to the CPUs of their hosts, for the summary.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

std::vector<std::string> crypto_notes(const resolved&, sim::session&);

}  // namespace nicteam::scenario
