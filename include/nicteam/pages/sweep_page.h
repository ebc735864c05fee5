// report.html of a sweep: one file that asks nobody for anything, made from results.sqlite alone; the same octets for the same results. Read without scripts
// it has all figures as tables; with scripts, charts to look closer. And plot.gp, which draws points.csv with gnuplot.
#pragma once

#include <string>

namespace nicteam::pages {

inline constexpr const char* sweep_page_name = "report.html";
inline constexpr const char* plot_script_name = "plot.gp";

// Into the directory. Throws report::unreadable, report::write_error.
void write_sweep_page(const std::string& directory);

// What became of the sweep, a line or two, and its status: 0 all held, 1 something did not hold, 4 runs failed.
std::string sweep_summary(const std::string& directory, int& status);

}  // namespace nicteam::pages
