// A script for gnuplot that draws the figures of points.csv beside it.
#pragma once

#include <string>

#include "nicteam/sweep/stored.h"

namespace nicteam::pages {

std::string plot_script(const sweep::stored_sweep&);

}  // namespace nicteam::pages
