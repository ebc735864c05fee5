#include "nicteam/rings/engine_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace nicteam::rings {
namespace {

using offload::engine_core;
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

engine_set::engine_set(const std::vector<std::string>& names, offload::coupling c) : coupling_(c) {
    for (const std::string& name : names) {
        const engine_core* core = offload::core_named(name);
        if (!core) throw std::invalid_argument(fmt::format("there is no engine core {}", name));
        if (std::find(cores_.begin(), cores_.end(), core) != cores_.end()) throw std::invalid_argument(fmt::format("engine core {} twice", name));
        cores_.push_back(core);
    }
}

std::optional<offload::engines> engine_set::find(const ipsec::algorithms& a, std::size_t key, way w) const {
    std::vector<const engine_core*> choices(cores_);
    choices.push_back(nullptr);
    const bool ciphers = a.cipher != ipsec::cipher_kind::null;
    for (const engine_core* cipher : choices) {
        if (ciphers != (cipher != nullptr)) continue;
        for (const engine_core* authentication : choices) {
            const offload::engines e{cipher, authentication, coupling_};
            if (!a.authenticates() && authentication) continue;
            if (offload::refusal(e, a, key, w).empty()) return e;
        }
    }
    return std::nullopt;
}

std::optional<serving_cores> engine_set::serving(const ipsec::algorithms& a, std::size_t key) const {
    const auto out = find(a, key, way::out), in = find(a, key, way::in);
    return out && in ? std::optional(serving_cores{*out, *in}) : std::nullopt;
}

std::uint32_t engine_set::ciphers() const {
    std::uint32_t bits = 1;                                         // null
    for (unsigned c = 1; c < cipher_kinds; ++c) {
        const auto kind = static_cast<ipsec::cipher_kind>(c);
        for (const unsigned key : ipsec::info(kind).keys)
            if (key && serving({kind, ipsec::authentication_kind::null}, key)) bits |= 1u << c;
    }
    return bits;
}

std::uint32_t engine_set::authentications() const {
    std::uint32_t bits = 1;
    for (unsigned c = 1; c < authentication_kinds; ++c)
        if (serving({ipsec::cipher_kind::null, static_cast<ipsec::authentication_kind>(c)}, 0)) bits |= 1u << c;
    return bits;
}

offload::engine_work engine_set::work(const serving_cores& cores, const ipsec::association_parameters& p, way w, std::size_t packet,
                                      std::size_t header, bool new_key) {
    const offload::engines& e = w == way::out ? cores.out : cores.in;
    offload::engine_clocks c;
    if (p.protocol == ipsec::security_protocol::ah) {
        c = offload::hash_clocks(e, p.algorithms, packet, new_key);
    } else {
        const std::size_t text = text_of(p, w, packet, header);
        if (!text) return {};
        c = offload::esp_clocks(e, p.algorithms, w, text, p.extended_sequence, new_key);
    }
    offload::engine_work k;
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

}  // namespace nicteam::rings
