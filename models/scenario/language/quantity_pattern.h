// A quantity with its unit and its range, as a regular expression (ECMA 262) for the schema.
#pragma once

#include <cstdint>
#include <string>

#include "nicteam/base/units.h"

namespace nicteam::scenario {

// Accepts what parse_quantity() reads as a value of low … high, in picoseconds, bit/s, octets or 10^-18. Not told, as no such
// expression can: the range of a number with an exponent, more than 28 digits, a part of a KiB that is no whole octet.
// `also`: a word behind a bare number of a count, its unit.
std::string quantity_pattern(quantity, std::int64_t low, std::int64_t high, const std::string& also = "");

// A number with any of these units or none.
std::string number_pattern(const std::string& units);

}  // namespace nicteam::scenario
