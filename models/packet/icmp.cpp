#include "nicteam/packet/icmp.h"

#include <algorithm>

#include "nicteam/packet/checksum.h"

namespace nicteam::packet {

std::optional<icmp_echo> icmp_echo::parse(octets p) {
    if (p.size < icmp_echo_header || (p[0] != icmp_echo_reply && p[0] != icmp_echo_request) || p[1] != 0) return std::nullopt;
    icmp_echo e;
    e.reply = p[0] == icmp_echo_reply;
    e.identifier = get16(p.data + 4);
    e.sequence = get16(p.data + 6);
    e.data = p.from(icmp_echo_header);
    e.checksum_good = internet_sum(p) == 0xFFFF;
    return e;
}

void append_icmp_echo(bytes& out, bool reply, std::uint16_t identifier, std::uint16_t sequence, octets data) {
    const std::size_t at = out.size();
    out.resize(at + icmp_echo_header + data.size);
    std::uint8_t* p = out.data() + at;
    p[0] = reply ? icmp_echo_reply : icmp_echo_request;
    p[1] = 0;
    put16(p + 2, 0);
    put16(p + 4, identifier);
    put16(p + 6, sequence);
    std::copy_n(data.data, data.size, p + icmp_echo_header);
    put16(p + 2, internet_checksum(octets(p, icmp_echo_header + data.size)));
}

}  // namespace nicteam::packet
