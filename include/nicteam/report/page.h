// report.html: one file that needs no network and no script, made from a run's directory alone. The same bytes for the same results.
#pragma once

#include <string>

namespace nicteam::report {

inline constexpr const char* page_name = "report.html";
inline constexpr const char* page_meaning = "the run as a page";

// What others put into the page: into its head, as its second section, and at its end; HTML.
struct page_additions {
    std::string head, section_name, section, end;
};

// Throws unreadable.
std::string page_text(const std::string& directory, const page_additions& = {});
// Writes it into the directory and lists it in run.json. Throws unreadable, write_error.
void write_page(const std::string& directory);

}  // namespace nicteam::report
