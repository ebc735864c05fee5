// Lines of interrupts that were given up because nobody served them.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

std::vector<std::string> interrupt_notes(const resolved&, sim::session&);

}  // namespace nicteam::scenario
