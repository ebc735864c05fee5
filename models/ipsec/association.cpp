#include "nicteam/ipsec/association.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/ipsec/refusal.h"
#include "nicteam/ipsec/transform_service.h"

namespace nicteam::ipsec {
namespace {

std::uint64_t last_number(const association_parameters& p) { return p.extended_sequence ? ~std::uint64_t{0} : 0xFFFFFFFF; }

constant_parameters checked(constant_parameters c) {
    if (const std::string why = refusal(c.parameters); !why.empty()) throw std::invalid_argument(why);
    return c;
}

cached_parameters as_installed(const association_parameters& p) {
    return {p.soft, p.hard, p.path_mtu, p.destination, p.udp ? p.udp->destination : std::uint16_t{0}};
}

bool counter_mode(const algorithms& a) { return info(a.cipher).counter || a.authentication == authentication_kind::aes_gmac; }

}  // namespace

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
      transform_(make_transform(parameters().algorithms, parameters().keys, payload)),
      ivs_(iv_seed, parameters().name, "iv") {}

std::string association::change(const cached_parameters& c) {
    const auto against = objections(c, parameters());
    if (!against.empty()) return against.front().why;
    cached_ = c;
    return {};
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
