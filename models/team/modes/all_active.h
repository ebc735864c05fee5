// Modes that send through every good member under the team's one address, and deliver what any brings: the other end takes them for one link.
#pragma once

#include <algorithm>

#include "nicteam/team/mode_config.h"
#include "team/modes/address_book.h"

namespace nicteam::team {

class all_active : public mode {
public:
    explicit all_active(mode_kind k) : kind_(k) {}
    const char* mode_name() const override { return name_of(kind_); }

    void start(const members& all, ps now, actions& a) override {
        addresses_.start(all);
        changed(all, now, a);
    }
    void changed(const members& all, ps, actions& a) override {
        addresses_.refresh(all, a);
        for (unsigned m = 0; m < all.size(); ++m) addresses_.give(m, addresses_.of_team(), a);
        usable_.clear();
        for (unsigned m = 0; m < all.size(); ++m)
            if (all[m].usable) usable_.push_back(m);
    }
    bool delivers(unsigned, const frame_view&, const members&, ps, actions&) override { return true; }
    bool carries(unsigned member) const override { return std::find(usable_.begin(), usable_.end(), member) != usable_.end(); }

protected:
    const std::vector<unsigned>& usable() const { return usable_; }

private:
    mode_kind kind_;
    address_book addresses_;
    std::vector<unsigned> usable_;
};

}  // namespace nicteam::team
