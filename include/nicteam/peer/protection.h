// What stands between a peer's traffic and its link when it speaks IPsec or has routers before it: policies and associations of the
// sender (RFC 4301), then routers that fragment what is too long for their next link, one behind the other.
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
    std::vector<std::string> route_mtu;      // of the links behind each router, the nearest first; sizes: "576 B"
    bool may_fragment = false;
};
extern const block_info protection_info;     // kind "peer"
// What is wrong with it; empty: nothing.
std::string problem_of(const protection_config&);

class protection {
public:
    // `path` names its metrics. Throws std::invalid_argument with problem_of.
    protection(const std::string& path, const protection_config&);

    // Why there can be no such association; empty: it is there.
    std::string add(const ipsec::association_parameters&);
    void add(const ipsec::policy&);

    // A frame as it is made, and what comes out at the link: none, or several.
    void pass(const frame&, ps now, std::deque<ref<frame>>& out);

private:
    enum metric : unsigned { p_protected, p_bypassed, p_dropped, p_fragments, p_too_big, metrics };
    void cut(const bytes& packet, std::size_t mtu, std::vector<bytes>& out);
    void protect(packet::octets, ps now, std::vector<bytes>& out, unsigned depth);

    protection_config config_;
    std::vector<std::size_t> route_;
    std::uint64_t seed_;
    ipsec::association_table table_;
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

private:
    std::unique_ptr<frame_source> inner_;
    protection& protection_;
    std::deque<ref<frame>> queue_;
    ps since_ = 0, not_before_ = 0;
};

}  // namespace nicteam::peer
