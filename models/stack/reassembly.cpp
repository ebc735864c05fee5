#include "stack/reassembly.h"

#include <algorithm>

#include "nicteam/packet/icmp_error.h"

namespace nicteam::stack {
namespace {

packet::octets view(const bytes& b) { return {b.data(), b.size()}; }

packet::reassembly_limits limits_of(const stack_config& c) {
    packet::reassembly_limits l;
    l.timeout = c.reassembly_timeout;
    l.held = c.reassembly_memory;
    l.fragments = 8'192;                         // the longest datagram in pieces of 8 octets: memory is what limits a host
    return l;
}

}  // namespace

reassembly::reassembly(protocol_stack_100::machinery& m) : m_(m), again_(limits_of(m.config)) {
    sim::session::current().bind_keeper(m.stack.name(), [this](ps) { return std::vector<sim::held_place>{{"reassembly", again_.open_contexts(), held_, 0}}; });
}

bool reassembly::put_together(host::cpu& c, bytes& p, trace_id& id, std::uint64_t scope) {
    using packet::reassembly_step;
    m_.count(stack_metric::fragments);
    c.spend(of(cost::reassemble));
    c.spend(of(cost::copy_byte), p.size());
    const ps at = c.now();
    const reassembly_step s = again_.add(view(p), at, id, scope);
    const bool complete = s == reassembly_step::complete;
    if (complete) {
        m_.count(stack_metric::reassembled);
        p = std::move(again_.result().datagram);
        const trace_id whole = m_.made_of(id, static_cast<std::uint32_t>(packet::ethernet_header + p.size() + packet::fcs_octets), at);
        for (const trace_id part : again_.result().parts) {
            held_.erase(std::remove(held_.begin(), held_.end(), part), held_.end());
            m_.end(part, stack_outcome::joined, at);
        }
        id = whole;
    } else if (s == reassembly_step::held) {
        if (id) held_.push_back(id);
    } else if (s == reassembly_step::duplicate) {
        m_.end(id, stack_outcome::duplicate, at);
    } else {
        m_.count(stack_metric::reassembly_drops);
        m_.end(id, stack_outcome::reassembly_refused, at);
    }
    give_up(c);
    watch(c);
    return complete;
}

void reassembly::give_up(host::cpu& c) {
    again_.expire(c.now());
    for (packet::expired& e : again_.take_expired()) {
        for (const trace_id id : e.parts) {
            held_.erase(std::remove(held_.begin(), held_.end(), id), held_.end());
            m_.end(id, stack_outcome::reassembly_refused, c.now());
        }
        if (e.timed_out) over_.push_back(std::move(e));
    }
}

// Once for the oldest: younger ones are watched when it is over.
void reassembly::watch(host::cpu& c) {
    const ps next = again_.next_timeout();
    if (next == never || watched_ <= next) return;
    watched_ = next;
    c.post(std::max(next, c.now()), [this](host::cpu& k) {
        watched_ = never;
        give_up(k);
        while (!over_.empty()) {
            first_ = std::move(over_.front().first_fragment);
            over_.erase(over_.begin());
            m_.count(stack_metric::reassembly_timeouts);
            tell(k);
        }
        watch(k);
    });
}

// Time exceeded, code 1, if the fragment with offset 0 came (RFC 792; RFC 1122, 3.3.2).
void reassembly::tell(host::cpu& c) {
    const auto v = packet::ip_view::parse(view(first_));
    const auto source = !v ? std::nullopt : v->version == 4 ? std::optional(v->source.v4()) : packet::documented(v->source);
    if (!source) return;
    ipv4_address hop = 0;
    const int interface = m_.route(*source, hop);
    if (interface < 0) return;
    const auto out = static_cast<unsigned>(interface);
    const ipv4_address own = m_.interfaces[out].ip;
    const packet::ip_address from = v->version == 4 ? packet::ip_address(own) : packet::documentation_address(own);
    message_ = packet::make_icmp_error(view(first_), packet::icmp_reason::reassembly_timeout, from);
    if (message_.empty()) return;
    m_.count(stack_metric::time_exceeded);
    if (v->version == 4) m_.send_icmp(c, out, hop, view(message_));
    else m_.send_icmp_ipv6(c, view(message_));
}

}  // namespace nicteam::stack
