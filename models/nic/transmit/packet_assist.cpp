#include "nic/transmit/packet_assist.h"

#include <algorithm>

#include "nic/packet_headers.h"
#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/ip.h"
#include "nicteam/packet/udp.h"

namespace nicteam::nic {
namespace {

// IP activation, SDM tables 70 and 71. Bits 3:2 of the high byte are reserved in the public manual, which speaks of a security mode.
constexpr unsigned activation_low = 0x12, activation_high = 0x13, tag_at = 0x14, ip_offset_at = 0x16, transport_offset_at = 0x17;
enum low : unsigned { ip_checksum = 0x10, transport_checksum = 0x20, is_tcp = 0x40, large = 0x80 };
enum high : unsigned { hardware_parse = 0x01, insert_vlan = 0x02, reserved = 0x0C, schedule = 0x10 };

constexpr std::size_t ip_checksum_at = 10, tcp_checksum_at = 16, udp_checksum_at = 6, tcp_least = 20;

using packet::octets;

void insert_ip(std::uint8_t* header, std::size_t n) {
    packet::put16(header + ip_checksum_at, 0);
    packet::put16(header + ip_checksum_at, packet::internet_checksum(octets(header, n)));
}

// The field holds the sum of the pseudo header. A UDP checksum of 0 would mean none (RFC 768).
void insert_transport(std::uint8_t* header, std::size_t n, bool tcp) {
    std::uint16_t sum = packet::internet_checksum(octets(header, n));
    if (!tcp && sum == 0) sum = 0xFFFF;
    packet::put16(header + (tcp ? tcp_checksum_at : udp_checksum_at), sum);
}

bool carries_ipv6(octets frame) {
    const auto v = packet::ethernet_view::parse(frame);
    return v && v->ether_type == packet::ether_type::ipv6 && v->type_or_length == v->ether_type;
}

// Of TCP, UDP or ICMPv6 behind Ethernet II. The field holds the sum of the pseudo header (RFC 8200, 8.1). false: there is none.
bool insert_over_ipv6(std::uint8_t* frame, std::size_t n) {
    struct place { std::uint8_t protocol; std::size_t checksum_at, least; };
    constexpr place places[] = {{packet::ip_protocol::tcp, tcp_checksum_at, tcp_least},
                                {packet::ip_protocol::udp, udp_checksum_at, packet::udp_header},
                                {packet::ip_protocol::icmpv6, 2, 4}};
    const auto v = packet::ip_view::parse(octets(frame, n).from(packet::ethernet_header));
    if (!v || v->version != 6 || v->is_fragment()) return false;
    const auto* p = std::find_if(std::begin(places), std::end(places), [&](const place& x) { return x.protocol == v->protocol; });
    if (p == std::end(places) || v->payload.size < p->least) return false;
    std::uint16_t sum = packet::internet_checksum(v->payload);
    if (p->protocol == packet::ip_protocol::udp && sum == 0) sum = 0xFFFF;
    packet::put16(frame + (v->payload.data - frame) + p->checksum_at, sum);
    return true;
}

}  // namespace

packet_assist packet_assist::of(const std::uint8_t* b) {
    packet_assist a;
    const unsigned l = b[activation_low], h = b[activation_high];
    a.ip = l & ip_checksum;
    a.transport = l & transport_checksum;
    a.tcp = l & is_tcp;
    a.large_send = l & large;
    a.parse = h & hardware_parse;
    a.vlan = h & insert_vlan;
    a.security = h & reserved;
    a.scheduled = h & schedule;
    std::copy_n(b + tag_at, sizeof a.tag, a.tag);
    a.ip_offset = b[ip_offset_at];
    a.transport_offset = b[transport_offset_at];
    return a;
}

unsigned packet_assist::ahead() const { return vlan ? vlan_tag_octets : 0; }

packet_assist::outcome packet_assist::apply(bytes& f, std::size_t n) const {
    std::uint8_t* const first = f.data() + ahead();
    outcome what = outcome::done;
    if (checksums() && either_version && carries_ipv6({first, n})) {
        if (!insert_over_ipv6(first, n)) what = outcome::nothing_found;
    } else if (checksums()) {
        const octets whole(first, n);
        const auto h = parse ? packet_headers::find(whole) : packet_headers::at(whole, ip_offset);
        const std::size_t t = !h ? 0 : parse ? h->transport : transport_offset;
        const bool is_tcp = parse ? h && h->protocol == packet::ip_protocol::tcp : tcp;
        const bool known = h && (!parse || (!h->fragment && (is_tcp || h->protocol == packet::ip_protocol::udp)));
        const bool fits = known && t >= h->transport && t + (is_tcp ? tcp_least : packet::udp_header) <= h->end;
        if (ip && h) insert_ip(first + h->ip, h->transport - h->ip);
        if (transport && fits) insert_transport(first + t, h->end - t, is_tcp);
        if (!h || (transport && !fits)) what = outcome::nothing_found;
    }
    if (vlan) {
        // The addresses move up to the front, the tag takes the place that they leave.
        const std::size_t moved = std::min<std::size_t>(n, vlan_tag_at);
        std::copy_n(first, moved, f.data());
        packet::put16(f.data() + moved, packet::ether_type::vlan);
        std::copy_n(tag, sizeof tag, f.data() + moved + 2);
    }
    return what;
}

}  // namespace nicteam::nic
