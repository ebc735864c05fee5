// What balance_tlb and balance_alb have in common: one member receives for the team under its address, all good members send, each under its own; learning packets keep
// switches up to date; clients choose their sending member anew every ten seconds.
#pragma once

#include "team/modes/address_book.h"
#include "team/modes/client_table.h"
#include "team/modes/election.h"

namespace nicteam::team {

class adaptive : public mode {
public:
    explicit adaptive(const mode_config&);
    const char* mode_name() const override { return name_of(config_.mode); }
    void start(const members&, ps now, actions&) override;
    void changed(const members&, ps now, actions&) override;
    void choose(const frame_view&, const members&, ps now, route& out) override;
    bool delivers(unsigned member, const frame_view&, const members&, ps now, actions&) override;
    ps next() const override;
    void due(const members&, ps now, actions&) override;
    bool carries(unsigned member) const override;

    static constexpr ps tick = 100 * millisecond;              // of Linux bonding's timer for both modes
    static constexpr ps rebalance_interval = 10 * second;

protected:
    // The place of a frame's client; less than 0: it is not balanced.
    virtual int place_of(const frame_view&) const = 0;
    // Without the table: the member itself. no_member: by the table.
    virtual unsigned fixed_choice(const frame_view&, const members&) const { return no_member; }
    virtual bool delivers_for_others(const frame_view&) const = 0;                  // frames for a member's own address
    virtual void members_changed(const members&, unsigned lost, bool gained, ps now) {}
    virtual void addresses_swapped(unsigned a, unsigned b, ps now) {}

    bool is_usable(unsigned m) const;
    const std::vector<unsigned>& usable() const { return usable_; }
    unsigned receiver() const { return receiver_.active(); }
    const address_book& addresses() const { return addresses_; }
    const mode_config& config() const { return config_; }
    void send_through(unsigned m, const frame_view& f, bool in_arp, route& out) const {
        out.add(m);
        addresses_.write_own(m, f, in_arp, out);
    }

private:
    void elect(const members&, ps now, actions&);
    void teach(unsigned m, actions&) const;

    mode_config config_;
    election receiver_;
    address_book addresses_;
    client_table clients_;
    std::vector<unsigned> usable_;
    ps next_lesson_ = never, next_balance_ = never;
};

}  // namespace nicteam::team
