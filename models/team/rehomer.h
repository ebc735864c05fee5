// Takes the steps of a rehoming policy on the modelled CPU: asks drivers to take associations and to give them back, and keeps packets meanwhile.
#pragma once

#include <deque>
#include <map>

#include "nicteam/driver/association_change.h"
#include "team/machinery.h"

namespace nicteam::team {

struct augmentation_layer_250::machinery::rehomer final : sc_core::sc_module {
    rehomer(sc_core::sc_module_name, machinery&, const rehoming_config&, std::unique_ptr<rehoming_policy>);

    void active_is(host::cpu&, unsigned member);                          // by the mode
    void back(host::cpu&, unsigned member);                               // its device is there, perhaps anew
    void cleared(host::cpu&);                                             // the mode has chosen anew, perhaps the same
    void quiet(host::cpu&, unsigned member);                              // it has sent what it was given
    bool completed(host::cpu&, driver::control&);                         // false: none of its own

    bool moves(state::handle name) const { return number_of(name) >= 0; }
    unsigned home() const { return home_; }                               // where associations lie, or go
    bool lies_in(state::handle name, unsigned member) const;              // or does not move at all
    bool may_lie_in(state::handle name, unsigned member) const;           // … or is on its way there
    bool keeps_its_word() const { return policy_->of_frames() == meanwhile::held; }       // no naive policy
    // A packet that shall be protected and leave by out.to[0]. False: it is kept, dropped, or gone as it is.
    bool may_go(host::cpu&, driver::packet&, route& out);
    // One that came in encrypted and that nobody can open now. True: it is kept.
    bool keeps(unsigned port, driver::packet&, state::handle name);
    void of_user(host::cpu&, state::handle name, bool lives);             // he has added it, or deleted it
    void sent(driver::packet&);                                           // of the user: as he knows it
    void claim(const sim::station::claim&) const;

private:
    enum class place : std::uint8_t { never, out, going_in, in, going_out, refused };
    struct moving { state::handle name; std::array<place, most_members> at{}; bool listed = true; };      // listed: there at the last change
    struct asked { driver::association_change request; bool busy = false; unsigned which = 0, member = 0; };
    struct kept_in { unsigned port; driver::packet* packet; state::handle name; };

    void learn();
    int number_of(state::handle name) const;
    bool settled(state::handle name) const;
    unsigned home_of(unsigned active) const;
    unsigned good_for(unsigned member, bool active) const;               // more is better; 0: it may not work for any of them
    whereabouts look() const;
    void advance(host::cpu&);
    bool take(host::cpu&, const rehoming_step&);
    void ask(host::cpu&, unsigned which, unsigned member, bool in, bool once_more = false);
    void once(host::cpu&, moving&, bool lives);
    bool lives(const moving& a) const { return m_.pool().lives(a.name); }
    void release(host::cpu&);
    void show(ps now);

    machinery& m_;
    rehoming_config config_;
    std::unique_ptr<rehoming_policy> policy_;
    bool learned_ = false;
    std::vector<moving> all_;
    std::vector<std::unique_ptr<asked>> asked_;
    std::array<unsigned, most_members> next_{};          // to be added, whether it is there or not: since the last change
    unsigned home_ = no_member, through_ = no_member;
    bool advancing_ = false, again_ = false, releasing_ = false;
    bool moved_ = false;                                 // jobs that wait have to be asked about again
    std::deque<driver::packet*> out_;
    driver::packet* released_ = nullptr;                 // the one of them that goes on just now
    std::deque<kept_in> in_;
    std::map<driver::packet*, state::handle> exposed_;
    unsigned phase_ = 0;
    ps since_ = 0, shown_ = 0;
    counter &installed_, &removed_, &not_taken_, &held_, &dropped_, &in_the_clear_, &removing_, &installing_;
    level &places_, &waiting_;
    sim::probe& phase_probe_;
};

}  // namespace nicteam::team
