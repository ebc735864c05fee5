// Functions of expressions, by name.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/expressions/quantity_value.h"

namespace nicteam::sweep {

struct function_info {
    const char* name;
    std::size_t least, most;  // arguments
    // Throws std::invalid_argument with the reason; what it gives may be infinite or no number.
    expression_value (*apply)(const char* name, const std::vector<expression_value>&);
};
const function_info* find_function(std::string_view name);
std::string function_names();  // "min, max, floor"

}  // namespace nicteam::sweep
