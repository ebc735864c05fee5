// What may stand behind --set, for the shells' completion.
#pragma once

#include <string>
#include <vector>

namespace nicteam::runner {

// Words that begin with `typed`: "nic.identity=", a path of a component of the scenarios among `line` up to its next part ("server.pci0."), or behind a "="
// the values that can be listed: choices, true and false, components. `line`: the other words of the command line; without a scenario there, or with one that
// cannot be read, kinds stand for components.
std::vector<std::string> set_words(const std::string& typed, const std::vector<std::string>& line);

}  // namespace nicteam::runner
