#include "nicteam/scenario/run.h"

#include <cstdio>

namespace nicteam::scenario {

int run(const resolved&, const problems&, const run_options&) {
    std::fputs("nicteam: the model is not built in yet\n", stderr);
    return 3;
}

}  // namespace nicteam::scenario
