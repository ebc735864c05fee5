// What becomes of a datagram on its way out (RFC 4301, 5.1): the first policy that selects it decides, none means that it is dropped. Of the
// associations that are to protect it the outermost may be the adapter's; all others the CPU puts on. Or it is not sent.
#pragma once

#include <functional>
#include <map>

#include "nicteam/driver/path_change.h"
#include "nicteam/ipsec/databases.h"
#include "nicteam/ipsec/lifetimes.h"
#include "nicteam/ipsec/protect.h"
#include "nicteam/stack/outbound_association.h"
#include "stack/machinery.h"

namespace nicteam::stack {

class send_security final : public service_user {
public:
    send_security(const sc_core::sc_object& stack, protocol_stack_100::machinery&);
    void add(const ipsec::policy&);
    // Why there can be no such association; empty: it is there.
    std::string add(const outbound_association&);                                                                       // a device's
    std::string add(const ipsec::association_parameters&, std::uint64_t iv_seed, ipsec::payload_kind);                  // the CPU's

    // Through that adapter.
    void plan(way_out&, const ipsec::flow&, std::size_t octets, unsigned adapter, ps now);
    // Octets of the largest datagram of such a flow that goes through that adapter whole; 0: no policy protects it.
    std::size_t largest(const ipsec::flow&, unsigned adapter);
    // It goes that way: counts, and marks it with the association of its adapter or of a ring.
    void look(buffer&, const way_out&, ps now);
    // What is the CPU's, in `pieces`. Not fate::goes: nothing of it may be sent.
    fate put_on(host::cpu&, const way_out&, packet::octets datagram, std::vector<bytes>& pieces);
    void refuse(host::cpu&, buffer&, fate);
    void end(trace_id id, ps at) const;          // of what put_on has worked at
    // true: a path is shorter than was known.
    bool learn(host::cpu&, const packet::icmp_error&);

private:
    enum metric : unsigned {
        m_protected, m_bypassed, m_discarded, m_no_policy, m_not_here, m_too_long, m_expired, m_exhausted, m_refused, m_by_cpu, m_soft, m_hard, m_numbers, metrics
    };
    struct in_device {
        state::handle handle;
        unsigned adapter = 0;
        std::optional<by_ring> ring;
        ipsec::association* numbers = nullptr;   // of the CPU, while the adapter does not protect
        std::function<bool()> lives;             // its user has it
        const bool* put_on_now = nullptr;        // while the adapter does; none: then always
        bool on_way_through(unsigned leaves, bool protects) const {
            return ring ? !ring->transmits || ring->adapter == leaves : adapter == leaves && protects && (!put_on_now || *put_on_now);
        }
    };

    void completed(host::cpu&, driver::control&) override;
    bool gather(const ipsec::policy&, bool instead = false);           // its bundle; false: something of it is not there. instead: all of it is the CPU's
    unsigned cpus() const { return static_cast<unsigned>(bundle_.size()) - (outermost_ ? 1 : 0); }       // of the bundle
    struct extent {                              // of a datagram without options
        std::size_t octets = 0;
        unsigned version = 4;                    // of IP
    };
    bool cut_at(way_out&, unsigned first, extent, std::size_t link) const;
    fate lives(const way_out&, ps now) const;
    bool apply(host::cpu&, unsigned which, bytes& packet);

    protocol_stack_100::machinery& m_;
    std::vector<ipsec::policy> list_;
    ipsec::policy_list policies_;
    ipsec::association_table table_;             // of an adapter's: sizes and path only, it has the numbers
    std::map<std::string, in_device> devices_;
    std::vector<std::unique_ptr<driver::path_change>> told_;      // to drivers, and not answered
    bool lost_ = false;                  // a fault
    counter* counters_[metrics];
    ipsec::lifetimes lifetimes_;

    // Of the datagram at hand: one at a time, as software of several CPUs runs under one lock (nicteam/host/lock.h).
    std::vector<const ipsec::association*> bundle_;
    std::vector<state::handle> handles_;
    std::vector<ipsec::association*> owners_;    // of numbers
    const in_device* outermost_ = nullptr;
    std::vector<bytes> cut_;
    bytes sealed_;
};

}  // namespace nicteam::stack
