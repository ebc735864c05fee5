// Who asks for work of engines, and from where.
#pragma once

#include "nicteam/scenario/resolved.h"
#include "nicteam/secondary/crypto_load.h"

namespace nicteam::scenario {

// Of the load whose jobs a data_device asks for; of one that none names, one place.
secondary::crypto_load_config device_load_of(const component& data_device, const resolved&);

}  // namespace nicteam::scenario
