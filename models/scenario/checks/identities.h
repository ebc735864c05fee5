// What one controller has and another has not: refused with the identities that will do, at what was said last.
#pragma once

#include <string>

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// "\"82550\", \"82558\", \"82559\" or \"extended\"": all but the oldest.
std::string but_an_82557();

// "nic.driver.two_frames = true: WHY; allowed: ONLY, or nic.identity = IDENTITIES". Who set the identity from the command line against a file finds it there.
void refuse_of_identity(const component& nic, const setting&, const std::string& value, const std::string& why, const std::string& only,
                        const std::string& identities, problems& found);

}  // namespace nicteam::scenario
