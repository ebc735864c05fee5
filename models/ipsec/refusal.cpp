#include "nicteam/ipsec/refusal.h"

#include <fmt/format.h>

namespace nicteam::ipsec {
namespace {

constexpr std::uint32_t first_free_spi = 256;

class objector {
public:
    explicit objector(const association_parameters& p) : p_(p) {}

    std::vector<objection> all() {
        names();
        algorithms();
        numbers();
        tunnel();
        for (const port_range& r : {p_.inner.source_ports, p_.inner.destination_ports})
            if (r.low > r.high) add("inner_source", "", fmt::format("ports {} to {} are none", r.low, r.high));
        for (objection& o : objections({p_.soft, p_.hard, p_.path_mtu, p_.destination, p_.udp ? p_.udp->destination : std::uint16_t{0}}, p_))
            found_.push_back(std::move(o));
        return std::move(found_);
    }

private:
    void add(const char* key, const char* beside, std::string why) { found_.push_back({key, beside, std::move(why)}); }

    void names() {
        if (p_.spi < first_free_spi) add("spi", "", fmt::format("SPI {} is reserved; from {} on (RFC 4303, 2.1)", p_.spi, first_free_spi));
        if (p_.source.version != p_.destination.version)
            add("to", "from",
                fmt::format("source {} and destination {} are of different IP versions", packet::to_text(p_.source), packet::to_text(p_.destination)));
        if (p_.udp && p_.udp->source != udp_encapsulation && p_.udp->destination != udp_encapsulation)
            add("udp_source", "udp_destination",
                fmt::format("UDP encapsulation between ports {} and {}; one of them is {} (RFC 3948, 2.1)", p_.udp->source, p_.udp->destination,
                            udp_encapsulation));
    }

    void algorithms() {
        const ipsec::algorithms& a = p_.algorithms;
        const bool ah = p_.protocol == security_protocol::ah;
        bool cipher_fits = true;
        if (ah) {
            cipher_fits = a.cipher == cipher_kind::null;
            if (!cipher_fits)
                add("cipher", "protocol", fmt::format("AH has no cipher, and {} is one (RFC 4302); allowed: cipher = \"null\"", info(a.cipher).name));
            if (a.authentication == authentication_kind::null)
                add("authentication", "protocol", "AH with authentication null protects nothing (RFC 4302, 2.6); allowed: any other");
            if (p_.udp) add("udp", "protocol", "AH cannot be encapsulated in UDP: it covers the addresses that a translator changes (RFC 3948, 1)");
        } else if (const std::string why = pair_refusal(a); !why.empty()) {
            add("authentication", "cipher", why);
        } else if (p_.replay_window && !a.authenticates()) {
            add("replay_window", "authentication",
                fmt::format("a replay window of {} numbers needs authentication (RFC 4303, 3.4.3); allowed: replay_window = 0", p_.replay_window));
        }
        if (const std::string why = length_refusal({a.cipher, authentication_kind::null}, {p_.keys.cipher, {}}); !cipher_fits) {
            // it has no key at all
        } else if (!why.empty()) {
            add("key", "cipher", why);
        } else if (const std::string weak = weak_key_refusal(a.cipher, p_.keys.cipher); !weak.empty()) {
            add("key", "cipher", weak);
        }
        if (const std::string why = length_refusal({cipher_kind::null, a.authentication}, {{}, p_.keys.authentication}); !why.empty())
            add("authentication_key", "authentication", why);
    }

    void numbers() {
        const std::uint64_t last = p_.extended_sequence ? ~std::uint64_t{0} : 0xFFFFFFFF;
        if (p_.first_sequence == 0 || p_.first_sequence > last)
            add("first_sequence", "extended_sequence",
                fmt::format("a first sequence number of {}; allowed: 1 to {} (RFC 4303, 2.2)", p_.first_sequence, last));
        if (p_.replay_window > largest_window)
            add("replay_window", "", fmt::format("a replay window has at most {} numbers, not {} (RFC 4303, A2.1)", largest_window, p_.replay_window));
    }

    void tunnel() {
        if (p_.mode == association_mode::tunnel && (p_.tunnel.source != p_.source || p_.tunnel.destination != p_.destination))
            add("mode", "", fmt::format("the ends of the tunnel, {} and {}, are not the association's source and destination, {} and {}",
                                        packet::to_text(p_.tunnel.source), packet::to_text(p_.tunnel.destination), packet::to_text(p_.source),
                                        packet::to_text(p_.destination)));
        if (p_.tunnel.dscp && *p_.tunnel.dscp > 63) add("dscp", "", fmt::format("a DSCP of {}; it has 6 bits (RFC 2474)", *p_.tunnel.dscp));
        if (p_.cuts_before && p_.mode != association_mode::tunnel)
            add("cut", "mode", "only a tunnel takes fragments: nothing is cut before it in transport mode (RFC 4303, 3.3.4); allowed: cut = \"behind\"");
    }

    const association_parameters& p_;
    std::vector<objection> found_;
};

// A soft limit that comes behind the hard one would never be heard of.
template <class T>
void within(std::vector<objection>& found, const char* key, const char* beside, T soft, T hard, const char* unit) {
    if (hard && soft > hard) found.push_back({key, beside, fmt::format("a soft lifetime of {} {} ends after the hard one of {}", soft, unit, hard)});
}

}  // namespace

std::vector<objection> objections(const cached_parameters& c, const association_parameters& p) {
    std::vector<objection> found;
    within(found, "soft_packets", "hard_packets", c.soft.packets, c.hard.packets, "packets");
    within(found, "soft_octets", "hard_octets", c.soft.octets, c.hard.octets, "octets");
    if (c.soft.time < 0 || c.hard.time < 0) found.push_back({c.soft.time < 0 ? "soft_time" : "hard_time", "", "a lifetime below zero"});
    else within(found, "soft_time", "hard_time", c.soft.time, c.hard.time, "ps");
    const std::uint32_t least = p.source.version == 4 ? 68 : 1'280;
    if (c.path_mtu && (c.path_mtu < least || c.path_mtu > 65'535))
        found.push_back({"path_mtu", p.source.version == 4 ? "" : "ip_version",
                         fmt::format("a path MTU of {} octets; from {} to 65535 over IPv{}", c.path_mtu, least, p.source.version)});
    if (c.peer.version != p.source.version)
        found.push_back({"to", "ip_version", fmt::format("the peer {} is no IPv{} address", packet::to_text(c.peer), p.source.version)});
    if (!p.udp != !c.peer_port)
        found.push_back({"udp_destination", "udp", p.udp ? "UDP encapsulation needs a port of the peer"
                                                         : fmt::format("port {} of the peer without UDP encapsulation", c.peer_port)});
    return found;
}

std::vector<objection> objections(const association_parameters& p) { return objector(p).all(); }

std::string refusal(const association_parameters& p) {
    const auto all = objections(p);
    return all.empty() ? "" : all.front().why;
}

}  // namespace nicteam::ipsec
