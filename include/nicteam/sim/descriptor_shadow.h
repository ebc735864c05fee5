// Whose a descriptor in memory is, for observers only: of a frame whose octets lie elsewhere, where the device has written its status. Kept apart from the
// shadow of octets, as no octet of the packet lies there and what crosses a bus with a descriptor is none of it.
#pragma once

#include <string>

#include "nicteam/sim/session.h"

namespace nicteam::sim {

inline shadow& descriptors_of(const std::string& bus_path) { return session::current().shadow_of(bus_path + " descriptors"); }

}  // namespace nicteam::sim
