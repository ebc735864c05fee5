// Room ipsec and the fragments of room packet, for a judge outside: one request a line on stdin, one answer a line on stdout.
//   protect|unprotect esp|ah transport|tunnel CIPHER KEY AUTHENTICATION KEY SPI SEQUENCE extended|short udp|- IV FROM TO PACKET
//   fragment MTU IDENTIFICATION PACKET
//   reassemble FRAGMENT…
// Octets are hexadecimal, - for none.
#include <iostream>
#include <sstream>

#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/reassembly.h"

using namespace nicteam;

namespace {

bytes octets_of(const std::string& hex) {
    bytes out;
    if (hex == "-") return out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
    return out;
}

std::string hex_of(const bytes& b) {
    static const char digits[] = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t o : b) out += digits[o >> 4], out += digits[o & 15];
    return out.empty() ? "-" : out;
}

std::string one_packet(std::istringstream& in, bool outbound) {
    std::string protocol, mode, cipher, cipher_key, authentication, authentication_key, extended, udp, iv, from, to, packet;
    std::uint64_t spi = 0, sequence = 0;
    in >> protocol >> mode >> cipher >> cipher_key >> authentication >> authentication_key >> spi >> sequence >> extended >> udp >> iv >>
        from >> to >> packet;
    ipsec::association_parameters p;
    p.name = "judged";
    p.spi = static_cast<std::uint32_t>(spi);
    p.protocol = protocol == "ah" ? ipsec::security_protocol::ah : ipsec::security_protocol::esp;
    p.mode = mode == "tunnel" ? ipsec::association_mode::tunnel : ipsec::association_mode::transport;
    p.algorithms = {ipsec::cipher_named(cipher)->kind, ipsec::authentication_named(authentication)->kind};
    p.keys = {octets_of(cipher_key), octets_of(authentication_key)};
    p.extended_sequence = extended == "extended";
    p.replay_window = 0;
    if (udp == "udp") p.udp = ipsec::udp_ports{};
    p.source = p.tunnel.source = *packet::parse_ip(from);
    p.destination = p.tunnel.destination = *packet::parse_ip(to);
    ipsec::association a(p);
    ipsec::work w;
    const bytes before = octets_of(packet), ivs = octets_of(iv);
    if (outbound) {
        bytes out;
        const ipsec::outcome how = ipsec::protect(a, before, sequence, ivs.data(), out, w);
        return std::string(ipsec::name(how)) + " " + hex_of(out);
    }
    ipsec::opened o;
    if (sequence >> 32) a.window.accept(sequence);      // the upper half is inferred from what came before
    const ipsec::outcome how = ipsec::unprotect(a, before, o, w, ipsec::window_use::verify_only);
    return std::string(ipsec::name(how)) + " " + hex_of(o.packet);
}

std::string pieces(std::istringstream& in) {
    std::size_t mtu = 0;
    std::uint32_t identification = 0;
    std::string packet;
    in >> mtu >> identification >> packet;
    std::vector<bytes> out;
    packet::fragment(octets_of(packet), mtu, identification, out);
    std::string answer;
    for (const bytes& b : out) answer += (answer.empty() ? "" : " ") + hex_of(b);
    return answer;
}

std::string joined(std::istringstream& in) {
    packet::reassembly_limits limits;
    limits.fragments = 8'192;
    packet::reassembler r(limits);
    for (std::string fragment; in >> fragment;)
        if (r.add(octets_of(fragment), 0) == packet::reassembly_step::complete) return hex_of(r.result().datagram);
    return "-";
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream in(line);
        std::string what;
        in >> what;
        std::cout << (what == "fragment" ? pieces(in) : what == "reassemble" ? joined(in) : one_packet(in, what == "protect")) << std::endl;
    }
}
