// `nicteam schema`: the scenario language as a JSON Schema (draft-07), for editors and other validators.
#pragma once

#include <string>

namespace nicteam::scenario {

// What a schema can say of one key or one table: keys, kinds of values, units, ranges, choices, forms of addresses and names, what
// must be given (unless the scenario extends another), which keys forbid or want each other. The rest is `nicteam validate`'s:
// docs/scenario.md. Two spaces of indentation, a line's end behind it.
std::string json_schema();

}  // namespace nicteam::scenario
