// IP packets in frames of Ethernet II.
#pragma once

#include <optional>

#include "nicteam/base/frame.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/ip.h"

namespace nicteam::peer {

// Of a frame without FCS; nothing when it carries no IP of either version.
std::optional<packet::ip_view> ip_of(packet::octets frame);

// That packet between the stations of that frame: without FCS, and padded with it.
bytes with_addresses(packet::octets frame, packet::octets packet);
ref<frame> framed(packet::octets between, packet::octets packet);

// The other way: destination and source address change places.
bytes turned(packet::octets frame);

}  // namespace nicteam::peer
