// A page that stands alone: sections, charts, data; nothing is fetched, whatever its text says.
#pragma once

#include <string>

namespace nicteam::pages {

class document {
public:
    explicit document(std::string title) : title_(std::move(title)) {}

    void header(const std::string& html) { header_ += html; }
    // None if empty. `drawn_only`: nothing to read without scripts, and not there without them.
    void section(const char* id, const char* name, const std::string& html, bool drawn_only = false);
    // `data`: JSON for the script.
    std::string text(const std::string& data, const char* script) const;

private:
    std::string title_, header_, contents_, body_;
};

// What charts want in the head of a page, and at its end.
std::string charts_head();
std::string without_scripts();  // says so where they are off
std::string charts_end(const std::string& data, const char* script);

// Text of a description: lines belong together, an empty one parts; those with a star are a list, other indented ones a drawing that stays as it is.
std::string prose(const std::string& text);
std::string paragraph(const std::string& text, const char* class_name = "");
// Where a script draws; without scripts nothing is there.
std::string chart_place(const char* id, const char* chart, const std::string& caption);

}  // namespace nicteam::pages
