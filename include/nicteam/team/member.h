// What the policies of a team know of its members: plain data, kept up to date by the team. Source documents 000/001, ¶26-28.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "nicteam/base/time.h"
#include "nicteam/packet/octets.h"

namespace nicteam::team {

using mac_address = std::array<std::uint8_t, 6>;      // as driver::mac_address

constexpr unsigned most_members = 8;                  // of a team (Intel ANS: 2 to 8)
constexpr unsigned no_member = ~0u;

struct member {
    bool present = true;                  // there is a device that answers, and its driver has set it up
    bool link = false;                    // as its driver told last
    bool full_duplex = false;
    bool usable = false;                  // all monitors agree: it may carry regular traffic
    ps usable_since = 0;                  // or unusable since
    std::int64_t rate = 0;                // bit/s, 0 while the link is down
    mac_address permanent{};              // its own address
    mac_address address{};                // the individual address that it has at present
    bool active = false;                  // mode::active() is this one
    ps active_since = 0;                  // … since when, while it is
    std::int64_t priority = 0;            // higher is preferred (`prio` of Linux bonding)
    bool primary = false;                 // the preferred one
    std::uint64_t sent_octets = 0;        // of regular traffic, handed to its driver
    std::uint64_t waiting_octets = 0;     // of these, not completed yet
    ps told_sent = 0;                     // when its driver last told that frames were sent
};
using members = std::vector<member>;      // by their place in the scenario

// A frame without FCS as policies see it: all that lies in its first piece.
struct frame_view {
    packet::octets octets;                // from the destination address on; never less than an Ethernet header
    std::uint32_t bytes = 0;              // of the whole frame
};

// What a policy wants done, in this order. Collected during a call, carried out by the team behind it.
struct actions {
    struct address { unsigned member; mac_address mac; };
    struct frame { unsigned member; std::vector<std::uint8_t> octets; };
    std::vector<address> addresses;       // individual addresses that members take
    std::vector<frame> frames;            // control frames: LACPDUs, learning packets, probes, ARP requests
    std::vector<unsigned> announcements;  // members through which the team's addresses are announced (gratuitous ARP), once each
    std::vector<unsigned> looks;          // members whose driver shall look at its link now

    bool empty() const { return addresses.empty() && frames.empty() && announcements.empty() && looks.empty(); }
    void clear() {
        addresses.clear();
        frames.clear();
        announcements.clear();
        looks.clear();
    }
};

}  // namespace nicteam::team
