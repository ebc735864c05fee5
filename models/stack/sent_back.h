// What is encrypted, and left to the host, goes to the ring of a nic or of a crypto card to be decrypted there (source document 004: the host
// may send it back after 708), and comes up when the ring gives it back.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "nicteam/driver/crypto_job.h"
#include "nicteam/ipsec/process.h"
#include "stack/machinery.h"

namespace nicteam::stack {

class sent_back final : public service_user {
public:
    static constexpr unsigned places = 32;               // packets under way
    static constexpr std::uint32_t room = 4'096;         // octets of each, before and after

    sent_back(const sc_core::sc_object& stack, protocol_stack_100::machinery&);

    // `mine`: the association in the stack's own table. Its driver knows it as `name`.
    void add(state::handle mine, unsigned adapter, state::handle name) { known_[mine.index] = {adapter, name}; }

    // Of one that is known: it is on its way, or was dropped. `steps`: what was taken off before.
    bool take(host::cpu&, unsigned interface, state::handle mine, const bytes& packet, const std::vector<ipsec::applied>& steps, trace_id);
    void claim(const sim::station::claim&) const;

private:
    enum metric : unsigned { m_sent, m_returned, m_refused, m_no_room, metrics };
    enum class outcome : unsigned { not_verified, no_room };
    struct target {
        unsigned adapter;
        state::handle name;
    };
    struct traveller {
        driver::crypto_job job;
        bool under_way = false;
        unsigned interface = 0;
        state::handle association;
        std::vector<ipsec::applied> steps;
        trace_id id = 0;
    };
    void finished(host::cpu&, driver::job&) override;
    void end(trace_id, outcome, ps at) const;

    protocol_stack_100::machinery& m_;
    std::map<std::uint32_t, target> known_;              // by index in the stack's table
    std::vector<std::unique_ptr<traveller>> all_;
    bytes result_;
    counter* counters_[metrics];
};

}  // namespace nicteam::stack
