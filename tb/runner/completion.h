// `nicteam completion SHELL`: a script that completes commands, options and scenario files, made from the command line's own description.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace nicteam::runner {

std::string completion(const CLI::App&, const std::string& shell);     // bash, zsh or fish

}  // namespace nicteam::runner
