#include "nicteam/ipsec/association.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace nicteam::ipsec {
namespace {

constexpr std::uint32_t first_free_spi = 256, largest_window = 65'536;

std::uint64_t last_number(const association_parameters& p) { return p.extended_sequence ? ~std::uint64_t{0} : 0xFFFFFFFF; }

association_parameters checked(association_parameters p) {
    if (const std::string why = refusal(p); !why.empty()) throw std::invalid_argument(why);
    return p;
}

bool counter_mode(const algorithms& a) { return info(a.cipher).counter || a.authentication == authentication_kind::aes_gmac; }

}  // namespace

std::string refusal(const association_parameters& p) {
    if (p.spi < first_free_spi) return fmt::format("SPI {} is reserved; from {} on (RFC 4303, 2.1)", p.spi, first_free_spi);
    if (p.source.version != p.destination.version) return "source and destination are of different IP versions";
    if (p.protocol == security_protocol::ah) {
        if (p.algorithms.cipher != cipher_kind::null) return "AH has no cipher";
        if (p.algorithms.authentication == authentication_kind::null) return "AH without authentication protects nothing";
        if (p.udp) return "AH cannot be encapsulated in UDP: it covers the addresses that a translator changes (RFC 3948, 1)";
    }
    if (p.replay_window > largest_window) return fmt::format("a replay window has at most {} numbers, not {}", largest_window, p.replay_window);
    if (p.replay_window && !p.algorithms.authenticates()) return "a replay window needs authentication (RFC 4303, 3.4.3)";
    if (p.mode == association_mode::tunnel && (p.tunnel.source != p.source || p.tunnel.destination != p.destination))
        return "the ends of the tunnel are the association's source and destination";
    const auto beyond = [](std::uint64_t soft, std::uint64_t hard) { return hard && soft > hard; };
    if (beyond(p.soft.packets, p.hard.packets) || beyond(p.soft.octets, p.hard.octets) ||
        beyond(static_cast<std::uint64_t>(p.soft.time), static_cast<std::uint64_t>(p.hard.time)))
        return "a soft lifetime ends no later than the hard one";
    return refusal(p.algorithms, p.keys);
}

association::association(association_parameters p, ps installed, std::uint64_t iv_seed, payload_kind payload)
    : window(p.replay_window, p.extended_sequence), fixed_(checked(std::move(p))),
      transform_(transform::make(fixed_.algorithms, fixed_.keys, payload)), ivs_(iv_seed, fixed_.name, "iv"), iv_base_(ivs_.next()), installed_(installed) {}

void association::iv_for(std::uint64_t sequence, std::uint8_t* iv) {
    const std::size_t n = fixed_.algorithms.iv();
    if (counter_mode(fixed_.algorithms)) return packet::put64(iv, iv_base_ + sequence);
    for (std::size_t i = 0; i < n; i += 8) packet::put64(iv + i, ivs_.next());
}

bool association::draw(std::uint64_t& sequence, std::uint8_t* iv) {
    if (next_ == 0 || next_ > last_number(fixed_)) return false;
    sequence = next_++;
    iv_for(sequence, iv);
    return true;
}

lease association::lend(std::uint64_t how_many) {
    lease l;
    if (how_many == 0 || next_ == 0 || next_ > last_number(fixed_)) return l;
    l.first = next_;
    l.last = next_ + std::min(how_many - 1, last_number(fixed_) - next_);
    next_ = l.last + 1;          // wraps to 0 behind the last of 2^64: used up
    return l;
}

void association::start_after(std::uint64_t sequence) {
    if (next_ && next_ <= sequence) next_ = sequence + 1;
}

lifetime_state association::life(ps now) const {
    const auto over = [&](const limits& l) {
        return (l.packets && packets_ >= l.packets) || (l.octets && octets_ >= l.octets) || (l.time && now - installed_ >= l.time);
    };
    return over(fixed_.hard) ? lifetime_state::hard_expired : over(fixed_.soft) ? lifetime_state::soft_expired : lifetime_state::fresh;
}

}  // namespace nicteam::ipsec
