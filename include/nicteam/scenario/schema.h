// `nicteam schema`: the scenario language as a JSON Schema (draft-07), for editors and other validators.
#pragma once

#include <string>

namespace nicteam::scenario {

// From the tables alone. What a schema can say: keys, kinds of values, units, choices, ranges of counts, what must be given (unless the scenario
// extends another). Ranges of quantities with a unit are in the description; references between tables are `nicteam validate`'s.
// Two spaces of indentation, a line's end behind it.
std::string json_schema();

}  // namespace nicteam::scenario
