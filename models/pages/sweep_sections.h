// Parts of a sweep's page.
#pragma once

#include <string>
#include <vector>

#include "nicteam/sweep/stored.h"

namespace nicteam::pages {

// In a few figures: the best of what is wanted and where, what limits most points, which parameter does most, how near the closed forms are.
std::string at_a_glance(const sweep::stored_sweep&);

// Of a cell of limited_by: one resource, or several that were in as much demand or each limited some of a point's runs. None: nothing is known.
std::vector<std::string> limits_of(const sweep::cell&);

// What was full at which points, alone or together with others, and at how many of those with each value of a parameter; "" where nothing is known.
// `chart`: with a place for one.
std::string limits_section(const sweep::stored_sweep&, bool chart);

// The figure over its closed form (`which`: at_most, at_least, equals), least and greatest over the points; of a form that `within` is about, over
// those where it counts.
struct form_shares {
    double least = 0, most = 0;
    std::size_t points = 0;  // 0: there is none
};
form_shares shares_of(const sweep::stored_sweep&, const std::vector<sweep::cell>& row_of_figure, const std::string& which);

// To what figures are held, at how many runs, how near the points come, and who does not keep to it.
std::string closed_forms_section(const sweep::stored_sweep&);

}  // namespace nicteam::pages
