// From what is written to a value of a row: kinds, units, ranges, choices.
#pragma once

#include <string>

#include "nicteam/base/tables.h"
#include "nicteam/scenario/resolved.h"
#include "scenario/language/tree.h"

namespace nicteam::scenario {

// What a row accepts, for messages and `explain`: "1 kbps … 100 Gbps", "round_robin, fixed", "true, false".
std::string allowed(const parameter_info&);

// Reads `n` into the setting; on failure says in `why` what is wrong and what is allowed.
bool take(setting&, const node& n, std::string& why);
// The same for --set: quotes may be left out, lists may be written a,b,c.
bool take_loosely(setting&, const std::string& written, position at, std::string& why);
// The row's own default. False when the row has none.
bool take_fallback(setting&);

// The kind of quantity of a metric or of a fault's amount, by its unit: "ps" a time, "B" a size, "ratio", "bit/s"; else a count.
quantity quantity_of_unit(const std::string& unit);
inline constexpr std::int64_t ratio_one = 1'000'000'000'000'000'000;  // a ratio of 1
// The greatest amount that a fault takes: a ratio of 1; "times" such that no sum of clocks overflows.
std::int64_t greatest_amount(const std::string& unit);
// "12", "12 frames", "5 us" -> the value. False with `why`.
bool parse_in_unit(quantity, const std::string& unit, const std::string& written, std::int64_t& out, std::string& why);

// A value as it would stand in a scenario file.
std::string to_toml(const parameter_info&, const value&);
std::string quoted(const std::string&);

}  // namespace nicteam::scenario
