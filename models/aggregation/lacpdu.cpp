#include "nicteam/aggregation/lacpdu.h"

#include <algorithm>

#include "nicteam/packet/ethernet.h"

namespace nicteam::aggregation {
namespace {

// Octets of the PDU, behind the Ethernet header (5.4.2.2, figure 5-8; 5.5.3.3).
constexpr std::size_t pdu_octets = slow_frame_octets - packet::ethernet_header;
constexpr std::size_t actor_at = 2, partner_at = 22, collector_at = 42, terminator_at = 58;
constexpr std::uint8_t actor_type = 1, partner_type = 2, collector_type = 3, party_length = 20, collector_length = 16;
constexpr std::uint8_t marker_type = 1, response_type = 2, marker_length = 16;

// The PDU, when the frame is one of that subtype.
packet::octets pdu_of(packet::octets frame, std::uint8_t subtype) {
    if (frame.size < slow_frame_octets || packet::get16(frame.data + 12) != slow_protocols_type || frame[14] != subtype) return {};
    return frame.from(packet::ethernet_header);
}

std::uint8_t* begin_frame(bytes& out, const mac_address& source, std::uint8_t subtype) {
    packet::append_ethernet(out, slow_protocols, source, slow_protocols_type);
    const std::size_t at = out.size();
    out.resize(at + pdu_octets);
    out[at] = subtype;
    out[at + 1] = 1;                                           // version
    return out.data() + at;
}

void put_party(std::uint8_t* p, std::uint8_t type, const lacp_party& v) {
    p[0] = type;
    p[1] = party_length;
    packet::put16(p + 2, v.system_priority);
    std::copy(v.system.begin(), v.system.end(), p + 4);
    packet::put16(p + 10, v.key);
    packet::put16(p + 12, v.port_priority);
    packet::put16(p + 14, v.port);
    p[16] = v.state;
}

lacp_party party_at(const std::uint8_t* p) {
    lacp_party v;
    v.system_priority = packet::get16(p + 2);
    std::copy(p + 4, p + 10, v.system.begin());
    v.key = packet::get16(p + 10);
    v.port_priority = packet::get16(p + 12);
    v.port = packet::get16(p + 14);
    v.state = p[16];
    return v;
}

}  // namespace

bool same_but_state(const lacp_party& a, const lacp_party& b) {
    return a.system_priority == b.system_priority && a.system == b.system && a.key == b.key && a.port_priority == b.port_priority && a.port == b.port;
}

std::optional<lacpdu> lacpdu::parse(packet::octets frame) {
    const packet::octets p = pdu_of(frame, lacp_subtype);
    if (!p.size || p[actor_at + 1] != party_length || p[partner_at + 1] != party_length || p[collector_at + 1] != collector_length || p[terminator_at + 1])
        return {};
    lacpdu u;
    u.actor = party_at(p.data + actor_at);
    u.partner = party_at(p.data + partner_at);
    u.collector_max_delay = packet::get16(p.data + collector_at + 2);
    return u;
}

void lacpdu::append_to(bytes& out, const mac_address& source) const {
    std::uint8_t* p = begin_frame(out, source, lacp_subtype);
    put_party(p + actor_at, actor_type, actor);
    put_party(p + partner_at, partner_type, partner);
    p[collector_at] = collector_type;
    p[collector_at + 1] = collector_length;
    packet::put16(p + collector_at + 2, collector_max_delay);
}

std::optional<marker_pdu> marker_pdu::parse(packet::octets frame) {
    const packet::octets p = pdu_of(frame, marker_subtype);
    if (!p.size || (p[2] != marker_type && p[2] != response_type) || p[3] != marker_length) return {};
    marker_pdu u;
    u.response = p[2] == response_type;
    u.port = packet::get16(p.data + 4);
    std::copy(p.data + 6, p.data + 12, u.system.begin());
    u.transaction = packet::get32(p.data + 12);
    return u;
}

void marker_pdu::append_to(bytes& out, const mac_address& source) const {
    std::uint8_t* p = begin_frame(out, source, marker_subtype);
    p[2] = response ? response_type : marker_type;
    p[3] = marker_length;
    packet::put16(p + 4, port);
    std::copy(system.begin(), system.end(), p + 6);
    packet::put32(p + 12, transaction);
}

}  // namespace nicteam::aggregation
