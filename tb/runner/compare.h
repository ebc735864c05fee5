// `nicteam compare`.
#pragma once

#include "cli.h"

namespace nicteam::runner {

int run_compare(const command&);  // 0: nothing shows that they differ; 1 they do; 2 they cannot be compared; 3 the page could not be written

}  // namespace nicteam::runner
