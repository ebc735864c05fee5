#include "nicteam/scenario/later.h"

namespace nicteam::scenario {

bool is_for_later(std::string_view word) { return word == "sweep"; }

}  // namespace nicteam::scenario
