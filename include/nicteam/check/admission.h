// I-2: nothing that a host's policy protects rises above IPsec unless an association was taken off it, or off what it was made of.
//
// Whether one was, the lives of packets tell: who takes IPsec off says so when the packet ends, and goes on with a child of it. Whether that is let in is the
// stack's to judge; this looks at what the stack lets through, and asks the policies itself.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "nicteam/check/breaches.h"
#include "nicteam/ipsec/databases.h"
#include "nicteam/stack/protocol_stack.h"

namespace nicteam::check {

// Whether IPsec was taken off the forefathers of a packet that is under way, and how often somebody said so.
class openings : public sim::packet_observer {
public:
    void born(trace_id, trace_id parent, const std::string& where, std::uint32_t octets, ps) override;
    void passed(trace_id, const stage_info&, const std::string&, ps) override {}
    void ended(trace_id, const outcome_info&, const std::string& where, ps) override;
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
    unsigned of(trace_id) const;

private:
    std::unordered_map<trace_id, unsigned> opened_;
    std::unordered_map<trace_id, trace_id> child_of_;      // the latest
};

class admission : public stack::delivery_observer {
public:
    admission(breaches& b, const openings& o, std::string host) : breaches_(b), openings_(o), host_(std::move(host)) {}
    void add(const ipsec::policy& p) { policies_.push_back(p); }      // of what arrives
    void rises(packet::octets datagram, trace_id, ps) override;

private:
    breaches& breaches_;
    const openings& openings_;
    std::string host_;
    std::vector<ipsec::policy> policies_;
};

}  // namespace nicteam::check
