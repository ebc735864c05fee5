// What scripts for gnuplot have in common.
#pragma once

#include <string>

namespace nicteam::pages {

std::string gnuplot_text(const std::string&);                                // as a text of gnuplot's
std::string gnuplot_head(const std::string& name, const std::string& what);  // how it is called, what it draws, how its pictures look
std::string gnuplot_format(char axis, const std::string& unit);         // ticks as people write them: "30.0 ns", "1518 B"

bool is_ours_or_none(const std::string& file);                          // not a file of that name that somebody else made

}  // namespace nicteam::pages
