// One file for each way to choose what goes.
#pragma once

#include "nicteam/offload/association_cache.h"

namespace nicteam::offload {

const replacement_policy& least_recently_used();
const replacement_policy& first_in_first_out();

}  // namespace nicteam::offload
