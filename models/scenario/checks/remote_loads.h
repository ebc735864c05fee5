// Jobs from other hosts: whether they get there, and who may read them on the way.
#pragma once

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

void check_remote_loads(const resolved&, problems&);

}  // namespace nicteam::scenario
