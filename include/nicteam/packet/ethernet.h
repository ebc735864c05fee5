// Ethernet II and IEEE 802.3 with LLC/SNAP: views and builders. Frames here end before the FCS.
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/packet/addresses.h"
#include "nicteam/packet/octets.h"

namespace nicteam::packet {

constexpr std::size_t ethernet_header = 14;
constexpr std::size_t llc_header = 3;             // DSAP, SSAP, control (IEEE 802.2, unnumbered)
constexpr std::size_t snap_header = 5;            // organisation, protocol (IEEE 802)
constexpr std::size_t least_payload = 46;         // IEEE 802.3 3.2.8
constexpr std::size_t least_without_fcs = 60;     // header + least payload
constexpr std::uint16_t first_ether_type = 0x0600;  // below: a length, IEEE 802.3 3.2.6

namespace ether_type {
constexpr std::uint16_t ipv4 = 0x0800, arp = 0x0806, vlan = 0x8100, ipv6 = 0x86DD;
constexpr std::uint16_t experimental = 0x88B5;    // IEEE 802, local experimental EtherType 1
}  // namespace ether_type

enum class encapsulation : std::uint8_t { ethernet_ii, llc, llc_snap };

struct ethernet_view {
    mac_address destination{}, source{};
    encapsulation format = encapsulation::ethernet_ii;
    std::uint16_t type_or_length = 0;             // as in the frame
    std::uint16_t ether_type = 0;                 // Ethernet II and SNAP with organisation 0; else 0
    std::uint8_t dsap = 0, ssap = 0, control = 0; // LLC only
    octets payload;                               // behind all headers; cut to the length field if that is shorter
    bool length_fits = true;                      // false: the length field asks for more octets than are there

    // `frame`: destination address … last octet before the FCS. Nothing when shorter than 14 octets.
    static std::optional<ethernet_view> parse(octets frame);
};

// Appends the header(s) to `out`. The SNAP and LLC forms write `payload` octets into the length field.
void append_ethernet(bytes& out, const mac_address& destination, const mac_address& source, std::uint16_t ether_type);
void append_llc(bytes& out, const mac_address& destination, const mac_address& source, std::uint8_t dsap, std::uint8_t ssap,
                std::uint8_t control, std::size_t payload);
void append_llc_snap(bytes& out, const mac_address& destination, const mac_address& source, std::uint16_t ether_type, std::size_t payload);

// Zeros up to 60 octets, IEEE 802.3 3.2.8.
void pad_to_minimum(bytes& frame_without_fcs);

}  // namespace nicteam::packet
