#pragma once

#include <string>

#include "reference/nic/pause_case.h"

namespace reference::nic {

std::string run_pause(const nicteam::test::pause_case&);

}  // namespace reference::nic
