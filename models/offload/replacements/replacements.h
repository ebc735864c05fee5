// One file for each way to choose what goes.
#pragma once

#include "nicteam/offload/association_cache.h"

namespace nicteam::offload {

std::unique_ptr<replacement_policy> make_least_recently_used();
std::unique_ptr<replacement_policy> make_first_in_first_out();
std::unique_ptr<replacement_policy> make_most_packets(const replacement_options&);

}  // namespace nicteam::offload
