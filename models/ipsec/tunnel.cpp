#include "ipsec/tunnel.h"

namespace nicteam::ipsec {

using namespace packet;

ip_fields outer_fields(const association& a, const ip_view& inner, std::uint8_t protocol, std::uint32_t identification) {
    const tunnel_header& t = a.parameters().tunnel;
    ip_fields f;
    f.source = t.source;
    f.destination = a.cached().peer;
    f.protocol = protocol;
    f.hop_limit = t.hop_limit;
    const std::uint8_t dscp =
        t.dscp ? static_cast<std::uint8_t>(*t.dscp << 2) : static_cast<std::uint8_t>(inner.traffic_class & ~ecn::mask);
    f.traffic_class = static_cast<std::uint8_t>(dscp | (t.copies_congestion ? inner.traffic_class & ecn::mask : 0));
    f.dont_fragment = t.dont_fragment == fragment_bit::set || (t.dont_fragment == fragment_bit::copy && inner.dont_fragment);
    f.identification = identification;
    f.flow_label = inner.flow_label;
    return f;
}

bool join_congestion(std::uint8_t outer, bytes& inner) {
    const bool six = inner[0] >> 4 == 6;
    const std::uint8_t was =
        six ? static_cast<std::uint8_t>(get16(inner.data()) >> 4 & ecn::mask) : static_cast<std::uint8_t>(inner[1] & ecn::mask);
    std::uint8_t now = was;
    switch (outer & ecn::mask) {
        case ecn::experienced:
            if (was == ecn::not_capable) return false;
            now = ecn::experienced;
            break;
        case ecn::capable_1:
            if (was == ecn::capable_0) now = ecn::capable_1;
            break;
        default: break;
    }
    if (now == was) return true;
    if (six) {
        inner[1] = static_cast<std::uint8_t>((inner[1] & 0xCF) | now << 4);
    } else {
        inner[1] = static_cast<std::uint8_t>((inner[1] & ~ecn::mask) | now);
        finish_ip(inner);
    }
    return true;
}

}  // namespace nicteam::ipsec
