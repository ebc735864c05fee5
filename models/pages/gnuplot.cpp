#include "pages/gnuplot.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

namespace nicteam::pages {
namespace {

constexpr const char* first_words = "# gnuplot ";
constexpr const char* colours[] = {"#0072b2", "#d55e00", "#009e73", "#b0579a", "#3aa0dc", "#c98a00", "#5b4bb5", "#555f6b"};  // of the pages, on paper

}  // namespace

std::string gnuplot_text(const std::string& s) {  // in single quotation marks nothing but they themselves has a meaning
    std::string out = "'";
    for (const char c : s) out += c == '\'' ? "''" : c == '\n' ? " " : std::string(1, c);
    return out + "'";
}

std::string gnuplot_head(const std::string& name, const std::string& what) {
    std::string out = fmt::format("{}{}: draws {}\nset encoding utf8\n", first_words, name, what);
    int n = 0;
    for (const char* colour : colours) out += fmt::format("set linetype {} lc rgb '{}' lw 1.5\n", ++n, colour);
    return out + "set linetype cycle 8\nset key outside bottom center horizontal\nset grid\n"
                 "set terminal svg size 900,540 dynamic background rgb 'white'\n";
}

std::string gnuplot_format(char axis, const std::string& unit) {
    const bool prefixed = unit == "s" || unit == "Hz" || unit == "bps" || unit == "b/s";
    return prefixed ? fmt::format("set format {} '%.1s %c{}'\n", axis, unit)
                    : fmt::format("set format {} '%.{}{}'\n", axis, unit == "B" ? "0f" : "6g", unit.empty() ? "" : unit == "%" ? " %%" : " " + unit);
}

bool is_ours_or_none(const std::string& file) {
    std::error_code failed;
    if (!std::filesystem::exists(file, failed)) return true;
    std::ifstream there(file);
    std::string line;
    return std::getline(there, line) && line.rfind(first_words, 0) == 0;
}

}  // namespace nicteam::pages
