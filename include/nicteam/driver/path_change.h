// What software learned of the path behind an association that a device puts on: goes into its CACHED part, wherever it is.
#pragma once

#include "nicteam/driver/adapter.h"

namespace nicteam::driver {

// Done: the driver knows it. The device does as soon as it has taken `change` from its ring, or else with `install`.
struct path_change final : control {
    path_change() : control("path_change") {}
    state::handle association;               // by the driver's name for it
    std::uint32_t path_mtu = 0;              // octets
};

}  // namespace nicteam::driver
