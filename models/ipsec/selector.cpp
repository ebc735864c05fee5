#include "nicteam/ipsec/selector.h"

#include "nicteam/packet/ipv4.h"

namespace nicteam::ipsec {

using namespace packet;

bool prefix::contains(const ip_address& a) const {
    if (length == 0) return true;
    if (a.version != address.version) return false;
    for (unsigned bit = 0; bit < length; bit += 8) {
        const unsigned here = length - bit < 8 ? length - bit : 8;
        const std::uint8_t mask = static_cast<std::uint8_t>(0xFF00 >> here);
        if ((a.octets[bit / 8] ^ address.octets[bit / 8]) & mask) return false;
    }
    return true;
}

flow flow::of(const ip_view& v) {
    flow f;
    f.source = v.source;
    f.destination = v.destination;
    f.protocol = v.protocol;
    const bool transport = v.protocol == ip_protocol::udp || v.protocol == ip_protocol::tcp;
    const bool icmp = v.protocol == (v.version == 4 ? ip_protocol::icmp : ip_protocol::icmpv6);
    if (v.fragment_offset == 0 && (transport || icmp) && v.payload.size >= (transport ? 4u : 2u)) {
        f.ports_known = true;
        f.source_port = get16(v.payload.data);
        if (transport) f.destination_port = get16(v.payload.data + 2);
    }
    return f;
}

bool selector::selects(const flow& f) const {
    if (!source.contains(f.source) || !destination.contains(f.destination)) return false;
    if (protocol >= 0 && protocol != f.protocol) return false;
    const auto within = [&](const port_range& r, std::uint16_t port) {
        return r.any() || (f.ports_known && port >= r.low && port <= r.high);
    };
    return within(source_ports, f.source_port) && within(destination_ports, f.destination_port);
}

}  // namespace nicteam::ipsec
