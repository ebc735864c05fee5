#include "nicteam/packet/icmp_error.h"

#include <algorithm>

#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ipv4.h"

namespace nicteam::packet {
namespace {

struct number { icmp_reason reason; std::uint8_t type_4, code_4, type_6, code_6; };
constexpr number numbers[] = {
    {icmp_reason::packet_too_big, 3, 4, 2, 0},     {icmp_reason::reassembly_timeout, 11, 1, 3, 1}, {icmp_reason::hop_limit, 11, 0, 3, 0},
    {icmp_reason::prohibited, 3, 13, 1, 1},        {icmp_reason::header_field, 12, 0, 4, 0},
};
constexpr std::size_t icmp_header = 8, quoted_4 = 8, least_mtu_6 = 1'280;
constexpr std::uint8_t first_query_6 = 128;        // RFC 4443: types below are errors
constexpr std::uint32_t least_path_4 = 68, least_path_6 = 1'280, most_path = 65'535;
constexpr std::uint32_t plateaus[] = {32'000, 17'914, 8'166, 4'352, 2'002, 1'492, 1'006, 508, 296, 68};   // RFC 1191, 7.1

bool is_query_4(std::uint8_t type) { return type != 3 && type != 4 && type != 5 && type != 11 && type != 12; }

bool speaks_for_one(const ip_address& a) {
    if (a == ip_address(ipv6_address{}) || (a.version == 4 && a.v4() == 0)) return false;
    return a.version == 4 ? a.v4() >> 28 < 14 : a.octets[0] != 0xFF;
}

bool may_tell(const ip_view& v, icmp_reason reason) {
    if (v.fragment_offset || !speaks_for_one(v.source)) return false;
    // Of a group address only IPv6 tells that a packet was too big (RFC 4443, 2.4 e.3).
    if (!speaks_for_one(v.destination) && !(v.version == 6 && reason == icmp_reason::packet_too_big)) return false;
    if (v.version == 4 && v.protocol == ip_protocol::icmp) return v.payload.size && is_query_4(v.payload[0]);
    if (v.version == 6 && v.protocol == ip_protocol::icmpv6) return v.payload.size && v.payload[0] >= first_query_6;
    return true;
}

// The quoted beginning of a packet: its own length field tells more than is there. `size`: that.
std::optional<path_told> beginning_of(octets o, std::size_t& size) {
    path_told t;
    if (o.size >= ipv4_header && o[0] >> 4 == 4) {
        const std::size_t header = (o[0] & 15u) * 4u;
        if (header < ipv4_header || get16(o.data + 6) & 0x1FFF) return std::nullopt;
        t.protocol = o[9];
        t.source = ip_address(get32(o.data + 12));
        t.destination = ip_address(get32(o.data + 16));
        size = get16(o.data + 2);
        t.rest = o.from(header);
        return t;
    }
    if (o.size >= ipv6_header && o[0] >> 4 == 6) {
        ipv6_address a{};
        std::copy_n(o.data + 8, a.size(), a.begin());
        t.source = ip_address(a);
        std::copy_n(o.data + 24, a.size(), a.begin());
        t.protocol = o[6];
        t.destination = ip_address(a);
        size = ipv6_header + get16(o.data + 4);
        t.rest = o.from(ipv6_header);
        if (t.protocol != ip_protocol::fragment) return t;
        constexpr std::size_t offset_at = 2;
        if (t.rest.size < fragment_header || get16(t.rest.data + offset_at) & 0xFFF8) return std::nullopt;
        t.protocol = t.rest[0];
        t.rest = t.rest.from(fragment_header);
        return t;
    }
    return std::nullopt;
}

}  // namespace

std::optional<path_told> told_path(const icmp_error& e) {
    if (e.reason != icmp_reason::packet_too_big || !e.checksum_good) return std::nullopt;
    std::size_t size = 0;
    auto t = beginning_of(e.about, size);
    if (!t) return std::nullopt;
    const bool six = t->destination.version == 6;
    t->mtu = e.mtu_or_pointer;
    if (t->mtu == 0 && !six)
        if (const auto* next = std::find_if(std::begin(plateaus), std::end(plateaus), [&](std::uint32_t p) { return p < size; }); next != std::end(plateaus))
            t->mtu = *next;
    if (t->mtu < (six ? least_path_6 : least_path_4) || t->mtu > most_path) return std::nullopt;
    return t;
}

std::optional<icmp_error> icmp_error::parse(const ip_view& v) {
    const octets p = v.payload;
    const bool four = v.version == 4;
    if (v.protocol != (four ? ip_protocol::icmp : ip_protocol::icmpv6) || p.size < icmp_header || v.is_fragment()) return std::nullopt;
    const auto n = std::find_if(std::begin(numbers), std::end(numbers), [&](const number& x) {
        return p[0] == (four ? x.type_4 : x.type_6) && p[1] == (four ? x.code_4 : x.code_6);
    });
    if (n == std::end(numbers)) return std::nullopt;
    icmp_error e;
    e.reason = n->reason;
    e.mtu_or_pointer = !four ? get32(p.data + 4) : e.reason == icmp_reason::header_field ? p[4] : get16(p.data + 6);
    e.about = p.from(icmp_header);
    e.checksum_good = internet_sum(p, four ? 0 : pseudo_header_sum(v.source, v.destination, v.protocol, p.size)) == 0xFFFF;
    return e;
}

bytes make_icmp_error(octets about, icmp_reason reason, const ip_address& from, std::uint32_t mtu_or_pointer) {
    const auto v = ip_view::parse(about);
    if (!v || v->version != from.version || !may_tell(*v, reason)) return {};
    const bool four = v->version == 4;
    const auto& n = *std::find_if(std::begin(numbers), std::end(numbers), [&](const number& x) { return x.reason == reason; });
    const octets quoted = four ? v->packet.first(v->header.size + quoted_4) : v->packet.first(least_mtu_6 - ipv6_header - icmp_header);
    ip_fields f;
    f.source = from;
    f.destination = v->source;
    f.protocol = four ? ip_protocol::icmp : ip_protocol::icmpv6;
    bytes out;
    append_ip(out, f, icmp_header + quoted.size);
    const std::size_t at = out.size();
    out.resize(at + icmp_header);
    std::uint8_t* p = out.data() + at;
    p[0] = four ? n.type_4 : n.type_6;
    p[1] = four ? n.code_4 : n.code_6;
    if (!four) put32(p + 4, mtu_or_pointer);
    else if (reason == icmp_reason::header_field) p[4] = static_cast<std::uint8_t>(mtu_or_pointer);
    else put16(p + 6, static_cast<std::uint16_t>(mtu_or_pointer));
    out.insert(out.end(), quoted.data, quoted.data + quoted.size);
    const octets message = octets(out).from(at);
    put16(&out[at + 2], internet_checksum(message, four ? 0 : pseudo_header_sum(f.source, f.destination, f.protocol, message.size)));
    return out;
}

}  // namespace nicteam::packet
