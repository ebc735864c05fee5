// The timers of one component, sharing one kernel event: a fixed number of slots, each an instant or `never`.
#pragma once

#include <vector>

#include <systemc>

#include "nicteam/base/time.h"
#include "nicteam/sim/session.h"

namespace nicteam::sim {

class agenda_user {
public:
    virtual ~agenda_user() = default;
    virtual void due(unsigned slot, ps at) = 0;
};

// Slots that fall due at one instant are called in slot order. A slot set to the present instant is called within it.
class agenda : public sc_core::sc_module {
public:
    agenda(sc_core::sc_module_name, agenda_user&, unsigned slots);
    SC_HAS_PROCESS(agenda);

    // Elaboration: one more, behind the others; its number. An agenda of one slot is the quickest.
    unsigned add_slot() { return at_.push_back(never), static_cast<unsigned>(at_.size() - 1); }

    void set(unsigned slot, ps at) {            // replaces what was set; `never` clears
        if (at_[slot] != at) change(slot, at);
    }
    void clear(unsigned slot) { set(slot, never); }
    // Calls now what is due at the present instant and not called yet: it happens before what the caller does.
    void serve();
    ps planned(unsigned slot) const { return at_[slot]; }

private:
    void fire();
    void change(unsigned slot, ps at);
    void call(ps t);
    void arm();

    agenda_user& user_;
    std::vector<ps> at_;
    ps armed_ = never;
    bool firing_ = false;
    sc_core::sc_event event_;
};

}  // namespace nicteam::sim
