// What is wrong with figures and names whatever runs will give, before there is any.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sweep/reading/description.h"
#include "sweep/results/record.h"

namespace nicteam::sweep {

// Figures, their units, the names of columns: all that is wrong. An expression that has no value at some points is none of it: its cells are empty there.
void check_tables(const description&, const scenario::resolved& base, const std::vector<point>&, const std::vector<question>&,
                  const std::function<void(const place&, const std::string& why)>& tell);

}  // namespace nicteam::sweep
