// The tree of an expression, between its reader and its evaluation.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sweep/expressions/expression.h"

namespace nicteam::sweep {

struct expression::node {
    enum what_type { constant, name, operation, function } what = constant;
    std::size_t column = 1;
    expression_value value{};  // of a constant
    std::string word{};        // the name, the operator, the function
    std::vector<std::unique_ptr<node>> parts{};
};

std::unique_ptr<expression::node> parse_expression(const std::string& text);

}  // namespace nicteam::sweep
