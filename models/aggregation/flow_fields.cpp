#include "aggregation/flow_fields.h"

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/ip.h"

namespace nicteam::aggregation {
namespace {

using packet::get16;
using packet::octets;

constexpr std::uint16_t service_vlan = 0x88A8;                 // IEEE 802.1Q, the outer tag
constexpr std::uint16_t transparent_ethernet = 0x6558;         // RFC 1701: a whole frame behind GRE
constexpr std::uint8_t gre = 47, dccp = 33, sctp = 132, udp_lite = 136;
constexpr std::size_t vlan_tag = 4;

std::uint32_t word(const std::uint8_t* p) {
    return p[0] | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24;
}

network_header behind_tags(octets frame, network_header h) {
    while ((h.ether_type == packet::ether_type::vlan || h.ether_type == service_vlan) && frame.size >= h.at + vlan_tag)
        h = {get16(frame.data + h.at + 2), h.at + vlan_tag};
    return h;
}

// One IP header: its addresses, and what lies behind it.
struct ip_header {
    flow_fields flow;
    std::uint8_t protocol = 0;
    bool fragment = false;
    octets payload;
};

std::optional<ip_header> ip_header_of(octets p, std::uint16_t ether_type) {
    ip_header h;
    if (ether_type == packet::ether_type::ipv4) {
        if (p.size < packet::ipv4_header || p[0] >> 4 != 4 || (p[0] & 15) < 5) return {};
        h.flow = {word(p.data + 12), word(p.data + 16), 0};
        h.protocol = p[9];
        h.fragment = get16(p.data + 6) & 0x3FFF;               // more fragments, or an offset
        h.payload = p.from((p[0] & 15) * 4u);
        return h;
    }
    if (ether_type != packet::ether_type::ipv6 || p.size < packet::ipv6_header || p[0] >> 4 != 6) return {};
    for (unsigned i = 0; i < 16; i += 4) h.flow.source ^= word(p.data + 8 + i), h.flow.destination ^= word(p.data + 24 + i);
    h.protocol = p[6];
    h.payload = p.from(packet::ipv6_header);
    return h;
}

std::uint32_t ports_of(std::uint8_t protocol, octets p) {
    namespace is = packet::ip_protocol;
    switch (protocol) {
        case is::tcp: case is::udp: case is::esp: case dccp: case sctp: case udp_lite: return p.size >= 4 ? word(p.data) : 0;
        case is::ah: return p.size >= 8 ? word(p.data + 4) : 0;
        default: return 0;
    }
}

bool is_icmp(std::uint8_t protocol) { return protocol == packet::ip_protocol::icmp || protocol == packet::ip_protocol::icmpv6; }

// Type, code and identifier of messages that have one; an identifier of 0 counts as 1.
std::uint32_t icmp_ports(std::uint8_t protocol, octets p) {
    if (p.size < 8) return 0;
    const std::uint8_t type = p[0];
    const bool identified = protocol == packet::ip_protocol::icmp ? type == 0 || type == 8 || type == 13 || type == 14 : type == 128 || type == 129;
    const std::uint32_t identifier = get16(p.data + 4);
    return identified ? type | std::uint32_t{p[1]} << 8 | (identifier ? identifier : 1) << 16 : 0;
}

// RFC 792: unreachable, source quench, redirect, time exceeded, parameter problem. RFC 4443: types below 128.
bool is_error(std::uint8_t protocol, octets p) {
    if (p.size < 8) return false;
    const std::uint8_t type = p[0];
    if (protocol == packet::ip_protocol::icmpv6) return type < 128;
    return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

std::uint16_t version_of(std::uint8_t protocol) {
    return protocol == packet::ip_protocol::ipv4 ? packet::ether_type::ipv4 : protocol == packet::ip_protocol::ipv6 ? packet::ether_type::ipv6 : 0;
}

// RFC 2784, 2890: what GRE of version 0 carries; nothing else is looked into.
std::optional<network_header> behind_gre(octets p) {
    if (p.size < 4 || p[0] & 0x40 || p[1] & 7) return {};      // no routing (RFC 1701), version 0
    const std::size_t at = 4u + (p[0] & 0x80 ? 4 : 0) + (p[0] & 0x20 ? 4 : 0) + (p[0] & 0x10 ? 4 : 0);
    return network_header{get16(p.data + 2), at};
}

// IPv6: extension headers up to what is no such, or to a fragment's.
void walk_extensions(ip_header& h) {
    namespace is = packet::ip_protocol;
    while (h.protocol == is::hop_by_hop || h.protocol == is::routing || h.protocol == is::destination_options || h.protocol == is::fragment) {
        if (h.payload.size < 8) return;
        h.fragment |= h.protocol == is::fragment;
        const std::size_t length = h.protocol == is::fragment ? 8 : (h.payload[1] + 1u) * 8;
        h.protocol = h.payload[0];
        h.payload = h.payload.from(length);
        if (h.fragment) return;
    }
}

std::optional<flow_fields> outer_fields(octets p, std::uint16_t ether_type) {
    std::optional<ip_header> h = ip_header_of(p, ether_type);
    if (!h) return {};
    if (h->fragment) return h->flow;
    if (is_icmp(h->protocol)) {
        if (is_error(h->protocol, h->payload)) {
            if (const std::optional<ip_header> cause = ip_header_of(h->payload.from(8), ether_type)) {
                h = cause;
                if (h->fragment) return h->flow;
                h->flow.ports = ports_of(h->protocol, h->payload);
                return h->flow;
            }
            return {};
        }
        h->flow.ports = icmp_ports(h->protocol, h->payload);
        return h->flow;
    }
    h->flow.ports = ports_of(h->protocol, h->payload);
    return h->flow;
}

std::optional<flow_fields> inner_fields(octets p, std::uint16_t ether_type) {
    std::optional<flow_fields> known;                          // of the innermost header that was there
    for (;;) {
        std::optional<ip_header> h = ip_header_of(p, ether_type);
        if (!h) return known;
        if (ether_type == packet::ether_type::ipv6) walk_extensions(*h);
        known = h->flow;
        if (h->fragment) return known;
        if (const std::uint16_t version = version_of(h->protocol)) {
            p = h->payload, ether_type = version;
            continue;
        }
        if (h->protocol == gre) {
            std::optional<network_header> g = behind_gre(h->payload);
            if (!g) return known;
            octets carried = h->payload;
            if (g->ether_type == transparent_ethernet) {
                carried = carried.from(g->at);
                if (carried.size < packet::ethernet_header) return known;
                g = network_header{get16(carried.data + 12), packet::ethernet_header};
            }
            *g = behind_tags(carried, *g);
            p = carried.from(g->at), ether_type = g->ether_type;
            continue;
        }
        known->ports = is_icmp(h->protocol) ? icmp_ports(h->protocol, h->payload) : ports_of(h->protocol, h->payload);
        return known;
    }
}

}  // namespace

network_header network_header_of(octets frame) { return behind_tags(frame, {get16(frame.data + 12), packet::ethernet_header}); }

std::optional<flow_fields> flow_fields_of(octets frame, bool inner) {
    const network_header n = network_header_of(frame);
    return inner ? inner_fields(frame.from(n.at), n.ether_type) : outer_fields(frame.from(n.at), n.ether_type);
}

}  // namespace nicteam::aggregation
