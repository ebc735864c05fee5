// Room aggregation for a judge outside: one request a line on stdin, one answer a line on stdout. Octets are hexadecimal.
//   hash FRAME                     hashes by all policies, in their order
//   lacpdu SOURCE (SYSTEM_PRIORITY SYSTEM KEY PORT_PRIORITY PORT STATE){actor, partner} DELAY      the frame
//   marker SOURCE PORT SYSTEM TRANSACTION RESPONSE                                                 the frame
//   parse FRAME                    "lacpdu" or "marker" with the same words, or "-"
#include <algorithm>
#include <iostream>
#include <sstream>

#include "nicteam/aggregation/flow_hash.h"
#include "nicteam/aggregation/lacpdu.h"

using namespace nicteam;
using namespace nicteam::aggregation;

namespace {

bytes octets_of(const std::string& hex) {
    bytes out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
    return out;
}

template <class Octets>
std::string hex_of(const Octets& b) {
    static const char digits[] = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t o : b) out += digits[o >> 4], out += digits[o & 15];
    return out;
}

mac_address mac_of(std::istringstream& in) {
    std::string hex;
    in >> hex;
    const bytes b = octets_of(hex);
    mac_address m{};
    std::copy_n(b.begin(), 6, m.begin());
    return m;
}

lacp_party party_of(std::istringstream& in) {
    lacp_party p;
    unsigned state = 0;
    in >> p.system_priority;
    p.system = mac_of(in);
    in >> p.key >> p.port_priority >> p.port >> state;
    p.state = static_cast<std::uint8_t>(state);
    return p;
}

std::string text_of(const lacp_party& p) {
    std::ostringstream out;
    out << ' ' << p.system_priority << ' ' << hex_of(p.system) << ' ' << p.key << ' ' << p.port_priority << ' ' << p.port << ' ' << unsigned{p.state};
    return out.str();
}

std::string parsed(const bytes& frame) {
    if (const auto u = lacpdu::parse(frame)) return "lacpdu" + text_of(u->actor) + text_of(u->partner) + " " + std::to_string(u->collector_max_delay);
    if (const auto u = marker_pdu::parse(frame)) {
        std::ostringstream out;
        out << "marker " << u->port << ' ' << hex_of(u->system) << ' ' << u->transaction << ' ' << u->response;
        return out.str();
    }
    return "-";
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream in(line);
        std::string what, hex;
        in >> what;
        if (what == "hash") {
            in >> hex;
            const bytes frame = octets_of(hex);
            for (unsigned p = 0; p <= static_cast<unsigned>(hash_policy::vlan_srcmac); ++p) std::cout << flow_hash(static_cast<hash_policy>(p), frame) << ' ';
        } else if (what == "parse") {
            in >> hex;
            std::cout << parsed(octets_of(hex));
        } else {
            bytes frame;
            const mac_address source = mac_of(in);
            if (what == "lacpdu") {
                lacpdu u;
                u.actor = party_of(in);
                u.partner = party_of(in);
                in >> u.collector_max_delay;
                u.append_to(frame, source);
            } else {
                marker_pdu u;
                in >> u.port;
                u.system = mac_of(in);
                in >> u.transaction >> u.response;
                u.append_to(frame, source);
            }
            std::cout << hex_of(frame);
        }
        std::cout << std::endl;
    }
}
