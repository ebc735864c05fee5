// balance-rr of Linux bonding: the members take turns, `packets_per_slave` frames each. The turn goes round all members; for one that is not good the next good
// one sends, which so has a share of two. IGMP (RFC 3376) leaves through one member, so that a switch sees a group's reports in one place.
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/ipv4.h"
#include "team/modes/all_active.h"
#include "team/modes/modes.h"

namespace nicteam::team {
namespace {

bool is_igmp(const frame_view& f) {
    constexpr std::size_t protocol_at = packet::ethernet_header + 9;
    constexpr std::uint8_t igmp = 2;
    return f.octets.size > protocol_at && ether_type_of(f) == packet::ether_type::ipv4 && f.octets[protocol_at] == igmp;
}

class balance_rr : public all_active {
public:
    balance_rr(std::uint32_t packets_per_slave, random_stream r) : all_active(mode_kind::balance_rr), run_(packets_per_slave), random_(r) {}

    void choose(const frame_view& f, const members& all, ps, route& out) override {
        if (usable().empty()) return;
        if (is_igmp(f)) return out.add(usable().front());
        const std::uint64_t turn = run_ ? frames_++ / run_ % all.size() : random_.below(all.size());
        for (unsigned i = 0; i < all.size(); ++i) {
            const unsigned m = static_cast<unsigned>((turn + i) % all.size());
            if (all[m].usable) return out.add(m);
        }
    }

private:
    std::uint32_t run_;
    random_stream random_;
    std::uint64_t frames_ = 0;
};

}  // namespace

std::unique_ptr<mode> make_balance_rr(const mode_config& c, random_stream r) { return std::make_unique<balance_rr>(c.packets_per_slave, r); }

}  // namespace nicteam::team
