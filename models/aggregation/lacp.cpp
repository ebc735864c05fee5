// The system: what comes in, when it acts by itself, what it sends.
#include "nicteam/aggregation/lacp.h"

#include <algorithm>

#include "nicteam/packet/ethernet.h"

namespace nicteam::aggregation {

lacp::lacp(const lacp_settings& s, const std::vector<lacp_port_settings>& ports, ps now) : settings_(s) {
    for (const lacp_port_settings& p : ports) {
        lacp_port n;
        n.settings = p;
        n.actor = {s.system_priority, s.system, p.key, p.priority, p.number, 0};
        n.actor.set(lacp_state::activity, s.active);
        n.actor.set(lacp_state::short_timeout, s.fast);
        n.actor.set(lacp_state::aggregation, true);
        record_default(n);
        ports_.push_back(n);
    }
    settle(now);
}

void lacp::enable(unsigned p, bool link, ps now) {
    ports_[p].enabled = link;
    settle(now);
}

void lacp::set_key(unsigned p, std::uint16_t key, ps now) {
    lacp_port& port = ports_[p];
    if (port.actor.key == key) return;
    port.settings.key = port.actor.key = key;
    port.selected = false;
    port.need_to_transmit = true;
    settle(now);
}

void lacp::set_standby(unsigned p, bool standby, ps now) {
    if (ports_[p].standby == standby) return;
    ports_[p].standby = standby;
    settle(now);
}

bool lacp::received(unsigned p, packet::octets frame, ps now) {
    if (const auto u = lacpdu::parse(frame)) {
        // The partner of a port without a link has come to another one (port_moved).
        for (lacp_port& q : ports_)
            if (&q != &ports_[p] && q.receive == receive_state::port_disabled && q.partner.system == u->actor.system && q.partner.port == u->actor.port)
                q.receive = receive_state::initialize;
        ++ports_[p].received;
        take_pdu(ports_[p], *u, now);
        settle(now);
        return true;
    }
    if (auto m = marker_pdu::parse(frame)) {
        if (!m->response && ports_[p].enabled) {
            m->response = true;
            frames_.push_back({p, {}});
            m->append_to(frames_.back().octets, ports_[p].settings.address);
        }
        return true;
    }
    return frame.size >= packet::ethernet_header && packet::get16(frame.data + 12) == slow_protocols_type;
}

ps lacp::next() const {
    ps n = never;
    for (const lacp_port& p : ports_) {
        n = std::min({n, p.current_while, p.periodic_due, p.wait_while, p.actor_churn_due, p.partner_churn_due});
        if (p.need_to_transmit) n = std::min(n, p.sent_at.front() + lacp_time::fast_periodic);
    }
    return n;
}

void lacp::due(ps now) { settle(now); }

// All machines until none moves; then what they want to tell.
void lacp::settle(ps now) {
    for (bool moved = true; moved;) {
        moved = false;
        for (unsigned p = 0; p < ports_.size(); ++p) {
            moved |= receive_machine(ports_[p], now);
            moved |= select(p);
            moved |= mux_machine(ports_[p], now);
            moved |= periodic_machine(ports_[p], now);
            moved |= churn_machines(ports_[p], now);
        }
    }
    for (unsigned p = 0; p < ports_.size(); ++p) transmit(p, now);
}

// 5.4.16. Two passive ends do not speak.
void lacp::transmit(unsigned index, ps now) {
    lacp_port& p = ports_[index];
    if (!p.need_to_transmit) return;
    if (p.periodic == periodic_state::none) p.need_to_transmit = false;
    else if (now - p.sent_at.front() >= lacp_time::fast_periodic) {
        std::rotate(p.sent_at.begin(), p.sent_at.begin() + 1, p.sent_at.end());
        p.sent_at.back() = now;
        p.need_to_transmit = false;
        ++p.sent;
        frames_.push_back({index, {}});
        lacpdu{p.actor, p.partner, 0}.append_to(frames_.back().octets, p.settings.address);
    }
}

bool lacp::churn_machines(lacp_port& p, ps now) {
    const auto run = [&](churn_state& s, ps& due, bool synchronized) {
        const churn_state before = s;
        if (!p.enabled) {
            s = churn_state::monitor;
            due = never;
        } else if (synchronized) {
            s = churn_state::none;
            due = never;
        } else if (s == churn_state::none || (s == churn_state::monitor && due == never)) {
            s = churn_state::monitor;
            due = now + lacp_time::churn_detection;
        } else if (now >= due) {
            s = churn_state::churn;
            due = never;
            ++p.churns;
        }
        return s != before;
    };
    const bool actor = run(p.actor_churn, p.actor_churn_due, p.actor.has(lacp_state::synchronization));
    return run(p.partner_churn, p.partner_churn_due, p.partner.has(lacp_state::synchronization)) || actor;
}

}  // namespace nicteam::aggregation
