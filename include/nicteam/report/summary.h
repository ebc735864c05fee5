// The page that a person reads after a run.
#pragma once

#include <string>

#include "nicteam/report/result.h"

namespace nicteam::report {

struct summary_options {
    bool color = false;              // ANSI; never unless asked
    std::string directory;           // where the files are; shown when not empty
    unsigned width = 120;
};

std::string summary_text(const run_result&, const summary_options& = {});

}  // namespace nicteam::report
