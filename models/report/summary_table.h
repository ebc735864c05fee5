// Rows of text with aligned columns.
#pragma once

#include <string>
#include <vector>

namespace nicteam::report {

class text_table {
public:
    // One character a column: '<' left, '>' right.
    explicit text_table(std::string alignment) : alignment_(std::move(alignment)) {}
    void head(std::vector<std::string> cells) { head_ = true; rows_.insert(rows_.begin(), std::move(cells)); }
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    bool empty() const { return rows_.size() == (head_ ? 1u : 0u); }
    std::string text(unsigned indent = 2) const;

private:
    std::string alignment_;
    bool head_ = false;
    std::vector<std::vector<std::string>> rows_;
};

// Words broken into lines of at most `width` characters, later lines indented.
std::string wrapped(const std::string& words, unsigned width, unsigned indent);

}  // namespace nicteam::report
