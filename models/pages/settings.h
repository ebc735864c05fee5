// What two configurations set otherwise.
#pragma once

#include <string>
#include <vector>

#include "nicteam/pages/compare.h"

namespace nicteam::pages {

// Of two resolved scenarios, as lines of their text: in order of the first, then what only the second has. Titles and names of scenarios are no settings.
std::vector<setting> different_settings(const std::vector<std::string>& a, const std::vector<std::string>& b);

std::vector<std::string> lines_of_file(const std::string& file);  // none if it cannot be read

}  // namespace nicteam::pages
