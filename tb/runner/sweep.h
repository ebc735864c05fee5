// `nicteam sweep`: many runs of one scenario.
#pragma once

#include "cli.h"

namespace nicteam::runner {

int run_sweep(const command&, int argc, char** argv);

}  // namespace nicteam::runner
