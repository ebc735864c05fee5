#include "nicteam/ipsec/association.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace nicteam::ipsec {
namespace {

constexpr std::uint32_t first_free_spi = 256, largest_window = std::uint32_t{1} << 31;      // half of the numbers: RFC 4303, A2.1

std::uint64_t last_number(const association_parameters& p) { return p.extended_sequence ? ~std::uint64_t{0} : 0xFFFFFFFF; }

constant_parameters checked(constant_parameters c) {
    if (const std::string why = refusal(c.parameters); !why.empty()) throw std::invalid_argument(why);
    return c;
}

cached_parameters as_installed(const association_parameters& p) {
    return {p.soft, p.hard, p.path_mtu, p.destination, p.udp ? p.udp->destination : std::uint16_t{0}};
}

// A soft limit that comes behind the hard one would never be heard of.
std::string beyond(std::uint64_t soft, std::uint64_t hard, const char* unit) {
    if (!hard || soft <= hard) return {};
    return fmt::format("a soft lifetime of {} {} ends after the hard one of {}", soft, unit, hard);
}

std::string refusal(const cached_parameters& c, const association_parameters& p) {
    if (auto s = beyond(c.soft.packets, c.hard.packets, "packets"); !s.empty()) return s;
    if (auto s = beyond(c.soft.octets, c.hard.octets, "octets"); !s.empty()) return s;
    if (auto s = beyond(static_cast<std::uint64_t>(c.soft.time), static_cast<std::uint64_t>(c.hard.time), "ps"); !s.empty()) return s;
    const std::uint32_t least = p.source.version == 4 ? 68 : 1'280;
    if (c.path_mtu && (c.path_mtu < least || c.path_mtu > 65'535))
        return fmt::format("a path MTU of {} octets; from {} to 65535 over IPv{}", c.path_mtu, least, p.source.version);
    if (c.peer.version != p.source.version)
        return fmt::format("the peer {} is no IPv{} address", packet::to_text(c.peer), p.source.version);
    if (!p.udp != !c.peer_port)
        return p.udp ? "UDP encapsulation needs a port of the peer"
                     : fmt::format("port {} of the peer without UDP encapsulation", c.peer_port);
    return {};
}

bool counter_mode(const algorithms& a) { return info(a.cipher).counter || a.authentication == authentication_kind::aes_gmac; }

}  // namespace

std::string refusal(const association_parameters& p) {
    if (p.spi < first_free_spi) return fmt::format("SPI {} is reserved; from {} on (RFC 4303, 2.1)", p.spi, first_free_spi);
    if (p.source.version != p.destination.version)
        return fmt::format("source {} and destination {} are of different IP versions", packet::to_text(p.source),
                           packet::to_text(p.destination));
    if (p.protocol == security_protocol::ah) {
        if (p.algorithms.cipher != cipher_kind::null)
            return fmt::format("AH has no cipher, and {} is one (RFC 4302)", info(p.algorithms.cipher).name);
        if (p.algorithms.authentication == authentication_kind::null) return "AH with authentication null protects nothing (RFC 4302, 2.6)";
        if (p.udp) return "AH cannot be encapsulated in UDP: it covers the addresses that a translator changes (RFC 3948, 1)";
    }
    if (p.udp && p.udp->source != udp_encapsulation && p.udp->destination != udp_encapsulation)
        return fmt::format("UDP encapsulation between ports {} and {}; one of them is {} (RFC 3948, 2.1)", p.udp->source,
                           p.udp->destination, udp_encapsulation);
    if (p.first_sequence == 0 || p.first_sequence > last_number(p))
        return fmt::format("a first sequence number of {}; allowed: 1 to {} (RFC 4303, 2.2)", p.first_sequence, last_number(p));
    if (p.replay_window > largest_window)
        return fmt::format("a replay window has at most {} numbers, not {} (RFC 4303, A2.1)", largest_window, p.replay_window);
    if (p.replay_window && !p.algorithms.authenticates())
        return fmt::format("a replay window of {} numbers needs authentication (RFC 4303, 3.4.3)", p.replay_window);
    if (p.mode == association_mode::tunnel && (p.tunnel.source != p.source || p.tunnel.destination != p.destination))
        return fmt::format("the ends of the tunnel, {} and {}, are not the association's source and destination, {} and {}",
                           packet::to_text(p.tunnel.source), packet::to_text(p.tunnel.destination), packet::to_text(p.source),
                           packet::to_text(p.destination));
    if (p.tunnel.dscp && *p.tunnel.dscp > 63) return fmt::format("a DSCP of {}; it has 6 bits (RFC 2474)", *p.tunnel.dscp);
    if (p.cuts_before && p.mode != association_mode::tunnel)
        return "only a tunnel takes fragments: nothing is cut before it in transport mode (RFC 4303, 3.3.4)";
    if (p.soft.time < 0 || p.hard.time < 0) return "a lifetime below zero";
    for (const port_range& r : {p.inner.source_ports, p.inner.destination_ports})
        if (r.low > r.high) return fmt::format("ports {} to {} are none", r.low, r.high);
    if (auto s = refusal(as_installed(p), p); !s.empty()) return s;
    return refusal(p.algorithms, p.keys);
}

association::association(association_parameters p, ps installed, std::uint64_t iv_seed, payload_kind payload)
    : association(constant_parameters{std::move(p), installed, 0}, iv_seed, payload) {
    fixed_.counter_start = ivs_.next();
    last_ = last_number(parameters());
    if (const std::uint64_t used = parameters().first_sequence - 1) {
        drawn_ = used;
        window.close_up_to(used);
    }
}

association::association(constant_parameters c, std::uint64_t iv_seed, payload_kind payload)
    : window(c.parameters.replay_window > largest_window ? 0 : c.parameters.replay_window, c.parameters.extended_sequence),
      fixed_(checked(std::move(c))),
      cached_(as_installed(fixed_.parameters)),
      transform_(transform::make(parameters().algorithms, parameters().keys, payload)),
      ivs_(iv_seed, parameters().name, "iv") {}

std::string association::change(const cached_parameters& c) {
    std::string why = refusal(c, parameters());
    if (why.empty()) cached_ = c;
    return why;
}

void association::iv_for(std::uint64_t sequence, std::uint8_t* iv) {
    const algorithms& a = parameters().algorithms;
    if (counter_mode(a)) return packet::put64(iv, fixed_.counter_start + sequence);
    for (std::size_t i = 0; i < a.iv(); i += 8) packet::put64(iv + i, ivs_.next());
}

bool association::draw(std::uint64_t& sequence, std::uint8_t* iv) {
    if (drawn_ == last_) return false;
    sequence = ++drawn_;
    iv_for(sequence, iv);
    return true;
}

bool association::exhausted() const { return drawn_ == last_number(parameters()); }

lease association::lend(std::uint64_t how_many) {
    const lease l{drawn_ + 1, drawn_ + std::min(how_many, left())};
    if (how_many == 0 || left() == 0) return {};
    drawn_ = l.last;
    return l;
}

bool association::take(const lease& l) {
    if (l.empty() || l.first <= last_ || l.last > last_number(parameters())) return false;
    if (l.first != last_ + 1) drawn_ = l.first - 1;
    last_ = l.last;
    return true;
}

bool association::give_back(const lease& l) {
    if (l.empty() || l.first == 0 || l.last != drawn_) return false;
    drawn_ = l.first - 1;
    return true;
}

void association::start_after(std::uint64_t sequence) { drawn_ = std::max(drawn_, std::min(sequence, last_)); }

lifetime_state association::life(ps now) const {
    const auto over = [&](const limits& l) {
        return (l.packets && packets_ >= l.packets) || (l.octets && octets_ >= l.octets) || (l.time && now - fixed_.installed >= l.time);
    };
    return over(cached_.hard) ? lifetime_state::hard_expired : over(cached_.soft) ? lifetime_state::soft_expired : lifetime_state::fresh;
}

}  // namespace nicteam::ipsec
