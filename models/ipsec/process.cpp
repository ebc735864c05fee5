#include "nicteam/ipsec/process.h"

#include <algorithm>
#include <utility>

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

// The associations of the policy, in the order in which they were taken off: the innermost last.
bool as_policy_asks(association_table& table, const policy& p, const std::vector<applied>& steps) {
    if (steps.size() < p.bundle.size()) return false;
    // What a gateway's tunnel added outside is its own business.
    return std::equal(p.bundle.rbegin(), p.bundle.rend(), steps.end() - static_cast<std::ptrdiff_t>(p.bundle.size()), [&](const std::string& name, const applied& a) {
        const association* x = table.find(a.association);
        return x && x->parameters().name == name;
    });
}

}  // namespace

const char* name(passage p) {
    constexpr const char* names[] = {"pass", "fragment", "discarded", "no_policy", "plaintext", "no_association", "exhausted", "expired", "refused", "too_deep"};
    return names[static_cast<std::size_t>(p)];
}

bool passed::auditable() const {
    switch (how) {
        case passage::plaintext:
        case passage::no_association:
        case passage::exhausted: return true;
        case passage::refused:
            return why == outcome::bad_icv || why == outcome::replayed || why == outcome::too_old || why == outcome::sequence_zero || why == outcome::fragment ||
                   why == outcome::selector_mismatch || why == outcome::bad_padding;
        default: return false;
    }
}

passed outbound(association_table& table, const policy_list& policies, octets packet, ps now) {
    passed p;
    const auto v = ip_view::parse(packet);
    if (!v) return dropped(std::move(p), passage::refused, outcome::malformed);
    const policy* which = policies.find(flow::of(*v));
    if (!which) return dropped(std::move(p), passage::no_policy);
    if (which->action == policy_action::discard) return dropped(std::move(p), passage::discarded);
    p.packet = copy(v->packet);
    if (which->action == policy_action::bypass) return p;
    for (const std::string& name : which->bundle) {
        applied step;
        step.association = table.named(name);
        association* a = table.find(step.association);
        if (!a) return dropped(std::move(p), passage::no_association);
        const lifetime_state life = a->life(now);
        if (life == lifetime_state::hard_expired) return dropped(std::move(p), passage::expired);
        std::uint8_t iv[16];
        if (!a->draw(step.sequence, iv)) return dropped(std::move(p), passage::exhausted);
        bytes out;
        const outcome o = protect(*a, p.packet, step.sequence, iv, out, step.work);
        if (o != outcome::done) return dropped(std::move(p), passage::refused, o);
        a->count(p.packet.size());
        p.soft_expired |= a->life(now) == lifetime_state::soft_expired;
        p.packet = std::move(out);
        p.steps.push_back(step);
    }
    return p;
}

passed inbound(association_table& table, const policy_list& policies, octets packet, ps now, std::vector<applied> steps) {
    passed p;
    p.steps = std::move(steps);
    p.packet = copy(packet);
    while (true) {
        const auto v = ip_view::parse(p.packet);
        if (!v) return dropped(std::move(p), passage::refused, outcome::malformed);
        if (v->is_fragment()) {
            p.how = passage::fragment;
            return p;
        }
        const auto h = find_security_header(*v);
        if (!h) {
            const bool cut = v->protocol == packet::ip_protocol::esp || v->protocol == packet::ip_protocol::ah;
            if (cut) return dropped(std::move(p), passage::refused, outcome::short_packet);
            break;
        }
        if (p.steps.size() == deepest_nesting) return dropped(std::move(p), passage::too_deep);
        applied step;
        step.association = table.find(h->spi, v->destination, h->protocol);
        association* a = table.find(step.association);
        if (!a && h->in_udp) break;      // a datagram of its own
        if (!a) return dropped(std::move(p), passage::no_association);
        if (a->life(now) == lifetime_state::hard_expired) return dropped(std::move(p), passage::expired);
        opened out;
        const outcome o = unprotect(*a, p.packet, out, step.work);
        step.sequence = out.sequence;
        if (o != outcome::done) return dropped(std::move(p), passage::refused, o);
        a->count(out.packet.size());
        p.soft_expired |= a->life(now) == lifetime_state::soft_expired;
        p.packet = std::move(out.packet);
        p.steps.push_back(step);
    }
    const auto v = ip_view::parse(p.packet);
    const policy* which = policies.find(turned(flow::of(*v)));
    if (!which) return dropped(std::move(p), passage::no_policy);
    if (which->action == policy_action::discard) return dropped(std::move(p), passage::discarded);
    if (which->action == policy_action::protect && !as_policy_asks(table, *which, p.steps)) return dropped(std::move(p), passage::plaintext);
    return p;
}

}  // namespace nicteam::ipsec
