// What is to be protected goes, from where it lies in memory, to a ring that puts an association on: that of the nic it leaves through, which
// sends it on (process-and-transmit), or that of a crypto card, which gives it back to be sent (process-and-return).
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "nicteam/driver/crypto_job.h"
#include "nicteam/stack/outbound_association.h"
#include "stack/machinery.h"

namespace nicteam::stack {

class put_on_by_ring final : public service_user {
public:
    static constexpr unsigned places = 64;               // packets with rings; the others wait here, in order

    put_on_by_ring(const sc_core::sc_object& stack, protocol_stack_100::machinery&);

    void send(host::cpu&, unsigned adapter, buffer&);    // buffer::ring says where to
    void claim(const sim::station::claim&) const;

private:
    enum metric : unsigned { m_handed, m_sent, m_returned, m_not_done, m_unknown, metrics };
    enum class outcome : unsigned { put_on, not_put_on, unknown };
    struct traveller {
        driver::crypto_job job;
        buffer* packet = nullptr;                        // none: this place is free
        unsigned adapter = 0;                            // through which it leaves
    };
    void hand_over(host::cpu&);                          // as many as find places
    void finished(host::cpu&, driver::job&) override;
    void returned(host::cpu&, const driver::crypto_job&, unsigned adapter, buffer&);
    void end(trace_id, outcome, ps at) const;

    protocol_stack_100::machinery& m_;
    std::vector<std::unique_ptr<traveller>> all_;
    unsigned under_way_ = 0;
    struct waiting {
        buffer* packet;
        unsigned adapter;
    };
    std::deque<waiting> queue_;
    bool handing_over_ = false, full_ = false;
    counter* counters_[metrics];
};

}  // namespace nicteam::stack
