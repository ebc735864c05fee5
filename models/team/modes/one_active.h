// Modes with one active member, all others idle: `aft` and `active_backup`. They differ in whose address goes where.
#pragma once

#include "nicteam/team/mode_config.h"
#include "team/modes/address_book.h"
#include "team/modes/announcer.h"
#include "team/modes/election.h"

namespace nicteam::team {

class one_active : public mode {
public:
    one_active(const mode_config&, team::fail_over_mac, ps fail_back_delay);
    const char* mode_name() const override { return name_of(kind_); }
    void start(const members&, ps now, actions&) override;
    void changed(const members&, ps now, actions&) override;
    void choose(const frame_view&, const members&, ps now, route& out) override;
    bool delivers(unsigned member, const frame_view&, const members&, ps now, actions&) override;
    ps next() const override;
    void due(const members&, ps now, actions&) override;
    bool clear_active(const members&, ps now, actions&) override;
    bool set_active(unsigned member, const members&, ps now, actions&) override;
    bool carries(unsigned member) const override { return member == election_.active(); }
    unsigned active() const override { return election_.active(); }
    bool single_active() const override { return true; }

private:
    void elect(const members&, ps now, actions&);
    void elected(ps now, actions&);
    void all_take_the_teams(actions&);

    mode_kind kind_;
    team::fail_over_mac address_goes_;
    bool deliver_all_;
    election election_;
    announcer announcer_;
    address_book addresses_;
};

}  // namespace nicteam::team
