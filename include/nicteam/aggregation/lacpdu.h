// What systems that aggregate links tell each other: LACPDUs (IEEE 802.1AX-2008, 5.4.2; before 2008 IEEE 802.3, 43.4.2) and marker PDUs (5.5).
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/packet/addresses.h"
#include "nicteam/packet/octets.h"

namespace nicteam::aggregation {

using packet::mac_address;

constexpr mac_address slow_protocols{0x01, 0x80, 0xC2, 0x00, 0x00, 0x02};      // no bridge passes it on (IEEE 802.3, 57A.3)
constexpr std::uint16_t slow_protocols_type = 0x8809;
constexpr std::uint8_t lacp_subtype = 1, marker_subtype = 2;
constexpr std::size_t slow_frame_octets = 124;                                 // either PDU in its frame, without FCS

// A party's state, one octet (5.4.2.2).
namespace lacp_state {
constexpr std::uint8_t activity = 0x01, short_timeout = 0x02, aggregation = 0x04, synchronization = 0x08, collecting = 0x10, distributing = 0x20,
                       defaulted = 0x40, expired = 0x80;
}

// Who an end of a link is: the smaller priorities and identifiers count more.
struct lacp_party {
    std::uint16_t system_priority = 0;
    mac_address system{};
    std::uint16_t key = 0;                // ports of one key may be aggregated
    std::uint16_t port_priority = 0, port = 0;
    std::uint8_t state = 0;

    bool has(std::uint8_t bits) const { return (state & bits) == bits; }
    void set(std::uint8_t bits, bool on) { state = static_cast<std::uint8_t>(on ? state | bits : state & ~bits); }
};
bool same_but_state(const lacp_party&, const lacp_party&);

struct lacpdu {
    lacp_party actor, partner;            // the sender, and what it holds of its partner
    std::uint16_t collector_max_delay = 0;        // tens of microseconds

    // Of a frame without FCS. Nothing when it is no LACPDU, is short, or a length field is wrong. Version, types and reserved octets are
    // not looked at (5.4.12).
    static std::optional<lacpdu> parse(packet::octets frame);
    // Appends the whole frame: 124 octets, version 1.
    void append_to(bytes& out, const mac_address& source) const;
};

// Asks whether all that was sent before has been taken; the answer is the same with `response` (5.5).
struct marker_pdu {
    bool response = false;
    std::uint16_t port = 0;               // of the requester, as are system and transaction
    mac_address system{};
    std::uint32_t transaction = 0;

    static std::optional<marker_pdu> parse(packet::octets frame);
    void append_to(bytes& out, const mac_address& source) const;
};

}  // namespace nicteam::aggregation
