#include "nicteam/rings/engine_set.h"

#include "nicteam/offload/engine_faults.h"

namespace nicteam::rings {
namespace {

using offload::way;

constexpr unsigned cipher_kinds = static_cast<unsigned>(ipsec::cipher_kind::aes_gcm_16) + 1;
constexpr unsigned authentication_kinds = static_cast<unsigned>(ipsec::authentication_kind::aes_gmac) + 1;

constexpr std::size_t esp_front = 8, udp_header = 8;

// Octets of ESP text.
std::size_t text_of(const ipsec::association_parameters& p, way w, std::size_t packet, std::size_t header) {
    const std::size_t outside = header + (p.udp ? udp_header : 0);
    if (w == way::out) {
        const bool tunnel = p.mode == ipsec::association_mode::tunnel;
        return tunnel ? offload::esp_text(p.algorithms, packet) : packet < header ? 0 : offload::esp_text(p.algorithms, packet - header);
    }
    const std::size_t around = outside + esp_front + p.algorithms.iv() + p.algorithms.icv();
    const std::size_t text = packet > around ? packet - around : 0;
    return text % p.algorithms.block() ? 0 : text;
}

}  // namespace

std::optional<serving_engines> serving(const offload::engine_set& set, const ipsec::association_parameters& p) {
    serving_engines s{set.serving(p, way::out), set.serving(p, way::in)};
    return s.out.refused.empty() && s.in.refused.empty() ? std::optional(std::move(s)) : std::nullopt;
}

std::uint32_t ciphers_of(const served& serves) {
    std::uint32_t bits = 1;                                         // null
    for (unsigned c = 1; c < cipher_kinds; ++c) {
        ipsec::association_parameters p;
        p.algorithms.cipher = static_cast<ipsec::cipher_kind>(c);
        const auto& row = ipsec::info(p.algorithms.cipher);
        for (const unsigned key : row.keys) {
            p.keys.cipher.resize(key + row.salt);
            if (key && serves(p)) bits |= 1u << c;
        }
    }
    return bits;
}

std::uint32_t authentications_of(const served& serves) {
    std::uint32_t bits = 1;
    for (unsigned c = 1; c < authentication_kinds; ++c) {
        ipsec::association_parameters p;
        p.algorithms.authentication = static_cast<ipsec::authentication_kind>(c);
        if (serves(p)) bits |= 1u << c;
    }
    return bits;
}

std::uint32_t ciphers_of(const offload::engine_set& set) {
    return ciphers_of([&](const ipsec::association_parameters& p) { return serving(set, p).has_value(); });
}
std::uint32_t authentications_of(const offload::engine_set& set) {
    return authentications_of([&](const ipsec::association_parameters& p) { return serving(set, p).has_value(); });
}

offload::engine_work work_of(const serving_engines& both, const ipsec::association_parameters& p, way w, std::size_t packet, std::size_t header,
                             bool new_key) {
    return work_of(w == way::out ? both.out : both.in, p, w, packet, header, new_key);
}

offload::engine_work work_of(const offload::engine_set::choice& those, const ipsec::association_parameters& p, way w, std::size_t packet,
                             std::size_t header, bool new_key) {
    const offload::engines& e = those.with;
    offload::engine_clocks c;
    if (p.protocol == ipsec::security_protocol::ah) {
        c = offload::hash_clocks(e, p.algorithms, packet, new_key);
    } else {
        const std::size_t text = text_of(p, w, packet, header);
        if (!text) return {};
        c = offload::esp_clocks(e, p.algorithms, w, text, p.extended_sequence, new_key);
    }
    offload::engine_work k;
    k.cipher_group = static_cast<std::uint8_t>(those.cipher_group);
    k.authentication_group = static_cast<std::uint8_t>(those.authentication_group);
    k.chained = e.coupling == offload::coupling::chained;
    if (!e.authentication) {                                       // one core does both, or there is nothing to authenticate
        k.cipher = static_cast<std::uint32_t>(c.total);
    } else if (c.cipher == 0) {
        k.authentication = static_cast<std::uint32_t>(c.total);
    } else {
        k.cipher = static_cast<std::uint32_t>(c.key_setup + c.cipher);
        k.authentication = static_cast<std::uint32_t>(c.authentication);
        if (k.chained) k.lag = static_cast<std::uint32_t>(w == way::out ? c.total - c.authentication : c.key_setup);
    }
    return k;
}

offload::engine_work self_test_of(const offload::engine_set& all, const offload::engine_set::choice& those, const ipsec::association_parameters& p, way w) {
    return w == way::out ? all.outbound(those, p, offload::self_test_work(), true) : all.inbound(those, p, offload::self_test_work(), true);
}

}  // namespace nicteam::rings
