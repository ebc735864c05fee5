// Which checkers of IPsec a scenario has: who protects what, who asks for protection, which nic has a crypto block.
#pragma once

#include "nicteam/check/security_checks.h"
#include "nicteam/scenario/resolved.h"
#include "scenario/building/system.h"

namespace nicteam::scenario {

void watch_security(const resolved&, system&, sim::session&, const std::function<check::security_checks&()>&);

}  // namespace nicteam::scenario
