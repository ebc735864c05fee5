#include "nicteam/packet/traffic_payload.h"

#include <cstring>
#include <stdexcept>

#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/ip.h"
#include "nicteam/packet/udp.h"

namespace nicteam::packet {
namespace {

constexpr std::uint16_t mark = 0x4E54;
constexpr std::size_t offsets = 4096, largest = 61'000;

// One long pattern; each sequence number starts elsewhere in it, so that filling and verifying are plain copies.
const bytes& pattern() {
    static const bytes table = [] {
        bytes t(offsets + largest);
        for (std::size_t i = 0; i < t.size(); ++i) t[i] = static_cast<std::uint8_t>(31 * i + 7 + i / 256);
        return t;
    }();
    return table;
}

const std::uint8_t* pattern_of(std::uint32_t sequence) { return pattern().data() + std::uint64_t{sequence} * 97 % offsets; }

void build_over_ipv6(bytes& out, const traffic_addresses& a, std::size_t data, std::uint16_t stream, std::uint32_t number, ps at) {
    append_ethernet(out, a.destination_mac, a.source_mac, ether_type::ipv6);
    const std::size_t payload = data - ethernet_header - ipv6_header - udp_header;
    ip_fields f;
    f.source = documentation_address(a.source_ip);
    f.destination = documentation_address(a.destination_ip);
    f.protocol = ip_protocol::udp;
    append_ip(out, f, udp_header + payload);
    const std::size_t udp_at = append_udp_header(out, a.source_port, a.destination_port, payload), at_payload = out.size();
    out.resize(at_payload + payload);
    fill_payload(out.data() + at_payload, payload, stream, number, at);
    const octets datagram = octets(out).from(udp_at);
    const std::uint16_t sum = internet_checksum(datagram, pseudo_header_sum(f.source, f.destination, ip_protocol::udp, datagram.size));
    put16(&out[udp_at + 6], sum ? sum : 0xFFFF);
}

}  // namespace

void fill_payload(std::uint8_t* to, std::size_t n, std::uint16_t stream, std::uint32_t sequence, ps at) {
    if (n > largest) throw std::length_error("a generated payload holds at most 61,000 octets");
    if (n < payload_mark) {
        std::memcpy(to, pattern_of(sequence), n);
        return;
    }
    put16(to, mark);
    put16(to + 2, stream);
    put32(to + 4, sequence);
    put16(to + 8, static_cast<std::uint16_t>(n));
    put64(to + 10, static_cast<std::uint64_t>(at));
    std::memcpy(to + payload_mark, pattern_of(sequence), n - payload_mark);
}

payload_state check_payload(octets p, payload_fields& out) {
    if (p.size < payload_mark || get16(p.data) != mark) return payload_state::unmarked;
    out.stream = get16(p.data + 2);
    out.sequence = get32(p.data + 4);
    out.octets = get16(p.data + 8);
    out.at = static_cast<ps>(get64(p.data + 10));
    const bool same = out.octets == p.size && p.size <= largest &&
                      std::memcmp(p.data + payload_mark, pattern_of(out.sequence), p.size - payload_mark) == 0;
    return same ? payload_state::good : payload_state::damaged;
}

void build_traffic_frame(bytes& out, const traffic_addresses& a, std::uint32_t octets, std::uint16_t stream, std::uint64_t sequence, ps at) {
    out.clear();
    const auto number = static_cast<std::uint32_t>(sequence);
    const std::size_t data = octets - fcs_octets;
    if (a.raw) {
        if (a.snap) append_llc_snap(out, a.destination_mac, a.source_mac, ether_type::experimental, data - ethernet_header - llc_header - snap_header);
        else append_ethernet(out, a.destination_mac, a.source_mac, ether_type::experimental);
        const std::size_t headers = out.size();
        out.resize(data);
        fill_payload(out.data() + headers, data - headers, stream, number, at);
        return;
    }
    if (a.six) return build_over_ipv6(out, a, data, stream, number, at);
    append_ethernet(out, a.destination_mac, a.source_mac, ether_type::ipv4);
    const std::size_t payload = data - ethernet_header - ipv4_header - udp_header;
    ipv4_fields ip;
    ip.source = a.source_ip;
    ip.destination = a.destination_ip;
    ip.protocol = ip_protocol::udp;
    ip.identification = static_cast<std::uint16_t>(sequence);
    append_ipv4(out, ip, udp_header + payload);
    const std::size_t udp_at = append_udp_header(out, a.source_port, a.destination_port, payload);
    const std::size_t at_payload = out.size();
    out.resize(at_payload + payload);
    fill_payload(out.data() + at_payload, payload, stream, number, at);
    finish_udp(out, udp_at, a.source_ip, a.destination_ip);
}

}  // namespace nicteam::packet
