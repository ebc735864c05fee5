// What has to be right before the first run of a sweep: all that is wrong is told at once, each with its place.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/read.h"
#include "sweep/reading/description.h"
#include "sweep/results/record.h"

namespace nicteam::sweep {

struct prepared {
    reading read;
    drawn points;
    std::vector<question> questions;  // what runs are asked for figures and metrics

    bool good() const { return read.what && read.base.found.none(); }
};

// `at_least_one`: a sweep in which nothing varies is told of; else it is the scenario as it stands, for somebody to vary.
prepared prepare(const std::string& file, const scenario::read_options&, bool at_least_one = true);

}  // namespace nicteam::sweep
