#include "nicteam/packet/ip.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ipv4.h"

namespace nicteam::packet {
namespace {

constexpr std::size_t next_header_at = 6, protocol_at_ipv4 = 9;

std::optional<ip_view> parse_4(octets p) {
    const auto v4 = ipv4_view::parse(p);
    if (!v4) return std::nullopt;
    ip_view v;
    v.packet = p.first(v4->total_length);
    v.header = v4->header;
    v.payload = v4->payload;
    v.traffic_class = v4->tos;
    v.hop_limit = v4->ttl;
    v.protocol = v4->protocol;
    v.source = v4->source;
    v.destination = v4->destination;
    v.dont_fragment = v4->dont_fragment;
    v.more_fragments = v4->more_fragments;
    v.fragment_offset = v4->fragment_offset;
    v.identification = v4->identification;
    v.protocol_at = protocol_at_ipv4;
    v.checksum_good = v4->checksum_good;
    return v;
}

ipv6_address address_at(const std::uint8_t* p) {
    ipv6_address a;
    std::copy_n(p, a.size(), a.begin());
    return a;
}

std::optional<ip_view> parse_6(octets p) {
    if (p.size < ipv6_header) return std::nullopt;
    const std::size_t size = ipv6_header + get16(p.data + 4);
    if (size > p.size) return std::nullopt;      // jumbograms (RFC 2675) do not fit an Ethernet frame
    ip_view v;
    v.version = 6;
    v.packet = p.first(size);
    v.traffic_class = static_cast<std::uint8_t>(get16(p.data) >> 4);
    v.flow_label = get32(p.data) & 0xFFFFF;
    v.hop_limit = p[7];
    v.source = address_at(p.data + 8);
    v.destination = address_at(p.data + 24);
    v.dont_fragment = true;
    v.protocol_at = next_header_at;
    std::size_t at = ipv6_header;
    while (true) {
        v.protocol = p[v.protocol_at];
        const octets rest = v.packet.from(at);
        std::size_t length = 0;
        if (v.protocol == ip_protocol::fragment) {
            if (v.has_fragment_header && v.is_fragment()) break;
            if (rest.size < fragment_header) return std::nullopt;
            v.has_fragment_header = true;
            v.fragment_at = at;
            v.fragment_offset = get16(rest.data + 2) & 0xFFF8;
            v.more_fragments = rest[3] & 1;
            v.identification = get32(rest.data + 4);
            length = fragment_header;
        } else if (v.protocol == ip_protocol::hop_by_hop || v.protocol == ip_protocol::routing ||
                   v.protocol == ip_protocol::destination_options) {
            if (rest.size < 2) return std::nullopt;
            length = 8u * (rest[1] + 1u);
            if (rest.size < length) return std::nullopt;
        } else {
            break;
        }
        v.protocol_at = at;
        at += length;
        if (v.is_fragment()) {      // what follows is a piece: only the first one begins with a header, and that may be cut
            v.protocol = p[v.protocol_at];
            break;
        }
    }
    v.header = v.packet.first(at);
    v.payload = v.packet.from(at);
    return v;
}

std::optional<ipv6_address> parse_ipv6(std::string_view s) {
    ipv6_address a{};
    std::size_t filled = 0, gap = a.size() + 1;     // `gap`: where "::" stands
    if (s.substr(0, 2) == "::") {
        gap = 0;
        s.remove_prefix(2);
    } else if (s.empty() || s.front() == ':') {
        return std::nullopt;
    }
    while (!s.empty()) {
        if (s.find(':') == s.npos && s.find('.') != s.npos) {
            const auto v4 = parse_ipv4(s);
            if (!v4 || filled + 4 > a.size()) return std::nullopt;
            put32(&a[filled], *v4);
            filled += 4;
            break;
        }
        unsigned v = 0, digits = 0;
        while (!s.empty() && s.front() != ':') {
            const char c = s.front();
            const int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (d < 0 || ++digits > 4) return std::nullopt;
            v = v * 16 + static_cast<unsigned>(d);
            s.remove_prefix(1);
        }
        if (!digits || filled + 2 > a.size()) return std::nullopt;
        put16(&a[filled], static_cast<std::uint16_t>(v));
        filled += 2;
        if (s.empty()) break;
        s.remove_prefix(1);
        if (s.empty()) return std::nullopt;
        if (s.front() == ':') {
            if (gap <= a.size()) return std::nullopt;
            gap = filled;
            s.remove_prefix(1);
        }
    }
    if (gap > a.size()) return filled == a.size() ? std::optional(a) : std::nullopt;
    if (filled == a.size()) return std::nullopt;
    std::move_backward(a.begin() + static_cast<std::ptrdiff_t>(gap), a.begin() + static_cast<std::ptrdiff_t>(filled), a.end());
    std::fill_n(a.begin() + static_cast<std::ptrdiff_t>(gap), a.size() - filled, std::uint8_t{0});
    return a;
}

std::string text_6(const ipv6_address& a) {
    // The longest run of at least two zero groups becomes "::", the first of equals (RFC 5952, 4.2).
    unsigned best = 8, length = 1;
    for (unsigned i = 0; i < 8; ++i) {
        unsigned n = 0;
        while (i + n < 8 && get16(&a[2 * (i + n)]) == 0) ++n;
        if (n > length) best = i, length = n;
    }
    std::string out;
    for (unsigned i = 0; i < 8; ++i) {
        if (i == best) {
            out += "::";
            i += length - 1;
            continue;
        }
        if (!out.empty() && out.back() != ':') out += ':';
        out += fmt::format("{:x}", get16(&a[2 * i]));
    }
    return out;
}

}  // namespace

ipv6_address documentation_address(ipv4_address a) {
    ipv6_address six{0x20, 0x01, 0x0D, 0xB8};
    put32(six.data() + 12, a);
    return six;
}

std::optional<ipv4_address> documented(const ip_address& a) {
    const ipv4_address four = get32(a.octets.data() + 12);
    return a == ip_address(documentation_address(four)) ? std::optional(four) : std::nullopt;
}

std::optional<ip_view> ip_view::parse(octets p) {
    if (!p.size) return std::nullopt;
    switch (p[0] >> 4) {
        case 4: return parse_4(p);
        case 6: return parse_6(p);
        default: return std::nullopt;
    }
}

header_end end_of_hop_headers(const ip_view& v) {
    if (v.version == 4) return {v.header.size, v.protocol_at};
    header_end found{ipv6_header, next_header_at};
    const std::size_t chain = v.has_fragment_header ? v.fragment_at : v.header.size;
    for (std::size_t at = ipv6_header, named_at = next_header_at; at < chain;) {
        const std::uint8_t kind = v.packet[named_at];
        named_at = at;
        at += 8u * (v.packet[at + 1] + 1u);
        if (kind == ip_protocol::hop_by_hop || kind == ip_protocol::routing) found = {at, named_at};
    }
    return found;
}

void append_ip(bytes& out, const ip_fields& f, std::size_t payload) {
    if (f.source.version != f.destination.version) throw std::invalid_argument("source and destination are of different IP versions");
    if (f.source.version == 4) {
        ipv4_fields v4;
        v4.source = f.source.v4();
        v4.destination = f.destination.v4();
        v4.protocol = f.protocol;
        v4.ttl = f.hop_limit;
        v4.tos = f.traffic_class;
        v4.identification = static_cast<std::uint16_t>(f.identification);
        v4.dont_fragment = f.dont_fragment;
        return append_ipv4(out, v4, payload);
    }
    if (payload > 65'535) throw std::length_error("an IPv6 packet holds at most 65,535 octets behind its header");
    const std::size_t at = out.size();
    out.resize(at + ipv6_header);
    std::uint8_t* p = out.data() + at;
    put32(p, 6u << 28 | static_cast<std::uint32_t>(f.traffic_class) << 20 | (f.flow_label & 0xFFFFF));
    put16(p + 4, static_cast<std::uint16_t>(payload));
    p[next_header_at] = f.protocol;
    p[7] = f.hop_limit;
    std::copy(f.source.octets.begin(), f.source.octets.end(), p + 8);
    std::copy(f.destination.octets.begin(), f.destination.octets.end(), p + 24);
}

void finish_ip(bytes& packet) {
    if (packet[0] >> 4 == 6) return put16(&packet[4], static_cast<std::uint16_t>(packet.size() - ipv6_header));
    put16(&packet[2], static_cast<std::uint16_t>(packet.size()));
    put16(&packet[10], 0);
    put16(&packet[10], internet_checksum(octets(packet).first((packet[0] & 15u) * 4u)));
}

std::uint32_t pseudo_header_sum(const ip_address& source, const ip_address& destination, std::uint8_t protocol, std::size_t length) {
    std::uint32_t sum = protocol + static_cast<std::uint32_t>(length >> 16) + static_cast<std::uint32_t>(length & 0xFFFF);
    for (std::size_t i = 0; i < source.size(); i += 2) sum += get16(&source.octets[i]) + std::uint32_t{get16(&destination.octets[i])};
    return sum;
}

std::optional<ip_address> parse_ip(std::string_view s) {
    if (const auto v4 = parse_ipv4(s)) return ip_address(*v4);
    if (const auto v6 = parse_ipv6(s)) return ip_address(*v6);
    return std::nullopt;
}

std::string to_text(const ip_address& a) { return a.version == 4 ? to_text(a.v4()) : text_6(a.octets); }

}  // namespace nicteam::packet
