// One file for each way to choose.
#pragma once

#include "nicteam/offload/multiplexer_120.h"

namespace nicteam::offload {

const multiplexer_policy& feedback_first();
const multiplexer_policy& feedforward_first();
const multiplexer_policy& alternate();

}  // namespace nicteam::offload
