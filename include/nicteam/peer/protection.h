// What stands between a peer's traffic and its link when it speaks IPsec or has routers before it: routers of the net that it speaks for,
// its own policies and associations (RFC 4301), then routers again, security gateways among them. What comes from the link goes the
// other way. Routers and gateways take no time.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/peer/frame_source.h"
#include "nicteam/peer/router.h"

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
    protection(const std::string& path, const protection_config&, const packet::ip_address& own);

    gateway& security() { return security_; }                    // the peer's own
    // The next one behind those of route_mtu.
    gateway& add_router(const std::string& path, const router_config&, const packet::ip_address&);

    // Octets of the largest packet between these that goes through whole, as far as is known here.
    std::size_t path_mtu(const packet::ip_address& from, const packet::ip_address& to, std::uint8_t protocol);
    // A frame as it is made, and what comes out at the link: none, or several.
    void pass(const frame&, ps now, std::deque<ref<frame>>& out);
    // A received frame without FCS: frames without FCS that reach the peer, and what goes back at the link, messages of routers. Told is
    // why it, or what it completes, went no further, or came to the peer as closed as it was.
    gateway::refusal receive(packet::octets received, ps now, std::vector<bytes>& reached, std::deque<ref<frame>>& back);

    // A frame without FCS that begins to come in.
    void foresee(packet::octets incoming);

private:
    enum metric : unsigned { fragments_sent = gateway::metrics, too_big, too_far, paths_learned, hosts_told, metrics };
    using packets = std::vector<bytes>;
    std::size_t own_stage() const { return interior_; }
    std::size_t stages() const { return routers_.size() + 1; }
    router* hop(std::size_t stage) { return stage == own_stage() ? nullptr : routers_[stage - (stage > own_stage())].get(); }
    void add_plain(const std::vector<std::string>& mtu, const packet::ip_address& own);
    // From that stage on to the link; and from the link to the peer, with what its routers have to tell those who sent.
    packets outward(packets, std::size_t first_stage, ps now);
    void tell(const gateway::too_long&, std::size_t stage);
    void cut_own(packets&, const std::map<packet::ip_address, std::size_t>& paths, ps now);

    protection_config config_;
    packet::ip_address own_;
    gateway security_;
    counter* counters_[metrics - gateway::metrics];
    std::size_t interior_ = 0;                       // routers in front of its own policies
    std::vector<std::unique_ptr<router>> routers_;   // in the order of the way out
    std::map<packet::ip_address, std::size_t> paths_, paths_in_front_;      // path MTU that its source was told of, behind and in front of its policies
    packet::identification_source identifications_;  // of what its source cuts
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
