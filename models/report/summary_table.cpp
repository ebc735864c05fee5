#include "report/summary_table.h"

#include <algorithm>

namespace nicteam::report {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// Characters, not octets: continuation octets of UTF-8 take no room.
std::size_t width_of(const std::string& s) {
    return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string text_table::text(unsigned indent) const {
    std::vector<std::size_t> widths(alignment_.size(), 0);
    for (const auto& r : rows_)
        for (std::size_t c = 0; c < r.size(); ++c) widths[c] = std::max(widths[c], width_of(r[c]));
    std::string s;
    for (const auto& r : rows_) {
        std::string line(indent, ' ');
        for (std::size_t c = 0; c < r.size(); ++c) {
            const std::string pad(widths[c] - width_of(r[c]), ' ');
            line += alignment_[c] == '>' ? pad + r[c] : r[c] + pad;
            if (c + 1 < r.size()) line += "  ";
        }
        while (!line.empty() && line.back() == ' ') line.pop_back();
        s += line + '\n';
    }
    return s;
}

std::string wrapped(const std::string& words, unsigned width, unsigned indent) {
    std::size_t from = words.find_first_not_of(' ');
    if (from == std::string::npos) return "\n";
    std::string out, line(from, ' ');
    bool empty = true;
    while (from < words.size()) {
        // Groups of digits stay together.
        std::size_t to = words.find(' ', from);
        while (to != std::string::npos && to > 0 && digit(words[to - 1]) && to + 1 < words.size() && digit(words[to + 1])) to = words.find(' ', to + 1);
        if (to == std::string::npos) to = words.size();
        const std::string word = words.substr(from, to - from);
        if (!empty && width_of(line) + 1 + width_of(word) > width) {
            out += line + '\n';
            line = std::string(indent, ' ');
            empty = true;
        }
        line += (empty ? "" : " ") + word;
        empty = false;
        from = to + 1;
    }
    return out + line + '\n';
}

}  // namespace nicteam::report
