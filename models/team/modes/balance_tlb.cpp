// balance-tlb of Linux bonding: what is sent is balanced by load, or by a hash when tlb_dynamic_lb is off; what is received comes through one member.
#include "nicteam/packet/ethernet.h"
#include "team/modes/adaptive.h"
#include "team/modes/modes.h"

namespace nicteam::team {
namespace {

class balance_tlb : public adaptive {
public:
    using adaptive::adaptive;

private:
    int place_of(const frame_view& f) const override {
        const std::uint16_t type = ether_type_of(f);
        if (is_group(f) || (type != packet::ether_type::ipv4 && type != packet::ether_type::ipv6)) return -1;
        return static_cast<int>(aggregation::flow_hash(config().xmit_hash_policy, f.octets) & 0xFF);
    }
    unsigned fixed_choice(const frame_view& f, const members&) const override {
        return config().tlb_dynamic_lb ? no_member : usable()[aggregation::flow_hash(config().xmit_hash_policy, f.octets) % usable().size()];
    }
    bool delivers_for_others(const frame_view&) const override { return false; }
};

}  // namespace

std::unique_ptr<mode> make_balance_tlb(const mode_config& c, random_stream) { return std::make_unique<balance_tlb>(c); }

}  // namespace nicteam::team
