#include "check/seen_packet.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/ipsec/selector.h"

namespace nicteam::check {
namespace {

constexpr std::uint8_t tcp = 6;
constexpr std::size_t four_octets = 4, sixteen = 16;

void take_address(packet::octets from, std::size_t at, std::size_t size, seen_packet::address& to) {
    std::copy(from.data + at, from.data + at + size, to.begin());
}

// RFC 791, 3.1.
bool see_4(packet::octets p, seen_packet& s) {
    const std::size_t header = (p[0] & 0x0Fu) * 4u;
    if (header < 20 || p.size < header) return false;
    const std::size_t total = std::min<std::size_t>(two(p, 2), p.size);
    const std::uint16_t place = two(p, 6);
    s.identification = two(p, 4);
    s.first = (place & 0x1FFFu) == 0;
    s.fragment = !s.first || (place & 0x2000u);
    s.hops_left = p[8];
    s.protocol = p[9];
    take_address(p, 12, four_octets, s.source);
    take_address(p, 16, four_octets, s.destination);
    s.payload = total > header ? packet::octets{p.data + header, total - header} : packet::octets{};
    return true;
}

// RFC 8200, 3 and 4.
bool see_6(packet::octets p, seen_packet& s) {
    constexpr std::size_t fixed = 40, unit = 8;
    constexpr std::uint8_t hop_by_hop = 0, routing = 43, fragment_header = 44, destinations = 60;
    if (p.size < fixed) return false;
    const std::size_t end = std::min<std::size_t>(fixed + two(p, 4), p.size);
    take_address(p, 8, sixteen, s.source);
    take_address(p, 24, sixteen, s.destination);
    s.protocol = p[6];
    s.hops_left = p[7];
    std::size_t at = fixed;
    while (s.first && (s.protocol == hop_by_hop || s.protocol == routing || s.protocol == destinations || s.protocol == fragment_header)) {
        if (at + unit > end) return false;
        const bool cut = s.protocol == fragment_header;
        if (cut) {
            s.first = (two(p, at + 2) & 0xFFF8u) == 0;
            s.fragment = s.fragment || !s.first || (two(p, at + 2) & 1u);
            s.identification = four(p, at + 4);
        }
        s.protocol = p[at];
        at += cut ? unit : unit * (p[at + 1] + 1u);
    }
    s.payload = at < end ? packet::octets{p.data + at, end - at} : packet::octets{};
    return true;
}

bool within(const ipsec::prefix& p, std::uint8_t version, const seen_packet::address& a) {
    if (p.length == 0) return true;
    if (p.address.version != version) return false;
    for (unsigned bit = 0; bit < p.length; ++bit)
        if (((a[bit / 8] ^ p.address.octets[bit / 8]) << bit % 8) & 0x80) return false;
    return true;
}

bool port_within(const ipsec::port_range& r, const seen_packet& s, std::uint16_t port) {
    return (r.low == 0 && r.high == 0xFFFF) || (s.has_ports && r.low <= port && port <= r.high);
}

}  // namespace

std::optional<seen_packet> see_packet(packet::octets p) {
    seen_packet s;
    if (p.size < 20) return std::nullopt;
    s.version = p[0] >> 4;
    if (s.version == 4 ? !see_4(p, s) : s.version != 6 || !see_6(p, s)) return std::nullopt;
    const bool ports = s.protocol == udp_number || s.protocol == tcp, types = s.protocol == (s.version == 4 ? icmp_number : icmp_6_number);
    if (!s.first || !(ports || types) || s.payload.size < 4) return s;
    s.has_ports = true;
    s.source_port = two(s.payload, 0);
    if (ports) s.destination_port = two(s.payload, 2);
    return s;
}

std::optional<seen_packet> see_frame(packet::octets f) {
    constexpr std::size_t type_at = 12, behind = 14, snap = 8;
    constexpr std::uint16_t least_type = 0x600, ipv4 = 0x0800, ipv6 = 0x86DD;
    if (f.size < behind + snap) return std::nullopt;
    const bool length = two(f, type_at) < least_type;
    if (length && (two(f, behind) != 0xAAAA || f[behind + 2] != 3)) return std::nullopt;
    const std::uint16_t type = length ? two(f, behind + 6) : two(f, type_at);
    const std::size_t at = length ? behind + snap : behind;
    if (type != ipv4 && type != ipv6) return std::nullopt;
    return see_packet({f.data + at, f.size - at});
}

bool meant(const ipsec::selector& w, const seen_packet& s) {
    return within(w.source, s.version, s.source) && within(w.destination, s.version, s.destination) && (w.protocol < 0 || w.protocol == s.protocol) &&
           port_within(w.source_ports, s, s.source_port) && port_within(w.destination_ports, s, s.destination_port);
}

std::string seen_packet::text() const {
    const auto written = [this](const address& a) {
        std::string t;
        if (version == 4) return fmt::format("{}.{}.{}.{}", a[0], a[1], a[2], a[3]);
        for (std::size_t n = 0; n < sixteen; n += 2) t += fmt::format("{}{:x}", n ? ":" : "", a[n] << 8 | a[n + 1]);
        return t;
    };
    return fmt::format("{} to {}, protocol {}{}", written(source), written(destination), protocol,
                       has_ports ? fmt::format(", ports {} to {}", source_port, destination_port) : first ? "" : ", not the first fragment");
}

}  // namespace nicteam::check
