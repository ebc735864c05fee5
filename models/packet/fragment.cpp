#include "nicteam/packet/fragment.h"

#include <algorithm>

#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ipv4.h"

namespace nicteam::packet {
namespace {

constexpr std::size_t unit = 8;       // offsets count in eight octets
constexpr std::uint16_t more_flag = 0x2000;

// The header of all pieces but the first: options with the copied flag, filled up with end-of-list.
bytes later_header(octets header) {
    bytes h(header.data, header.data + ipv4_header);
    for (std::size_t at = ipv4_header; at < header.size;) {
        const std::uint8_t kind = header[at];
        if (kind == 0) break;
        const std::size_t length = kind == 1 ? 1 : at + 1 < header.size ? header[at + 1] : 0;
        if (length == 0 || at + length > header.size || (kind != 1 && length < 2)) break;
        if (kind & 0x80) h.insert(h.end(), header.data + at, header.data + at + length);
        at += length;
    }
    h.resize((h.size() + 3) / 4 * 4);
    h[0] = static_cast<std::uint8_t>(0x40 | h.size() / 4);
    return h;
}

fragment_result cut_4(const ip_view& v, std::size_t mtu, std::vector<bytes>& out) {
    if (v.dont_fragment) return fragment_result::dont_fragment;
    const bytes first(v.header.data, v.header.data + v.header.size), later = later_header(v.header);
    if (mtu < first.size() + unit || mtu < later.size() + unit) return fragment_result::no_room;
    for (std::size_t at = 0; at < v.payload.size;) {
        bytes piece = at || v.fragment_offset ? later : first;
        std::size_t n = std::min(mtu - piece.size(), v.payload.size - at);
        const bool last = at + n == v.payload.size;
        if (!last) n -= n % unit;
        const std::size_t offset = v.fragment_offset + at;
        put16(&piece[6], static_cast<std::uint16_t>(offset / unit | (!last || v.more_fragments ? more_flag : 0)));
        piece.insert(piece.end(), v.payload.data + at, v.payload.data + at + n);
        finish_ip(piece);
        out.push_back(std::move(piece));
        at += n;
    }
    return fragment_result::fragmented;
}

fragment_result cut_6(const ip_view& v, std::size_t mtu, std::uint32_t identification, std::vector<bytes>& out) {
    if (v.has_fragment_header) return fragment_result::malformed;
    const auto [begin, next_at] = end_of_hop_headers(v);
    const std::size_t overhead = begin + fragment_header;
    if (mtu < overhead + unit) return fragment_result::no_room;
    const octets rest = v.packet.from(begin);
    for (std::size_t at = 0; at < rest.size;) {
        std::size_t n = std::min(mtu - overhead, rest.size - at);
        const bool last = at + n == rest.size;
        if (!last) n -= n % unit;
        bytes piece(v.packet.data, v.packet.data + begin);
        const std::uint8_t next = piece[next_at];
        piece[next_at] = ip_protocol::fragment;
        piece.resize(overhead);
        piece[begin] = next;
        put16(&piece[begin + 2], static_cast<std::uint16_t>(at | (last ? 0 : 1)));
        put32(&piece[begin + 4], identification);
        piece.insert(piece.end(), rest.data + at, rest.data + at + n);
        finish_ip(piece);
        out.push_back(std::move(piece));
        at += n;
    }
    return fragment_result::fragmented;
}

}  // namespace

fragment_result fragment(octets packet, std::size_t mtu, std::uint32_t identification, std::vector<bytes>& out) {
    const auto v = ip_view::parse(packet);
    if (!v) return fragment_result::malformed;
    if (v->packet.size <= mtu) {
        out.emplace_back(v->packet.data, v->packet.data + v->packet.size);
        return fragment_result::whole;
    }
    return v->version == 4 ? cut_4(*v, mtu, out) : cut_6(*v, mtu, identification, out);
}

}  // namespace nicteam::packet
