// An amount for messages.
#pragma once

#include <string>

namespace nicteam::sweep {

std::string amount_text(double, const std::string& unit);  // four digits, with a prefix where the unit takes one: "98.97 Mbps", "97.3 %", "12"

}  // namespace nicteam::sweep
