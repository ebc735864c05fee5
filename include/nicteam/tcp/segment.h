// TCP segments as octets: header of RFC 9293, 3.1. What a segment says, and segments built with their checksum.
#pragma once

#include "nicteam/packet/transport.h"
#include "nicteam/tcp/sequence.h"

namespace nicteam::tcp {

constexpr std::size_t header_octets = 20, most_option_octets = 40;

namespace flag {
constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16, urg = 32;
}

struct segment_view {
    packet::transport_verdict verdict = packet::transport_verdict::bad_length;   // good, bad_length, bad_checksum
    std::uint16_t source_port = 0, destination_port = 0;
    tcp::sequence sequence = 0, acknowledgement = 0;
    std::uint8_t flags = 0;              // of namespace flag; ECE and CWR too
    std::uint16_t window = 0, urgent = 0;
    packet::octets options, text;

    bool has(std::uint8_t f) const { return flags & f; }
    // SEG.LEN: SYN and FIN count.
    std::uint32_t length() const { return static_cast<std::uint32_t>(text.size) + (has(flag::syn) ? 1 : 0) + (has(flag::fin) ? 1 : 0); }
    tcp::sequence end() const { return sequence + length(); }

    // Of any octets that came in a datagram of protocol 6 between these addresses.
    static segment_view parse(packet::octets segment, const packet::ip_address& source, const packet::ip_address& destination);
};

struct segment_fields {
    std::uint16_t source_port = 0, destination_port = 0;
    tcp::sequence sequence = 0, acknowledgement = 0;
    std::uint8_t flags = 0;
    std::uint16_t window = 0, urgent = 0;
};

// A whole segment; `options` is a multiple of four octets, at most 40. `checksum` may be left to hardware: then its field holds the folded
// sum of the pseudo header, as engines in NICs ask for.
bytes build_segment(const segment_fields&, packet::octets options, packet::octets text, const packet::ip_address& source,
                    const packet::ip_address& destination, bool checksum = true);

// What RFC 9293, 3.10.7.1 answers to a segment for which there is no connection; empty to a RST.
bytes reset_for(const segment_view&, const packet::ip_address& source, const packet::ip_address& destination);

}  // namespace nicteam::tcp
