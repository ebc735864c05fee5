#include "ipsec/authentication_header.h"

#include <algorithm>

namespace nicteam::ipsec {
namespace {

using namespace packet;

constexpr std::size_t ipv4_fixed = 20;

// RFC 4302, appendix A1: these stay as they are on the way; every other option is zeroed as a whole.
bool immutable_option(std::uint8_t kind) {
    constexpr std::uint8_t kinds[] = {0, 1, 130, 133, 134, 148, 149};   // end, no-op, security ×3, router alert, multi-destination
    return std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds);
}

bool clear_options_4(bytes& h) {
    for (std::size_t at = ipv4_fixed; at < h.size();) {
        const std::uint8_t kind = h[at];
        if (kind == 0) break;
        if (kind == 1) { ++at; continue; }
        if (at + 1 >= h.size() || h[at + 1] < 2 || at + h[at + 1] > h.size()) return false;
        const std::size_t n = h[at + 1];
        const bool source_route = kind == 131 || kind == 137;
        // A source route is predictable: at the end the pointer is behind the list and the destination is the last hop.
        if (source_route) {
            if (n < 3 || h[at + 2] <= n) return false;
        } else if (!immutable_option(kind)) {
            std::fill_n(h.begin() + static_cast<std::ptrdiff_t>(at), n, std::uint8_t{0});
        }
        at += n;
    }
    return true;
}

// Options of IPv6 whose third bit says that they change on the way (RFC 8200, 4.2): their data count as zero.
bool clear_options_6(std::uint8_t* header, std::size_t size) {
    for (std::size_t at = 2; at < size;) {
        if (header[at] == 0) { ++at; continue; }
        if (at + 1 >= size || at + 2u + header[at + 1] > size) return false;
        if (header[at] & 0x20) std::fill_n(header + at + 2, header[at + 1], std::uint8_t{0});
        at += 2u + header[at + 1];
    }
    return true;
}

bool clear_6(bytes& h) {
    put32(&h[0], 6u << 28);                              // traffic class and flow label
    h[7] = 0;
    std::uint8_t kind = h[6];
    for (std::size_t at = ipv6_header; at < h.size();) {
        if (at + 8 > h.size()) return false;
        const std::size_t n = kind == ip_protocol::fragment ? fragment_header : 8u * (h[at + 1] + 1u);
        if (at + n > h.size()) return false;
        if ((kind == ip_protocol::hop_by_hop || kind == ip_protocol::destination_options) && !clear_options_6(&h[at], n)) return false;
        if (kind == ip_protocol::routing && h[at + 3] != 0) return false;      // segments left: not at its end yet
        kind = h[at];
        at += n;
    }
    return true;
}

}  // namespace

std::size_t ah_size(const algorithms& a, unsigned version) {
    const std::size_t unit = version == 4 ? 4 : 8, n = ah_fixed + a.iv() + a.icv();
    return (n + unit - 1) / unit * unit;
}

std::optional<bytes> immutable_headers(const ip_view& v, std::size_t ah_at) {
    bytes h(v.packet.data, v.packet.data + ah_at);
    if (v.version == 6) return clear_6(h) ? std::optional(std::move(h)) : std::nullopt;
    h[1] = 0;                    // TOS
    put16(&h[6], 0);             // flags and offset
    h[8] = 0;                    // TTL
    put16(&h[10], 0);            // checksum
    return clear_options_4(h) ? std::optional(std::move(h)) : std::nullopt;
}

}  // namespace nicteam::ipsec
