// What stands between a peer's traffic and its link when it speaks IPsec or has routers before it: routers of the net that it speaks for,
// policies and associations of the sender (RFC 4301), then routers again. A router fragments what is too long for its next link.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/ipsec/association_config.h"
#include "nicteam/packet/identification.h"
#include "nicteam/peer/frame_source.h"
#include "nicteam/sim/session.h"

namespace nicteam::peer {

struct protection_config {
    std::vector<std::string> interior_mtu;   // of the links behind each router in front of its policies, the nearest first; sizes: "576 B"
    std::vector<std::string> route_mtu;      // the same behind them
    bool may_fragment = false;
};
extern const block_info protection_info;     // kind "peer"
// What is wrong with a list of MTUs; empty: nothing.
std::string problem_of(const std::vector<std::string>& mtu);

class protection {
public:
    // `path` names its metrics. Throws std::invalid_argument: an MTU that is none.
    protection(const std::string& path, const protection_config&);

    // Why there can be no such association; empty: it is there.
    std::string add(const ipsec::association_parameters&, ipsec::payload_kind = ipsec::payload_kind::real);
    void add(const ipsec::policy&);
    // The same of one that ends here.
    std::string add_inbound(const ipsec::association_parameters&, ipsec::payload_kind = ipsec::payload_kind::real);

    // A received frame without FCS: true, `clear` is what was inside its associations.
    bool open(packet::octets frame, ps now, bytes& clear);

    // A frame as it is made, and what comes out at the link: none, or several.
    void pass(const frame&, ps now, std::deque<ref<frame>>& out);

private:
    enum metric : unsigned { p_protected, p_bypassed, p_dropped, p_soft, p_fragments, p_too_big, p_opened, p_not_opened, metrics };
    void route(std::vector<bytes>& packets, const std::vector<std::size_t>& mtu);
    void protect(packet::octets, ps now, std::vector<bytes>& out, unsigned depth);

    protection_config config_;
    std::vector<std::size_t> interior_, route_;
    std::uint64_t seed_;
    ipsec::association_table table_, inbound_;
    std::vector<ipsec::policy> list_;
    std::unique_ptr<ipsec::policy_list> policies_;
    packet::identification_source identifications_;
    counter* counters_[metrics];
};

// A source whose frames pass through it.
class protected_source : public frame_source {
public:
    protected_source(std::unique_ptr<frame_source> inner, protection& p) : inner_(std::move(inner)), protection_(p) {}
    ps ready() const override {
        if (!queue_.empty()) return since_;
        const ps next = inner_->ready();
        return next == never ? never : next < not_before_ ? not_before_ : next;
    }
    outgoing take(ps now) override;          // nothing in it: what was ready has been dropped
    ps made(ps free) const override { return queue_.empty() ? inner_->made(std::max(free, not_before_)) : made_; }
    ps next_arrival() const override { return inner_->next_arrival(); }
    void arrive() override { inner_->arrive(); }
    std::uint64_t waiting() const override { return inner_->waiting() + queue_.size(); }

private:
    std::unique_ptr<frame_source> inner_;
    protection& protection_;
    std::deque<ref<frame>> queue_;
    ps since_ = 0, not_before_ = 0, made_ = 0;   // made_: what the pieces in the queue are of
};

}  // namespace nicteam::peer
