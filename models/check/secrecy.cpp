#include "nicteam/check/secrecy.h"

#include <algorithm>

#include <fmt/format.h>

#include "check/seen_packet.h"

namespace nicteam::check {

// ESP, AH, or ESP in UDP.
bool secrecy::is_protected(const seen_packet& s) const {
    constexpr std::size_t udp_header = 8;
    if (s.protocol == esp_number || s.protocol == ah_number) return true;
    return s.first && s.protocol == udp_number && s.payload.size >= udp_header + 4 && in_udp_.count(four(s.payload, udp_header));
}

bool secrecy::may_leave(const seen_packet& s, const ipsec::policy*& which) const {
    if (is_protected(s)) return true;
    const auto it = std::find_if(policies_.begin(), policies_.end(), [&](const ipsec::policy& p) { return meant(p.which, s); });
    which = it == policies_.end() ? nullptr : &*it;
    return !which || which->action != ipsec::policy_action::protect;
}

void secrecy::left(packet::octets frame, trace_id id, const std::string& where, ps at) {
    constexpr std::size_t remembered = 64;
    const auto s = see_frame(frame);
    if (!s) return;
    datagram d;
    if (s->fragment) {
        std::vector<std::uint8_t> between(s->source.begin(), s->source.end());
        between.insert(between.end(), s->destination.begin(), s->destination.end());
        between.push_back(s->protocol);
        d = {std::move(between), s->identification};
    }
    if (!s->first && std::find(begun_.begin(), begun_.end(), d) != begun_.end()) return;
    const ipsec::policy* which = nullptr;
    if (may_leave(*s, which)) {
        if (s->first && s->fragment) begun_.push_back(std::move(d));
        if (begun_.size() > remembered) begun_.pop_front();
        return;
    }
    breaches_.report(checker::secrecy, at,
                     fmt::format("packet {} left {} in the clear: {}; policy {} of {} protects it", id_text(id), where, s->text(), which->name, sender_));
}

}  // namespace nicteam::check
