// What the keys of one table say about each other, as JSON Schema. `validate` says the same from the rooms' own checks.
#pragma once

#include <functional>
#include <string_view>

#include <nlohmann/json.hpp>

#include "nicteam/base/units.h"

namespace nicteam::scenario {

using ordered_json = nlohmann::ordered_json;

struct table_rules {
    ordered_json always = ordered_json::array();    // of what is written
    ordered_json whole = ordered_json::array();     // of what is not, too: a table that lies over another may leave out anything
};

// `range`: the schema of a quantity from … to, as written.
using range_schema = std::function<ordered_json(quantity, const char* low, const char* high)>;
table_rules rules_of(std::string_view kind, const range_schema& range);

// As they may be written: "32", and 32 for it; of a count 32 alone.
ordered_json choices_of(std::string_view separated_by_bars, quantity = quantity::choice);

}  // namespace nicteam::scenario
