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

// Its source, what it is, and that it has passed fewer routers than what the sender lets out (RFC 1812, 5.3.1).
bool secrecy::told_behind(const seen_packet& s) const {
    constexpr unsigned made_with = 64;                // hops: RFC 1700, and every ICMP message here
    constexpr unsigned unreachable = 3, time_exceeded = 11, parameter_problem = 12, first_query_6 = 128;
    if (s.fragment || !s.has_ports || s.hops_left + routers_behind_ <= made_with) return false;
    const unsigned type = s.source_port >> 8;
    const bool error = s.version == 4 ? s.protocol == icmp_number && (type == unreachable || type == time_exceeded || type == parameter_problem)
                                      : s.protocol == icmp_6_number && type < first_query_6;
    const auto is_source = [&](const packet::ip_address& a) { return a.version == s.version && a.octets == s.source; };
    return error && std::any_of(told_from_.begin(), told_from_.end(), is_source);
}

bool secrecy::may_leave(const seen_packet& s, const ipsec::policy*& which) const {
    if (is_protected(s) || told_behind(s)) return true;
    const auto it = std::find_if(policies_.begin(), policies_.end(), [&](const ipsec::policy& p) { return meant(p.which, s); });
    which = it == policies_.end() ? nullptr : &*it;
    return !which || which->action != ipsec::policy_action::protect;
}

bool secrecy::protects() const {
    return std::any_of(policies_.begin(), policies_.end(), [](const ipsec::policy& p) { return p.action == ipsec::policy_action::protect; });
}

void secrecy::left(packet::octets frame, trace_id id, const std::string& where, ps at) {
    constexpr std::size_t remembered = 64;
    ++found_.judged;
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
    // ESP in UDP shows in its first fragment only, which may have been lost on its way here; if it was clear, so are they.
    const bool in_the_clear = std::find(clear_.begin(), clear_.end(), d) != clear_.end();
    if (!s->first && s->protocol == udp_number && !in_udp_.empty() && !in_the_clear) return;
    const ipsec::policy* which = nullptr;
    if (may_leave(*s, which)) {
        if (s->first && s->fragment) begun_.push_back(std::move(d));
        if (begun_.size() > remembered) begun_.pop_front();
        return;
    }
    if (s->first && s->fragment) clear_.push_back(std::move(d));
    if (clear_.size() > remembered) clear_.pop_front();
    ++found_.clear;
    found_.octets += s->payload.size;
    breaches_.report(checker::secrecy, at,
                     fmt::format("packet {} left {} in the clear: {}; policy {} of {} protects it", id_text(id), where, s->text(), which->name, sender_));
}

}  // namespace nicteam::check
