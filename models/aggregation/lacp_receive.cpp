// The receive machine (IEEE 802.1AX-2008, 5.4.12) and the periodic machine (5.4.13).
#include "nicteam/aggregation/lacp.h"

namespace nicteam::aggregation {
namespace {

// What an end tells of itself is what the other holds of it: all but the bits of state that `bits` leaves out (5.4.9).
bool same(const lacp_party& a, const lacp_party& b, std::uint8_t bits) { return same_but_state(a, b) && ((a.state ^ b.state) & bits) == 0; }

}  // namespace

// Who the partner is taken to be while it is silent: a link by itself that works, or one that never does.
void lacp::record_default(lacp_port& p) {
    p.partner = {};
    for (const std::uint8_t bit : {lacp_state::synchronization, lacp_state::collecting, lacp_state::distributing}) p.partner.set(bit, settings_.individual);
    p.actor.set(lacp_state::defaulted, true);
}

void lacp::record(lacp_port& p, const lacpdu& u) {
    using namespace lacp_state;
    const bool kept_up = u.actor.has(activity) || (p.actor.has(activity) && u.partner.has(activity));
    const bool agreed = same(u.partner, p.actor, aggregation) || !u.actor.has(aggregation);
    p.partner = u.actor;
    p.partner.set(synchronization, agreed && kept_up && u.actor.has(synchronization));
    p.actor.set(defaulted, false);
}

void lacp::take_pdu(lacp_port& p, const lacpdu& u, ps now) {
    using namespace lacp_state;
    if (p.receive != receive_state::expired && p.receive != receive_state::defaulted && p.receive != receive_state::current) return;
    if (!same(u.actor, p.partner, aggregation)) p.selected = false;
    if (!same(u.partner, p.actor, activity | short_timeout | synchronization | aggregation)) p.need_to_transmit = true;
    record(p, u);
    p.actor.set(expired, false);
    p.current_while = now + (p.actor.has(short_timeout) ? lacp_time::short_timeout : lacp_time::long_timeout);
    p.receive = receive_state::current;
}

void lacp::expire(lacp_port& p, ps now) {
    p.partner.set(lacp_state::synchronization, false);
    p.partner.set(lacp_state::short_timeout, true);
    p.actor.set(lacp_state::expired, true);
    p.current_while = now + lacp_time::short_timeout;
    p.receive = receive_state::expired;
}

void lacp::default_partner(lacp_port& p) {
    const lacp_party before = p.partner;
    record_default(p);
    if (!same(before, p.partner, lacp_state::aggregation)) p.selected = false;
    p.actor.set(lacp_state::expired, false);
    p.current_while = never;
    p.receive = receive_state::defaulted;
}

bool lacp::receive_machine(lacp_port& p, ps now) {
    const receive_state before = p.receive;
    if (p.receive == receive_state::initialize) {
        p.selected = false;
        record_default(p);
        p.actor.set(lacp_state::expired, false);
        p.receive = receive_state::port_disabled;
    }
    if (!p.enabled) {
        p.receive = receive_state::port_disabled;
        p.partner.set(lacp_state::synchronization, false);
        p.current_while = never;
    } else if (p.receive == receive_state::port_disabled) expire(p, now);
    else if (now >= p.current_while) {
        if (p.receive == receive_state::current) expire(p, now);
        else default_partner(p);
    }
    return p.receive != before;
}

bool lacp::periodic_machine(lacp_port& p, ps now) {
    const periodic_state before = p.periodic;
    if (!p.enabled || (!p.actor.has(lacp_state::activity) && !p.partner.has(lacp_state::activity))) {
        p.periodic = periodic_state::none;
        p.periodic_due = never;
        return p.periodic != before;
    }
    const bool often = p.partner.has(lacp_state::short_timeout);
    const bool sends = (p.periodic != periodic_state::none && now >= p.periodic_due) || (p.periodic == periodic_state::slow && often);
    if (sends) p.need_to_transmit = true;
    const periodic_state wanted = often ? periodic_state::fast : periodic_state::slow;
    if (wanted == p.periodic && !sends) return false;
    p.periodic = wanted;
    p.periodic_due = now + (wanted == periodic_state::fast ? lacp_time::fast_periodic : lacp_time::slow_periodic);
    return true;
}

const char* name_of(receive_state s) {
    static const char* const names[] = {"initialize", "port_disabled", "lacp_disabled", "expired", "defaulted", "current"};
    return names[static_cast<unsigned>(s)];
}
const char* name_of(periodic_state s) {
    static const char* const names[] = {"no_periodic", "fast_periodic", "slow_periodic"};
    return names[static_cast<unsigned>(s)];
}

}  // namespace nicteam::aggregation
