// A range as it is written behind --set: "10 MHz..33 MHz", "10 MHz..33 MHz in 5", "64..1024 in 5 log".
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace nicteam::sweep {

struct range_text {
    std::string from, to;              // with their units
    std::optional<std::size_t> steps;  // none: any value between both
    bool logarithmic = false;
};

// It begins with a number, and has two dots behind it: whether right or wrong, a range is meant.
bool means_range(const std::string&);
range_text range_of_text(const std::string&);  // throws std::invalid_argument: what is wrong, and how one is written

}  // namespace nicteam::sweep
