// IPsec and reassembly by the CPU: what the prior art leaves to the host (source document 004, FIG. 7: 706, 708), and what no device did.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nicteam/ipsec/databases.h"
#include "nicteam/ipsec/lifetimes.h"
#include "nicteam/ipsec/process.h"
#include "stack/machinery.h"

namespace nicteam::stack {

class receive_security {
public:
    receive_security(const sc_core::sc_object& stack, protocol_stack_100::machinery&);
    // Why not; empty: it is there.
    std::string add(const ipsec::association_parameters& p, ipsec::payload_kind payload) {
        speaks_udp_ = speaks_udp_ || p.udp;
        return table_.add(p, 0, 0, payload).refused;
    }

    // A device took that off: should it fail, nobody gets the packet past the CPU once more.
    void seen(std::string_view association, std::uint64_t sequence) {
        if (ipsec::association* a = table_.find(table_.named(std::string(association)))) a->window.accept(sequence);
    }

    bool concerns(const packet::ipv4_view& v) const { return v.is_fragment() || encrypted(v.protocol, {v.header.data, v.header.size + v.payload.size}); }
    bool concerns(const packet::ip_view& v) const { return v.is_fragment() || encrypted(v.protocol, v.packet); }
    // Puts together, takes off, hands what comes to light to the stack. `packet`: a whole one of IP, or a fragment.
    void take(host::cpu&, unsigned interface, packet::octets packet, trace_id);
    // What a ring took an association off; `steps`: the latest last.
    void go_on(host::cpu&, unsigned interface, const bytes& packet, const std::vector<ipsec::applied>& steps, trace_id);
    state::handle named(const std::string& name) const { return table_.named(name); }

private:
    enum metric : unsigned { m_reassembled, m_taken_off, m_dropped, m_soft, m_hard, metrics };
    enum class outcome : unsigned { taken_off, not_verified };

    // The packet's that is being opened: one at a time, as software of several CPUs runs under one lock (nicteam/host/lock.h). It is owned
    // here and not by the stack of a CPU's thread, which ends with the run wherever it waits.
    struct workplace {
        bytes packet;
        std::vector<ipsec::applied> steps;
        ipsec::passed opened;
    };

    void take(host::cpu&, unsigned interface, workplace&, trace_id);
    std::uint64_t scope_of(const std::vector<ipsec::applied>&) const;
    bool encrypted(std::uint8_t protocol, packet::octets) const;
    bool in_udp(packet::octets) const;
    bool goes_back(host::cpu&, unsigned interface, const packet::ip_view&, const workplace&, trace_id);      // to a ring
    bool open(host::cpu&, workplace&, trace_id);
    void end(trace_id id, outcome o, ps at) const;

    protocol_stack_100::machinery& m_;
    ipsec::association_table table_;
    bool speaks_udp_ = false;                    // some of its associations are in UDP
    workplace place_;
    counter* counters_[metrics];
    ipsec::lifetimes lifetimes_;
};

}  // namespace nicteam::stack
