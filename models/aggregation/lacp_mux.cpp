// Which ports belong together (IEEE 802.1AX-2008, 5.4.14: selection), and when they carry frames (5.4.15: the mux machine).
#include "nicteam/aggregation/lacp.h"

namespace nicteam::aggregation {
namespace {

// Of one LAG identifier: the same ends with the same keys.
bool belong_together(const lacp_port& a, const lacp_port& b) {
    return !a.individual() && !b.individual() && a.actor.key == b.actor.key && a.partner.system_priority == b.partner.system_priority &&
           a.partner.system == b.partner.system && a.partner.key == b.partner.key;
}

}  // namespace

// A port joins those that it belongs to; else it takes its own aggregator, or a free one when others sit there.
bool lacp::select(unsigned index) {
    lacp_port& p = ports_[index];
    if (p.selected || p.mux != mux_state::detached || !p.enabled) return false;
    const auto free = [&](unsigned a) {
        for (const lacp_port& q : ports_)
            if (q.selected && q.aggregator == a) return false;
        return true;
    };
    p.selected = true;
    for (const lacp_port& q : ports_)
        if (&q != &p && q.selected && belong_together(p, q)) {
            p.aggregator = q.aggregator;
            return true;
        }
    p.selected = false;
    p.aggregator = index;
    for (unsigned a = 0; !free(p.aggregator); ++a) p.aggregator = a;
    p.selected = true;
    return true;
}

bool lacp::waits_are_over(unsigned aggregator) const {
    for (const lacp_port& p : ports_)
        if (p.selected && p.aggregator == aggregator && p.mux == mux_state::waiting && !p.standby && !p.wait_over) return false;
    return true;
}

void lacp::enter(lacp_port& p, mux_state s, ps now) {
    p.mux = s;
    p.changed_at = now;
    p.wait_over = false;
    p.wait_while = s == mux_state::waiting ? now + lacp_time::aggregate_wait : never;
    p.actor.set(lacp_state::synchronization, s >= mux_state::attached);
    p.actor.set(lacp_state::collecting, s >= mux_state::collecting);
    p.actor.set(lacp_state::distributing, s == mux_state::distributing);
    if (s != mux_state::waiting) p.need_to_transmit = true;
}

bool lacp::mux_machine(lacp_port& p, ps now) {
    const mux_state before = p.mux;
    const bool used = p.selected && !p.standby;
    const bool synchronized = p.partner.has(lacp_state::synchronization);
    switch (p.mux) {
        case mux_state::detached:
            if (p.selected) enter(p, mux_state::waiting, now);
            break;
        case mux_state::waiting:
            if (!p.selected) {
                enter(p, mux_state::detached, now);
                break;
            }
            if (now >= p.wait_while) p.wait_over = true, p.wait_while = never;
            if (used && p.wait_over && waits_are_over(p.aggregator)) enter(p, mux_state::attached, now);
            break;
        case mux_state::attached:
            if (!used) enter(p, mux_state::detached, now);
            else if (synchronized) enter(p, mux_state::collecting, now);
            break;
        case mux_state::collecting:
            if (!used || !synchronized) enter(p, mux_state::attached, now);
            else if (p.partner.has(lacp_state::collecting)) enter(p, mux_state::distributing, now);
            break;
        case mux_state::distributing:
            if (!used || !synchronized || !p.partner.has(lacp_state::collecting)) enter(p, mux_state::collecting, now);
            break;
    }
    return p.mux != before;
}

const char* name_of(mux_state s) {
    static const char* const names[] = {"detached", "waiting", "attached", "collecting", "distributing"};
    return names[static_cast<unsigned>(s)];
}
const char* name_of(churn_state s) {
    static const char* const names[] = {"monitor", "no_churn", "churn"};
    return names[static_cast<unsigned>(s)];
}

}  // namespace nicteam::aggregation
