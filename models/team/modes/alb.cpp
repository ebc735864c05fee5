// Adaptive load balancing (source documents 000/001, ¶28; Intel ANS): what is sent is balanced over all good members, what is received comes through one. That one
// has the team's address; what leaves through another has that one's own as its source, so that no switch learns the team's in two places. Broadcasts,
// multicasts and ARP leave through the receiving member.
#include <algorithm>

#include "nicteam/packet/ethernet.h"
#include "team/modes/address_book.h"
#include "team/modes/announcer.h"
#include "team/modes/election.h"
#include "team/modes/modes.h"
#include "team/modes/spread.h"

namespace nicteam::team {
namespace {

class alb : public mode {
public:
    explicit alb(const mode_config& c)
        : deliver_all_(c.all_slaves_active), receiver_(c.primary_reselect, 0), announcer_(c.num_grat_arp, announcement_distance(c)), spread_(make_spread(c)) {}
    const char* mode_name() const override { return name_of(mode_kind::alb); }

    void start(const members& all, ps now, actions& a) override {
        addresses_.start(all);
        elect(all, now, a);
    }
    void changed(const members& all, ps now, actions& a) override {
        addresses_.refresh(all, a);
        elect(all, now, a);
    }

    void choose(const frame_view& f, const members& all, ps, route& out) override {
        const unsigned receiver = receiver_.active();
        if (receiver == no_member) return;
        const std::uint16_t type = ether_type_of(f);
        const bool through_receiver = is_group(f) || type == packet::ether_type::arp;
        const unsigned m = through_receiver ? receiver : usable_.at(spread_->pick(f, usable_, all));
        out.add(m);
        addresses_.write_own(m, f, false, out);
    }

    // Broadcasts and multicasts reach every member; one copy rises.
    bool delivers(unsigned member, const frame_view& f, const members&, ps, actions&) override {
        return deliver_all_ || member == receiver_.active() || !is_group(f);
    }

    ps next() const override { return std::min(receiver_.next(), announcer_.next()); }
    void due(const members& all, ps now, actions& a) override {
        if (now >= receiver_.next()) elect(all, now, a);
        announcer_.due(now, a);
    }
    bool carries(unsigned member) const override { return std::find(usable_.begin(), usable_.end(), member) != usable_.end(); }

private:
    void elect(const members& all, ps now, actions& a) {
        usable_.clear();
        for (unsigned m = 0; m < all.size(); ++m)
            if (all[m].usable) usable_.push_back(m);
        if (!receiver_.hold(all, now)) return;
        const unsigned m = receiver_.active();
        if (m != no_member) addresses_.pass_to(m, a);
        announcer_.begin(m, now, a);
    }

    bool deliver_all_;
    election receiver_;
    announcer announcer_;
    std::unique_ptr<spread> spread_;
    address_book addresses_;
    std::vector<unsigned> usable_;
};

}  // namespace

std::unique_ptr<mode> make_alb(const mode_config& c, random_stream) { return std::make_unique<alb>(c); }

}  // namespace nicteam::team
