// A script for gnuplot with the figures of a run's charts in it.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace nicteam::pages {

std::string run_plot_script(const nlohmann::ordered_json& data);  // what the charts of the page are drawn from

}  // namespace nicteam::pages
