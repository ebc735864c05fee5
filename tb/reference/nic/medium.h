#pragma once

#include <string>

#include "reference/nic/medium_case.h"

namespace reference::nic {

std::string run_medium(const nicteam::test::medium_case&, const nicteam::test::backoff_draw&);

}  // namespace reference::nic
