#include "nicteam/tcp/segment.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/packet/checksum.h"

namespace nicteam::tcp {

using packet::get16;
using packet::put16;
using packet::put32;

segment_view segment_view::parse(packet::octets segment, const packet::ip_address& source, const packet::ip_address& destination) {
    packet::ip_view ip;
    ip.version = source.version;
    ip.source = source;
    ip.destination = destination;
    ip.protocol = packet::ip_protocol::tcp;
    ip.payload = segment;
    const auto t = packet::transport_view::of(ip);
    segment_view s;
    s.verdict = t.verdict;
    if (t.verdict == packet::transport_verdict::bad_length) return s;
    s.source_port = t.source_port;
    s.destination_port = t.destination_port;
    s.sequence = t.sequence;
    s.acknowledgement = t.acknowledgement;
    s.flags = static_cast<std::uint8_t>(t.flags);
    s.window = get16(t.header.data + 14);
    s.urgent = get16(t.header.data + 18);
    s.options = t.header.from(header_octets);
    s.text = t.payload;
    return s;
}

bytes build_segment(const segment_fields& f, packet::octets options, packet::octets text, const packet::ip_address& source,
                    const packet::ip_address& destination, bool checksum) {
    if (options.size % 4 || options.size > most_option_octets) throw std::length_error("TCP options: a multiple of four octets, at most 40");
    bytes out(header_octets + options.size + text.size);
    std::uint8_t* p = out.data();
    put16(p, f.source_port);
    put16(p + 2, f.destination_port);
    put32(p + 4, f.sequence);
    put32(p + 8, f.acknowledgement);
    p[12] = static_cast<std::uint8_t>((header_octets + options.size) / 4 << 4);
    p[13] = f.flags;
    put16(p + 14, f.window);
    put16(p + 18, f.urgent);
    std::copy_n(options.data, options.size, p + header_octets);
    std::copy_n(text.data, text.size, p + header_octets + options.size);
    const std::uint32_t pseudo = packet::pseudo_header_sum(source, destination, packet::ip_protocol::tcp, out.size());
    put16(p + 16, checksum ? packet::internet_checksum(out, pseudo) : packet::internet_sum({}, pseudo));
    return out;
}

bytes reset_for(const segment_view& s, const packet::ip_address& source, const packet::ip_address& destination) {
    if (s.has(flag::rst)) return {};
    segment_fields f;
    f.source_port = s.destination_port;
    f.destination_port = s.source_port;
    if (s.has(flag::ack)) {
        f.sequence = s.acknowledgement;
        f.flags = flag::rst;
    } else {
        f.acknowledgement = s.end();
        f.flags = flag::rst | flag::ack;
    }
    return build_segment(f, {}, {}, destination, source);
}

}  // namespace nicteam::tcp
