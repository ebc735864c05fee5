// Pieces of HTML.
#pragma once

#include <string>
#include <vector>

namespace nicteam::report {

std::string escaped(const std::string&);  // text, and values of attributes in double quotes; what is no UTF-8 becomes U+FFFD

// "12 us" as "12 \u00b5s", in text, not within tags, scripts and styles: pages have one way to write it.
std::string with_micro_signs(const std::string& html);

// A table whose columns are named by a format: '<' text, '~' prose, '>' figures (right, of one width), '#' a share drawn as a bar:
// the cell is a percentage such as "12.3 %". It scrolls by itself where it is too wide.
class html_table {
public:
    html_table(const char* columns, std::vector<std::string> head, std::string caption = "");
    void row(const std::vector<std::string>& cells, const char* class_name = "");  // cells as plain text
    bool empty() const { return rows_.empty(); }
    std::string text(const std::string& id = "") const;

private:
    std::string columns_, head_, caption_, rows_;
};

}  // namespace nicteam::report
