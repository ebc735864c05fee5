// How a member's unit gets packets to encrypt: its transmit list, in line, or its ring, as jobs. A unit takes the sequence numbers of one association in
// rising order only (decision 81), and each number is drawn when its packet is handed over; so under one association a unit is used in one way at a time, and
// what goes the other way waits until the first is empty (decision 185). Plain C++.
#pragma once

#include <array>
#include <vector>

#include "nicteam/state/handle.h"
#include "nicteam/team/member.h"

namespace nicteam::team {

class number_ways {
public:
    // A packet in line, from when its member's driver has it until that tells its end. left(): none is left there.
    void in_line(state::handle name, unsigned member) { ++at(name).in_line[member]; }
    bool left(state::handle name, unsigned member) { return --at(name).in_line[member] == 0; }
    // A job of the team's to encrypt, whoever does it, from when it is asked for until it has ended; and while a member's unit has it.
    void asked(state::handle name) { ++at(name).asked; }
    void ended(state::handle name) { --at(name).asked; }
    void given(state::handle name, unsigned member) { ++at(name).jobs[member]; }
    void back(state::handle name, unsigned member) { --at(name).jobs[member]; }

    bool any_jobs(state::handle name) const { return name.index < all_.size() && all_[name.index].asked; }
    // A unit gets no job while packets are in line there …
    bool may_have_jobs(state::handle name, unsigned member) const { return name.index >= all_.size() || !all_[name.index].in_line[member]; }
    // … and nothing in line while it has jobs, or, if it lends itself for them, while there are any.
    bool may_go_in_line(state::handle name, unsigned member, bool lends) const {
        return name.index >= all_.size() || !(all_[name.index].jobs[member] || (lends && all_[name.index].asked));
    }

private:
    struct of_one {
        std::array<unsigned, most_members> in_line{}, jobs{};
        unsigned asked = 0;
    };
    of_one& at(state::handle name) {
        if (name.index >= all_.size()) all_.resize(name.index + 1);
        return all_[name.index];
    }
    std::vector<of_one> all_;            // by the pool's name
};

}  // namespace nicteam::team
