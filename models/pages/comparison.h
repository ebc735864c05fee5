// The two kinds of comparison, and what they share.
#pragma once

#include <string>
#include <vector>

#include "nicteam/pages/compare.h"

namespace nicteam::pages {

comparison compare_sweeps(const std::string& a, const std::string& b, double confidence);
comparison compare_runs(const std::string& a, const std::string& b, double confidence);

// Bonferroni: each of n comparisons at a level at which all of them together keep the confidence.
double corrected(double confidence, std::size_t comparisons);

// "+12.3 us (+4 %)"; of percent "-2.918 points (-3.85 %)"
std::string change_text(const difference&);
std::string between_text(double, const std::string& unit);  // of a difference: points where both sides are percent
std::string verdict_text(const difference&);  // "B better", "B more", "by itself only", "no", "same", "not judged"
std::string conclusion(const comparison&);             // what to make of it, in a sentence without its full stop

// For gnuplot: the differences that have an interval, a picture a figure, with their numbers in it. `stem` begins the names of pictures.
std::string comparison_plot_script(const comparison&, const std::string& stem);

}  // namespace nicteam::pages
