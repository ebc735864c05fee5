#include "nicteam/ipsec/association_config.h"

#include <stdexcept>

#include <fmt/format.h>

namespace nicteam::ipsec {
namespace {

using c = association_config;
constexpr const char *author = "given by the author of the scenario", *lifetimes = "RFC 4301, 4.4.2.1";

// A field of a field.
template <auto Outer, auto Inner>
void store_in(void* config, const value& v) {
    auto& field = static_cast<c*>(config)->*Outer.*Inner;
    field = static_cast<std::remove_reference_t<decltype(field)>>(v.integer);
}

constexpr parameter_info association_rows[] = {
    {"from", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the component whose packets it protects: in tunnel mode the tunnel's beginning", author, store<&c::from>},
    {"to", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the component that takes it off: in tunnel mode the tunnel's end", author, store<&c::to>},
    {"ip_version", quantity::choice, "ipv4", nullptr, nullptr, "ipv4|ipv6",
     "which addresses of both its packets have outside; IPv6: 2001:db8:: with the IPv4 address in the last 32 bits", "RFC 4301, 4.4.2.1; RFC 3849", store<&c::ip_version>},
    {"spi", quantity::count, "", "256", "4294967295", nullptr, "security parameters index", "RFC 4303, 2.1: 1 to 255 are reserved", store<&c::spi>},
    {"protocol", quantity::choice, "esp", nullptr, nullptr, "esp|ah", "ESP or AH", "RFC 4303, RFC 4302", store<&c::protocol>},
    {"mode", quantity::choice, "tunnel", nullptr, nullptr, "transport|tunnel", "what is protected: what is behind the IP header, or the whole packet", "RFC 4301, 4.1", store<&c::mode>},
    {"cipher", quantity::choice, "aes-cbc", nullptr, nullptr, "null|des-cbc|3des-cbc|aes-cbc|aes-ctr|aes-gcm-8|aes-gcm-12|aes-gcm-16",
     "encryption of ESP; aes-gcm authenticates too and wants authentication = \"null\"", "docs/ipsec.md", store<&c::cipher>},
    {"authentication", quantity::choice, "hmac-sha1-96", nullptr, nullptr,
     "null|hmac-md5-96|hmac-sha1-96|hmac-sha2-256-128|hmac-sha2-384-192|hmac-sha2-512-256|aes-xcbc-mac-96|aes-gmac", "integrity check", "docs/ipsec.md",
     store<&c::authentication>},
    {"key", quantity::text, "", nullptr, nullptr, nullptr, "of the cipher, \"0x\" and hexadecimal digits: 8 octets for des-cbc, 24 for 3des-cbc, 16, 24 or 32 for AES, with 4 of salt behind them for aes-ctr and aes-gcm, none for null; left out: drawn from the seed", author, store<&c::key>},
    {"authentication_key", quantity::text, "", nullptr, nullptr, nullptr, "of the integrity check, in the same way: 16 octets for hmac-md5-96 and aes-xcbc-mac-96, 20, 32, 48 or 64 for hmac-sha1-96 and hmac-sha2, as long as the hash, 16, 24 or 32 and 4 of salt for aes-gmac, none for null", author, store<&c::authentication_key>},
    {"extended_sequence", quantity::flag, "false", nullptr, nullptr, nullptr, "sequence numbers of 64 bits, of which 32 are sent", "RFC 4303, 2.2.1", store<&c::extended_sequence>},
    {"first_sequence", quantity::count, "1", "1", nullptr, nullptr, "first sequence number that is sent: those below are used up, at both ends", "RFC 4303, 3.3.3", store<&c::first_sequence>},
    {"replay_window", quantity::count, "64", "0", "2147483648", nullptr, "sequence numbers that the receiver looks back; 0: none", "RFC 4303, 3.4.3: at least 32, 64 preferred",
     store<&c::replay_window>},
    {"soft_packets", quantity::count, "0", "0", nullptr, nullptr, "packets after which a successor is asked for; 0: never", lifetimes, store_in<&c::soft, &limits::packets>},
    {"soft_octets", quantity::size, "0 B", "0 B", nullptr, nullptr, "octets under protection after which a successor is asked for; 0: never", lifetimes, store_in<&c::soft, &limits::octets>},
    {"soft_time", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "time after which a successor is asked for; 0: never", lifetimes, store_in<&c::soft, &limits::time>},
    {"hard_packets", quantity::count, "0", "0", nullptr, nullptr, "packets after which it is over; 0: never", lifetimes, store_in<&c::hard, &limits::packets>},
    {"hard_octets", quantity::size, "0 B", "0 B", nullptr, nullptr, "octets under protection after which it is over; 0: never", lifetimes, store_in<&c::hard, &limits::octets>},
    {"hard_time", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "time after which it is over; 0: never", lifetimes, store_in<&c::hard, &limits::time>},
    {"udp", quantity::flag, "false", nullptr, nullptr, nullptr, "ESP in UDP", "RFC 3948", store<&c::udp>},
    {"udp_source", quantity::count, "4500", "1", "65535", nullptr, "with udp: source port; a translator on the way changes it", "RFC 3948, 2.1: one of both is 4500", store_in<&c::ports, &udp_ports::source>},
    {"udp_destination", quantity::count, "4500", "1", "65535", nullptr, "with udp: destination port", "RFC 3948, 2.1: one of both is 4500", store_in<&c::ports, &udp_ports::destination>},
    {"dont_fragment", quantity::choice, "copy", nullptr, nullptr, "copy|set|clear", "tunnel mode: DF of the outer header", "RFC 4301, 8.1", store<&c::dont_fragment>},
    {"hop_limit", quantity::count, "64", "1", "255", nullptr, "tunnel mode: time to live of the outer header", "RFC 4301, 5.1.2.1; RFC 1700: 64", store<&c::hop_limit>},
    {"dscp", quantity::count, "", "0", "63", nullptr, "tunnel mode: differentiated services code point of the outer header; left out: the inner one's", "RFC 4301, 5.1.2.1", store<&c::dscp>},
    {"copy_congestion", quantity::flag, "true", nullptr, nullptr, nullptr, "tunnel mode: the outer header says what the inner one does of congestion notification; false: that it cannot have it",
     "RFC 6040, 4.1: normal and compatibility mode", store<&c::copy_congestion>},
    {"path_mtu", quantity::size, "1500 B", "68 B", "65535 B", nullptr, "path MTU that its sender knows: what grows longer is cut behind it, or dropped when DF is set", "RFC 4301, 8.2",
     store<&c::path_mtu>},
    {"cut", quantity::choice, "behind", nullptr, nullptr, "behind|before", "tunnel mode: what grows past path_mtu is cut behind its protection or before it", "RFC 4301, 5.1.2.1 and 7", store<&c::cut>},
    {"fragments_in_transport", quantity::flag, "false", nullptr, nullptr, nullptr, "transport mode also protects fragments: a sender that does not conform",
     "RFC 4303, 3.3.4 forbids it", store<&c::fragments_in_transport>},
    {"software", quantity::choice, "none", nullptr, nullptr, "none|from|to|both",
     "ends at which the host's CPU puts it on or takes it off, at the cycles of its cost table, and not a nic: through any nic", "source document 004, 18 and 39-41: 21a in software",
     store<&c::software>},
    {"inner_source", quantity::text, "", nullptr, nullptr, nullptr, "only packets from here may come out of it; left out: any", "RFC 4301, 5.2, step 4", store<&c::inner_source>},
    {"inner_destination", quantity::text, "", nullptr, nullptr, nullptr, "only packets for there may come out of it; left out: any", "RFC 4301, 5.2, step 4", store<&c::inner_destination>},
};

constexpr parameter_info policy_rows[] = {
    {"from", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the component on whose packets it acts", author, store<&policy_config::from>},
    {"to", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the component that they are for", author, store<&policy_config::to>},
    {"ip_version", quantity::choice, "ipv4", nullptr, nullptr, "ipv4|ipv6", "which addresses of both are meant where a prefix is left out", "RFC 4301, 4.4.1.1", store<&policy_config::ip_version>},
    {"source_prefix", quantity::text, "", nullptr, nullptr, nullptr, "packets from here; left out: from the address of `from`, a router's from anywhere, by which no host judges", "RFC 4301, 4.4.1.1", store<&policy_config::source_prefix>},
    {"destination_prefix", quantity::text, "", nullptr, nullptr, nullptr, "packets for there; left out: for the address of `to`", "RFC 4301, 4.4.1.1", store<&policy_config::destination_prefix>},
    {"protocol", quantity::count, "", "0", "255", nullptr, "of IP: 1 ICMP, 6 TCP, 17 UDP; left out: any", "RFC 4301, 4.4.1.1", store<&policy_config::protocol>},
    {"source_port", quantity::count, "0", "0", "65535", nullptr, "of UDP or TCP; 0: any, and any protocol", "RFC 4301, 4.4.1.1", store<&policy_config::source_port>},
    {"destination_port", quantity::count, "0", "0", "65535", nullptr, "of UDP or TCP; 0: any, and any protocol", "RFC 4301, 4.4.1.1", store<&policy_config::destination_port>},
    {"action", quantity::choice, "protect", nullptr, nullptr, "protect|bypass|discard", "what becomes of such a packet; one that no policy selects is dropped where there are policies",
     "RFC 4301, 4.4.1", store<&policy_config::action>},
    {"bundle", quantity::list, "", nullptr, nullptr, nullptr, "associations that protect it, the innermost first", author, store<&policy_config::bundle>},
    {"held_by", quantity::choice, "both", nullptr, nullptr, "both|sender|receiver",
     "whose it is: `from` does it to what it sends; `to`, a host, asks it of what it receives, and drops and counts the rest", "RFC 4301, 4.4.1: SPD-O and SPD-I", store<&policy_config::held_by>},
};

std::string hexadecimal(const bytes& b) {
    if (b.empty()) return "\"\"";
    std::string s = "\"0x";
    for (const std::uint8_t v : b) s += fmt::format("{:02x}", v);
    return s + '"';
}

prefix prefix_of(const std::string& s, const prefix& left_out) {
    if (s.empty()) return left_out;
    const std::size_t slash = s.find('/');
    const auto address = packet::parse_ip(std::string_view(s).substr(0, slash));
    const std::string bits = slash == std::string::npos ? "" : s.substr(slash + 1);
    const bool digits = !bits.empty() && bits.size() <= 3 && bits.find_first_not_of("0123456789") == std::string::npos;
    if (!address || !digits || static_cast<unsigned>(std::stoi(bits)) > 8 * address->size())
        throw std::invalid_argument(fmt::format("\"{}\" is no prefix: an address and its length, as in \"192.0.2.0/24\"", s));
    return {*address, static_cast<unsigned>(std::stoi(bits))};
}

port_range ports_of(std::uint32_t port) {
    return port ? port_range{static_cast<std::uint16_t>(port), static_cast<std::uint16_t>(port)} : port_range{};
}

}  // namespace

const block_info association_info = {"sa", "a security association (RFC 4301), one way", association_rows, {}, {}, {}, {}, {}, {}};
const block_info policy_info = {"policy", "what becomes of packets: in order, the first that selects decides", policy_rows, {}, {}, {}, {}, {}, {}};

std::size_t cipher_key_octets(cipher_kind k) { return info(k).keys[0] + std::size_t{info(k).salt}; }
std::size_t authentication_key_octets(authentication_kind k) { return info(k).keys[0] + std::size_t{info(k).salt}; }

bool parse_key(std::string_view s, bytes& out) {
    out.clear();
    if (s.empty()) return true;
    if (s.substr(0, 2) != "0x" || s.size() % 2) return false;
    const auto digit = [](char d) { return d >= '0' && d <= '9' ? d - '0' : d >= 'a' && d <= 'f' ? d - 'a' + 10 : d >= 'A' && d <= 'F' ? d - 'A' + 10 : -1; };
    for (std::size_t i = 2; i < s.size(); i += 2) {
        const int high = digit(s[i]), low = digit(s[i + 1]);
        if (high < 0 || low < 0) return false;
        out.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return true;
}

association_parameters parameters_of(const association_config& k, const std::string& name, const packet::ip_address& from, const packet::ip_address& to) {
    association_parameters p;
    p.name = name;
    p.spi = k.spi;
    p.protocol = k.protocol ? security_protocol::ah : security_protocol::esp;
    p.mode = k.mode;
    p.source = p.tunnel.source = from;
    p.destination = p.tunnel.destination = to;
    p.algorithms = {k.cipher, k.authentication};
    for (const auto& [text, to_bytes] : {std::pair(&k.key, &p.keys.cipher), std::pair(&k.authentication_key, &p.keys.authentication)})
        if (!parse_key(*text, *to_bytes)) throw std::invalid_argument(fmt::format("\"{}\" is no key: \"0x\" and an even number of hexadecimal digits", *text));
    p.extended_sequence = k.extended_sequence;
    p.first_sequence = k.first_sequence;
    p.replay_window = k.replay_window;
    p.soft = k.soft;
    p.hard = k.hard;
    p.path_mtu = k.path_mtu;
    p.tunnel.dont_fragment = k.dont_fragment;
    p.tunnel.hop_limit = k.hop_limit;
    if (k.dscp != inner_dscp) p.tunnel.dscp = k.dscp;
    p.tunnel.copies_congestion = k.copy_congestion;
    p.cuts_before = k.cut == 1;
    p.fragments_in_transport = k.fragments_in_transport;
    if (k.udp) p.udp = k.ports;
    p.inner.source = prefix_of(k.inner_source, {});
    p.inner.destination = prefix_of(k.inner_destination, {});
    return p;
}

policy policy_of(const policy_config& k, const std::string& name, const packet::ip_address& from, const packet::ip_address& to) {
    policy p;
    p.name = name;
    p.which.source = prefix_of(k.source_prefix, {from, static_cast<unsigned>(8 * from.size())});
    p.which.destination = prefix_of(k.destination_prefix, {to, static_cast<unsigned>(8 * to.size())});
    p.which.protocol = k.protocol;
    p.which.source_ports = ports_of(k.source_port);
    p.which.destination_ports = ports_of(k.destination_port);
    p.action = k.action;
    p.bundle = k.bundle;
    return p;
}

std::string esp_sa_row(const association_parameters& p) {
    if (p.protocol != security_protocol::esp || !info(p.algorithms.authentication).tshark || p.extended_sequence) return {};
    return fmt::format("\"IPv{}\",\"{}\",\"{}\",\"0x{:08x}\",\"{}\",{},\"{}\",{}", p.source.version, packet::to_text(p.source), packet::to_text(p.destination), p.spi,
                       info(p.algorithms.cipher).tshark, hexadecimal(p.keys.cipher), info(p.algorithms.authentication).tshark, hexadecimal(p.keys.authentication));
}

}  // namespace nicteam::ipsec
