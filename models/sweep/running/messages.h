// How a sweep ends, and what it says of it: words that several of its parts use.
#pragma once

#include <string>

#include <fmt/format.h>

#include "nicteam/report/file_writer.h"

namespace nicteam::sweep {

inline constexpr int all_held = 0, one_broke = 1, cannot_be = 2, not_written = 3, was_interrupted = 130;
inline constexpr int not_kept = 73;  // of a run whose record, or a file of it, could not be written (EX_CANTCREAT): no status of a scenario

inline std::string counted(std::size_t n, const char* what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

inline int complain(int status, const std::string& text) {
    report::write_message(fmt::format("nicteam: {}\n", text));
    return status;
}

inline std::string without_name(std::string text) {
    if (text.rfind("nicteam: ", 0) == 0) text.erase(0, 9);
    return text;
}
inline std::string first_line(const std::string& text) { return without_name(text.substr(0, text.find('\n'))); }
inline std::string last_line(std::string text) {
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return without_name(text.substr(text.rfind('\n') + 1));
}

}  // namespace nicteam::sweep
