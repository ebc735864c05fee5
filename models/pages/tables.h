// Cells as people read them, and tables of them; each number has its whole value beside what is shown.
#pragma once

#include <optional>
#include <string>

#include "nicteam/sweep/table.h"

namespace nicteam::pages {

std::string shown(double, const std::string& unit);  // four digits, with a prefix where the unit takes one: "33.33 MHz", "97.3 %"; octets whole: "1518 B"
std::string shown(const sweep::cell&, const std::string& unit);

std::optional<std::size_t> find(const sweep::table&, const std::string& column);
std::size_t at(const sweep::table&, const std::string& column);  // throws report::unreadable: it has none of that name
std::string text(const sweep::cell&);                             // "" if it is none

// Rows of a table that have a mark are emphasised; of a text that is long the screen shows the beginning.
// `most`: of more rows the first ones, and a line that says so.
std::string html_of(const sweep::table&, const std::string& id, std::size_t most, const std::string& marked = "");

}  // namespace nicteam::pages
