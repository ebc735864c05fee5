// By which port of a group of links a switch sends a frame: its own affair, which no station is told (IEEE 802.1AX 6.2.4: a distributor
// must keep the frames of one conversation in order and is otherwise free).
#pragma once

#include <memory>

#include "nicteam/base/frame.h"

namespace nicteam::wire {

// In the order of the choices of the parameter `choice` of [[port_group]].
enum class port_choice_kind : std::uint8_t {
    source_mac, destination_mac, both_macs, round_robin, source_ip, destination_ip, layer2, layer2_3, layer3_4, encap2_3, encap3_4, vlan_srcmac
};
inline constexpr char port_choices[] =
    "source_mac|destination_mac|both_macs|round_robin|source_ip|destination_ip|layer2|layer2+3|layer3+4|encap2+3|encap3+4|vlan+srcmac";

class port_choice {
public:
    virtual ~port_choice() = default;
    // 0 … many - 1, counted over the group's ports that may send, in order of number. `frame`: at least 14 octets; many > 0.
    virtual unsigned choose(const bytes& frame, unsigned many) = 0;
};

std::unique_ptr<port_choice> make_port_choice(port_choice_kind);

}  // namespace nicteam::wire
