#include "nicteam/ipsec/process.h"

#include <algorithm>
#include <utility>

#include "nicteam/ipsec/lifetimes.h"
#include "nicteam/ipsec/path_mtu.h"
#include "nicteam/ipsec/transform_service.h"

namespace nicteam::ipsec {
namespace {

using packet::ip_view;
using packet::octets;

bytes copy(octets o) { return bytes(o.data, o.data + o.size); }

passed dropped(passed p, passage how, outcome why = outcome::done) {
    p.how = how;
    p.why = why;
    p.packet.clear();
    return p;
}

flow turned(flow f) {
    std::swap(f.source, f.destination);
    if (f.protocol == packet::ip_protocol::udp || f.protocol == packet::ip_protocol::tcp) std::swap(f.source_port, f.destination_port);
    return f;
}

// The associations of the policy, in the order in which they were taken off: the innermost last. What a gateway's tunnel added outside is its
// own business.
bool as_policy_asks(const policy& p, const std::vector<std::string_view>& through) {
    return through.size() >= p.bundle.size() &&
           std::equal(p.bundle.rbegin(), p.bundle.rend(), through.end() - static_cast<std::ptrdiff_t>(p.bundle.size()));
}

// A fragment that was protected as such, which no conforming sender does: only an association that says so may open it.
std::optional<security_header> of_fragment(association_table& table, const ip_view& v) {
    security_header h;
    if (v.protocol == packet::ip_protocol::ah) h.protocol = security_protocol::ah;
    else if (v.protocol != packet::ip_protocol::esp) return std::nullopt;
    const std::size_t spi_at = h.protocol == security_protocol::ah ? 4 : 0;
    if (v.payload.size < spi_at + 8) return std::nullopt;
    h.at = v.header.size;
    h.spi = packet::get32(v.payload.data + spi_at);
    h.sequence = packet::get32(v.payload.data + spi_at + 4);
    const association* a = table.find(table.find(h.spi, v.destination, h.protocol));
    return a && a->parameters().fragments_in_transport ? std::optional(h) : std::nullopt;
}

}  // namespace

const char* name(passage p) {
    constexpr const char* names[] = {"pass",     "fragment", "cut_first", "discarded",     "no_policy", "plaintext", "no_association",
                                     "exhausted", "no_lease", "expired",   "over_path_mtu", "too_deep",  "keepalive", "refused"};
    return names[static_cast<std::size_t>(p)];
}

bool passed::auditable() const {
    switch (how) {
        case passage::plaintext:
        case passage::no_association:
        case passage::exhausted: return true;
        case passage::refused:
            return why == outcome::bad_icv || why == outcome::replayed || why == outcome::too_old || why == outcome::sequence_zero ||
                   why == outcome::fragment || why == outcome::selector_mismatch || why == outcome::bad_padding;
        default: return false;
    }
}

passed outbound(association_table& table, const policy_list& policies, octets packet, ps now,
                packet::identification_source& identifications) {
    const auto v = ip_view::parse(packet);
    if (!v) return dropped({}, passage::refused, outcome::malformed);
    const policy* which = policies.find(flow::of(*v));
    if (!which) return dropped({}, passage::no_policy);
    return outbound_along(table, *which, packet, now, identifications);
}

passed outbound_along(association_table& table, const policy& which, octets packet, ps now,
                      packet::identification_source& identifications) {
    passed p;
    const auto v = ip_view::parse(packet);
    if (!v) return dropped(std::move(p), passage::refused, outcome::malformed);
    if (which.action == policy_action::discard) return dropped(std::move(p), passage::discarded);
    p.packet = copy(v->packet);
    if (which.action == policy_action::bypass) return p;

    // Before any number is drawn: is everything there, and does what comes out fit the path?
    std::vector<association*> bundle;
    for (const std::string& name : which.bundle) {
        bundle.push_back(table.find(table.named(name)));
        if (!bundle.back()) return dropped(std::move(p), passage::no_association);
        if (bundle.back()->life(now) == lifetime_state::hard_expired) return dropped(std::move(p), passage::expired);
    }
    const fitting path = fit({bundle.begin(), bundle.end()}, *v);
    if (!path.fits) {
        p.mtu = path.largest;
        if (!path.may_be_cut) return dropped(std::move(p), passage::over_path_mtu);
        if (bundle.front()->parameters().cuts_before) {
            p.how = passage::cut_first;
            return p;
        }
        p.mtu = path.path_mtu;
    }
    for (std::size_t k = 0; k < bundle.size(); ++k) {
        association& a = *bundle[k];
        applied step;
        step.association = table.named(which.bundle[k]);
        std::uint8_t iv[16];
        if (!a.draw(step.sequence, iv)) return dropped(std::move(p), a.exhausted() ? passage::exhausted : passage::no_lease);
        const association_parameters& of = a.parameters();
        const bool tunnel = of.mode == association_mode::tunnel && of.source.version == 4;
        const std::uint8_t protocol = of.udp ? packet::ip_protocol::udp : static_cast<std::uint8_t>(of.protocol);
        const std::uint32_t identification = tunnel ? identifications.next(of.source, a.cached().peer, protocol, now) : 0;
        bytes out;
        const outcome o = protect(a, p.packet, step.sequence, iv, out, step.work, identification);
        if (o != outcome::done) return dropped(std::move(p), passage::refused, o);
        a.count(p.packet.size());
        p.soft_expired |= past_soft(a, now);
        p.packet = std::move(out);
        p.steps.push_back(step);
    }
    return p;
}

bool keeps_alive(const ip_view& v) {
    constexpr std::size_t header = 8;
    return v.protocol == packet::ip_protocol::udp && v.payload.size == header + 1 && v.payload[header] == 0xFF &&
           packet::get16(v.payload.data + 2) == udp_encapsulation;
}

std::uint64_t scope_of(const std::vector<applied>& steps) {
    if (steps.empty()) return 0;
    const state::handle h = steps.back().association;
    return std::uint64_t{h.generation} << 32 | h.index;
}

outcome lengths(const association_table& table, const ip_view& v) {
    const auto h = find_security_header(v);
    if (!h) return outcome::short_packet;
    const association* a = table.find(table.find(h->spi, v.destination, h->protocol));
    return a && h->in_udp == a->parameters().udp.has_value() ? lengths(a->parameters(), v.packet.from(h->at), v.version) : outcome::done;
}

void foresee(association_table& table, octets packet) {
    if (!transform_service::ahead()) return;
    const auto v = ip_view::parse(packet);
    const auto h = v && !v->is_fragment() ? find_security_header(*v) : std::nullopt;
    if (h && h->protocol == security_protocol::esp)
        if (association* a = table.find(table.find(h->spi, v->destination, h->protocol))) foresee(*a, v->packet.from(h->at), v->version);
}

passed take_off(association_table& table, octets packet, ps now, std::vector<applied> steps, window_use window) {
    passed p;
    p.steps = std::move(steps);
    p.taken_off = p.steps.size();
    p.packet = copy(packet);
    const auto stop = [&p](passage how, outcome why = outcome::done) {
        p.how = how;
        p.why = why;
        return std::move(p);
    };
    while (true) {
        const auto v = ip_view::parse(p.packet);
        if (!v) return stop(passage::refused, outcome::malformed);
        p.packet.resize(v->packet.size);      // without what fills up a frame
        const auto h = v->is_fragment() ? of_fragment(table, *v) : find_security_header(*v);
        if (!h && v->is_fragment()) return stop(passage::fragment);
        if (!h) {
            const bool cut = v->protocol == packet::ip_protocol::esp || v->protocol == packet::ip_protocol::ah;
            if (cut) return stop(passage::refused, outcome::short_packet);
            if (keeps_alive(*v)) return stop(passage::keepalive);
            return p;
        }
        if (p.steps.size() == deepest_nesting) return stop(passage::too_deep);
        applied step;
        step.association = table.find(h->spi, v->destination, h->protocol);
        association* a = table.find(step.association);
        if (!a && h->in_udp) return p;      // a datagram of its own
        if (a && h->in_udp != a->parameters().udp.has_value()) a = nullptr;      // RFC 3948 or not is agreed on beforehand
        if (!a) return stop(passage::no_association);
        p.steps.push_back(step);
        if (a->life(now) == lifetime_state::hard_expired) return stop(passage::expired);
        opened out;
        const outcome o = unprotect(*a, p.packet, out, p.steps.back().work, window);
        p.steps.back().sequence = out.sequence;
        if (o != outcome::done) return stop(passage::refused, o);
        a->count(out.packet.size());
        p.soft_expired |= past_soft(*a, now);
        p.packet = std::move(out.packet);
        p.taken_off = p.steps.size();
    }
}

passed judged(const association_table& table, const policy_list& policies, passed p) {
    if (p.dropped()) return dropped(std::move(p), p.how, p.why);
    if (p.how != passage::pass) return p;
    const auto v = ip_view::parse(p.packet);
    std::vector<std::string_view> through;
    for (const applied& step : p.steps) {
        const association* a = table.find(step.association);
        through.push_back(a ? std::string_view(a->parameters().name) : std::string_view());
    }
    const judgement j = judged(policies.find(turned(flow::of(*v))), through);
    return j.how == passage::pass ? p : dropped(std::move(p), j.how, j.why);
}

judgement judged(const policy* which, const std::vector<std::string_view>& through) {
    if (!which) return {passage::no_policy};
    if (which->action == policy_action::discard) return {passage::discarded};
    if (which->action == policy_action::bypass || as_policy_asks(*which, through)) return {};
    if (through.empty()) return {passage::plaintext};
    return {passage::refused, outcome::selector_mismatch};
}

passed inbound(association_table& table, const policy_list& policies, octets packet, ps now, std::vector<applied> steps) {
    return judged(table, policies, take_off(table, packet, now, std::move(steps)));
}

}  // namespace nicteam::ipsec
