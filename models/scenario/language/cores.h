// What `explain` says of engines: a core by its name, and which names there are.
#pragma once

#include <string>
#include <vector>

namespace nicteam::scenario {

std::vector<std::string> all_cores();                  // "des-area", …
std::string core_called(const std::string& key);       // a paragraph with an empty line behind it; "": no core is called so

}  // namespace nicteam::scenario
