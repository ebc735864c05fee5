// report.html: one file that needs no network and no script, made from a run's directory alone. The same bytes for the same results.
#pragma once

#include <string>

namespace nicteam::report {

inline constexpr const char* page_name = "report.html";
inline constexpr const char* page_meaning = "the run as a page";

// Throws unreadable.
std::string page_text(const std::string& directory);
// Writes it into the directory and lists it in run.json. Throws unreadable, write_error.
void write_page(const std::string& directory);

}  // namespace nicteam::report
