// What became of a sweep: how its runs ended, and whether they kept to their closed forms.
#pragma once

#include <cstddef>

#include "nicteam/sweep/table.h"

namespace nicteam::sweep {

struct verdict {
    std::size_t held = 0, broken = 0, failed = 0, missing = 0;  // runs by column `status`
    std::size_t beyond = 0;                                     // breaches of closed forms
    std::size_t nowhere = 0;                                    // closed forms that were held to in no run

    std::size_t runs() const { return held + broken + failed + missing; }
    bool good() const { return status() == 0; }
    // 0 all held; 1 an expectation or a closed form did not hold; 4 runs failed, or are missing.
    int status() const { return failed || missing ? 4 : broken || beyond || nowhere ? 1 : 0; }
};

verdict verdict_of(const table& runs, const table& breaches);

}  // namespace nicteam::sweep
