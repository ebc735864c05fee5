// A scenario's own settings as names in expressions.
#pragma once

#include "nicteam/scenario/resolved.h"
#include "sweep/points/plan.h"

namespace nicteam::sweep {

// Clocks are frequencies however they were written. The scenario has to outlive what is returned.
scenario_keys keys_of(const scenario::resolved&);

}  // namespace nicteam::sweep
