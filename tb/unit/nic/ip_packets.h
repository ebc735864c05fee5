// IPv4 packets with TCP or UDP in every framing that the 82550 knows, checksums by their definition (RFC 791, 768, 9293), word by word.
#pragma once

#include <cstdint>

#include "nicteam/base/frame.h"

namespace nicteam::test {

struct ip_packet {
    bool vlan = false, snap = false, tcp = true;
    unsigned options = 0, tcp_options = 0;   // octets, multiples of 4
    unsigned payload = 100;
    std::uint16_t fragment = 0;              // flags and offset as in the header
    std::uint8_t protocol = 0;               // 0: TCP or UDP
    unsigned seed = 1;
    unsigned padding = 0;                    // octets behind the packet

    std::size_t ip_at() const { return 14u + (vlan ? 4 : 0) + (snap ? 8 : 0); }
    std::size_t transport_at() const { return ip_at() + 20 + options; }
    std::size_t transport_header() const { return tcp ? 20 + tcp_options : 8u; }
    std::size_t end() const { return transport_at() + transport_header() + payload; }
    std::size_t ip_sum_at() const { return ip_at() + 10; }
    std::size_t transport_sum_at() const { return transport_at() + (tcp ? 16 : 6); }
};

inline void put(bytes& b, std::size_t at, unsigned v) { b[at] = static_cast<std::uint8_t>(v >> 8), b[at + 1] = static_cast<std::uint8_t>(v); }
inline unsigned word_at(const bytes& b, std::size_t at) { return b[at] * 256u + b[at + 1]; }

// One's complement sum of octets, an odd last one above a zero.
inline unsigned slow_sum_of(const bytes& b, std::size_t from, std::size_t to, unsigned sum = 0) {
    for (std::size_t i = from; i < to; ++i) {
        sum += (i - from) % 2 ? b[i] : b[i] * 256u;
        if (sum > 0xFFFF) sum -= 0xFFFF;
    }
    return sum;
}
inline unsigned pseudo_sum_of(const ip_packet& p, const bytes& b) {
    unsigned sum = slow_sum_of(b, p.ip_at() + 12, p.ip_at() + 20, (p.tcp ? 6u : 17u) + static_cast<unsigned>(p.end() - p.transport_at()));
    while (sum > 0xFFFF) sum -= 0xFFFF;
    return sum;
}

enum class sums { good, as_for_assist, none };      // as_for_assist: the pseudo header's, and rubbish in the IPv4 header

inline bytes frame_of(const ip_packet& p, sums s = sums::good) {
    bytes b(p.end() + p.padding);
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<std::uint8_t>((i * i + p.seed * 37 * i + p.seed) >> 1);
    const std::uint8_t addresses[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9};
    std::copy(std::begin(addresses), std::end(addresses), b.begin());
    std::size_t at = 12;
    if (p.vlan) put(b, at, 0x8100), put(b, at + 2, 0x6123), at += 4;
    const auto length = static_cast<unsigned>(p.end() - p.ip_at());
    if (p.snap) {
        const std::uint8_t llc[] = {0xAA, 0xAA, 3, 0, 0, 0};
        put(b, at, length + 8);
        std::copy(std::begin(llc), std::end(llc), b.begin() + static_cast<std::ptrdiff_t>(at + 2));
        at += 8;
    }
    put(b, at, 0x0800);
    const std::size_t ip = p.ip_at(), t = p.transport_at();
    b[ip] = static_cast<std::uint8_t>(0x40 + 5 + p.options / 4);
    put(b, ip + 2, length);
    put(b, ip + 6, p.fragment);
    b[ip + 9] = p.protocol ? p.protocol : p.tcp ? 6 : 17;
    if (p.tcp) b[t + 12] = static_cast<std::uint8_t>((5 + p.tcp_options / 4) << 4);
    else put(b, t + 4, static_cast<unsigned>(p.end() - t));
    const unsigned pseudo = pseudo_sum_of(p, b);
    put(b, p.ip_sum_at(), 0xBEEF);
    put(b, p.transport_sum_at(), s == sums::none ? 0 : pseudo);
    if (s != sums::as_for_assist) {
        put(b, p.ip_sum_at(), 0);
        put(b, p.ip_sum_at(), 0xFFFF - slow_sum_of(b, ip, t));
    }
    if (s == sums::good) {
        const unsigned sum = 0xFFFF - slow_sum_of(b, t, p.end());
        put(b, p.transport_sum_at(), sum == 0 && !p.tcp ? 0xFFFF : sum);
    }
    return b;
}

}  // namespace nicteam::test
