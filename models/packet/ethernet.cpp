#include "nicteam/packet/ethernet.h"

#include <algorithm>

namespace nicteam::packet {
namespace {

constexpr std::uint8_t snap_sap = 0xAA;           // IEEE 802, 10.3
constexpr std::uint8_t unnumbered_information = 0x03;

void append(bytes& out, const mac_address& m) { out.insert(out.end(), m.begin(), m.end()); }

void append16(bytes& out, std::uint16_t v) {
    out.push_back(static_cast<std::uint8_t>(v >> 8));
    out.push_back(static_cast<std::uint8_t>(v));
}

}  // namespace

std::optional<ethernet_view> ethernet_view::parse(octets frame) {
    if (frame.size < ethernet_header) return std::nullopt;
    ethernet_view v;
    std::copy_n(frame.data, 6, v.destination.begin());
    std::copy_n(frame.data + 6, 6, v.source.begin());
    v.type_or_length = get16(frame.data + 12);
    v.payload = frame.from(ethernet_header);
    if (v.type_or_length >= first_ether_type) {
        v.ether_type = v.type_or_length;
        return v;
    }
    v.format = encapsulation::llc;
    v.length_fits = v.type_or_length <= v.payload.size;
    v.payload = v.payload.first(v.type_or_length);
    if (v.payload.size < llc_header) return v;
    v.dsap = v.payload[0];
    v.ssap = v.payload[1];
    v.control = v.payload[2];
    const bool snap = v.dsap == snap_sap && v.ssap == snap_sap && v.control == unnumbered_information;
    v.payload = v.payload.from(llc_header);
    if (!snap || v.payload.size < snap_header) return v;
    v.format = encapsulation::llc_snap;
    const bool ethernet_protocol = v.payload[0] == 0 && v.payload[1] == 0 && v.payload[2] == 0;
    if (ethernet_protocol) v.ether_type = get16(v.payload.data + 3);
    v.payload = v.payload.from(snap_header);
    return v;
}

void append_ethernet(bytes& out, const mac_address& destination, const mac_address& source, std::uint16_t ether_type) {
    append(out, destination);
    append(out, source);
    append16(out, ether_type);
}

void append_llc(bytes& out, const mac_address& destination, const mac_address& source, std::uint8_t dsap, std::uint8_t ssap,
                std::uint8_t control, std::size_t payload) {
    append_ethernet(out, destination, source, static_cast<std::uint16_t>(llc_header + payload));
    out.insert(out.end(), {dsap, ssap, control});
}

void append_llc_snap(bytes& out, const mac_address& destination, const mac_address& source, std::uint16_t ether_type, std::size_t payload) {
    append_llc(out, destination, source, snap_sap, snap_sap, unnumbered_information, snap_header + payload);
    out.insert(out.end(), {0, 0, 0});
    append16(out, ether_type);
}

void pad_to_minimum(bytes& frame_without_fcs) {
    if (frame_without_fcs.size() < least_without_fcs) frame_without_fcs.resize(least_without_fcs, 0);
}

}  // namespace nicteam::packet
