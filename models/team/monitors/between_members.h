// Frames that members send each other: who sent it, of which team, the how-manieth.
#pragma once

#include <optional>

#include "nicteam/team/member.h"

namespace nicteam::team {

constexpr std::uint16_t probe_type = 0x886D;                   // Intel's probes
constexpr std::uint16_t heartbeat_type = 0x88B6;               // IEEE 802, local experimental EtherType 2
constexpr mac_address probe_group{0x03, 0, 0, 0, 0x88, 0x6D};  // locally administered groups: no document names one
constexpr mac_address heartbeat_group{0x03, 0, 0, 0, 0x88, 0xB6};

struct between_members {
    mac_address team{};                                        // the address that the team goes by
    std::uint8_t member = 0;
    std::uint32_t sequence = 0;

    // Of a frame of that type; nothing when it is another or short.
    static std::optional<between_members> parse(packet::octets frame, std::uint16_t ether_type);
    std::vector<std::uint8_t> frame(std::uint16_t ether_type, const mac_address& to, const mac_address& from) const;
};

}  // namespace nicteam::team
