// The link aggregation control protocol of one system: its ports' machines and the choice of aggregators (IEEE 802.1AX-2008, 5.4). Plain code: octets and a time
// in, frames and states out; whoever runs it calls due() at next().
#pragma once

#include <array>
#include <vector>

#include "nicteam/aggregation/lacpdu.h"
#include "nicteam/base/time.h"

namespace nicteam::aggregation {

namespace lacp_time {                             // 5.4.4
constexpr ps fast_periodic = second, slow_periodic = 30 * second;      // between LACPDUs, as the partner asks
constexpr ps short_timeout = 3 * second, long_timeout = 90 * second;   // until a partner that is silent counts as gone
constexpr ps churn_detection = 60 * second, aggregate_wait = 2 * second;
}  // namespace lacp_time
constexpr unsigned most_pdus_per_second = 3;      // of one port (5.4.16)

enum class receive_state : std::uint8_t { initialize, port_disabled, lacp_disabled, expired, defaulted, current };     // figure 5-10
enum class periodic_state : std::uint8_t { none, fast, slow };                                                         // figure 5-11
enum class mux_state : std::uint8_t { detached, waiting, attached, collecting, distributing };                         // figure 5-13, independent control
enum class churn_state : std::uint8_t { monitor, none, churn };                                                        // figures 5-15, 5-16
const char* name_of(receive_state);
const char* name_of(periodic_state);
const char* name_of(mux_state);
const char* name_of(churn_state);

struct lacp_settings {
    std::uint16_t system_priority = 65535;
    mac_address system{};
    bool active = true;                           // false: speaks only when spoken to
    bool fast = false;                            // asks its partner for a LACPDU each second, and waits for three; else each 30 s
    // A port whose partner is silent: true, it is a link by itself; false, it carries nothing.
    bool individual = true;
};
struct lacp_port_settings {
    std::uint16_t number = 1, priority = 255, key = 1;
    mac_address address{};                        // of what it sends
};

// A port, to look at. What is set in `actor.state` and `partner.state` is what LACPDUs tell.
struct lacp_port {
    lacp_port_settings settings;
    bool enabled = false;                         // its link is up, full duplex
    bool selected = false;
    bool standby = false;                         // selected, but held back (STANDBY): it waits and does not come into step
    unsigned aggregator = 0;                      // while selected; aggregators are numbered as ports
    lacp_party actor, partner;                    // as they are in operation
    receive_state receive = receive_state::initialize;
    periodic_state periodic = periodic_state::none;
    mux_state mux = mux_state::detached;
    churn_state actor_churn = churn_state::monitor, partner_churn = churn_state::monitor;
    ps changed_at = 0;                            // its mux state
    std::uint64_t sent = 0, received = 0, churns = 0;

    bool collecting() const { return mux >= mux_state::collecting; }
    bool distributing() const { return mux == mux_state::distributing; }
    // Together with others only when both ends say so.
    bool individual() const { return !actor.has(lacp_state::aggregation) || !partner.has(lacp_state::aggregation); }
    bool has_partner() const { return !actor.has(lacp_state::defaulted); }

    // Of the machines alone.
    bool need_to_transmit = false, wait_over = false;
    ps current_while = never, periodic_due = never, wait_while = never, actor_churn_due = never, partner_churn_due = never;
    std::array<ps, most_pdus_per_second> sent_at{-second, -second, -second};   // the last ones, oldest first
};

class lacp {
public:
    struct frame { unsigned port; bytes octets; };

    // Ports are disabled at first.
    lacp(const lacp_settings&, const std::vector<lacp_port_settings>&, ps now);

    void enable(unsigned port, bool link, ps now);
    void set_key(unsigned port, std::uint16_t key, ps now);            // rate or duplex are others now
    void set_standby(unsigned port, bool, ps now);
    void set_address(unsigned port, const mac_address& a) { ports_[port].settings.address = a; }
    // True when the frame is of this protocol, or a marker, and goes no further.
    bool received(unsigned port, packet::octets frame, ps now);

    ps next() const;
    void due(ps now);
    // What is to be sent since the last call.
    std::vector<frame> take_frames() { return std::move(frames_); }

    std::size_t size() const { return ports_.size(); }
    const lacp_port& port(unsigned p) const { return ports_[p]; }

private:
    void record_default(lacp_port&);
    void record(lacp_port&, const lacpdu&);
    void expire(lacp_port&, ps now);
    void default_partner(lacp_port&);
    void take_pdu(lacp_port&, const lacpdu&, ps now);
    bool receive_machine(lacp_port&, ps now);
    bool select(unsigned port);
    bool mux_machine(lacp_port&, ps now);
    void enter(lacp_port&, mux_state, ps now);
    bool waits_are_over(unsigned aggregator) const;
    bool periodic_machine(lacp_port&, ps now);
    bool churn_machines(lacp_port&, ps now);
    void transmit(unsigned port, ps now);
    void settle(ps now);

    lacp_settings settings_;
    std::vector<lacp_port> ports_;
    std::vector<frame> frames_;
};

}  // namespace nicteam::aggregation
