// Where the associations of a team's traffic lie, and how they follow when another member becomes the active one (row A-37; what-if Q18): one file a
// policy in models/team/rehoming/. What a policy sees is plain data, what it says is the next step; who takes it spends the time.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/base/tables.h"
#include "nicteam/team/member.h"
#include "nicteam/team/mode_config.h"

namespace nicteam::team {

struct whereabouts {
    unsigned home = no_member;           // who shall have them: the active member, or a capable one when that has no engines
    unsigned through = no_member;        // by whom protected frames leave at present
    struct member {
        unsigned out = 0;                // associations that it can take and does not have
        unsigned going_in = 0, in = 0, going_out = 0;
        unsigned dead = 0;               // of those in it, the ones that their user has deleted
        bool added = false;              // each of them, by kind::add since the last change
        bool sends = false;              // frames that it was given are on their way out by a link that works
    };
    std::array<member, most_members> at{};
};

struct rehoming_step {
    // One association goes into the member that does not have it; the next of all goes in, whether it is there or not; one comes out; protected frames
    // leave through the member from now on; the next of those that there were at the last change goes in; one that its user has deleted comes out.
    enum class kind : std::uint8_t { none, install, add, remove, flip, add_listed, sweep } what = kind::none;
    unsigned member = no_member;
};

// What becomes of a frame whose association is not in the member through which it shall leave.
enum class meanwhile : std::uint8_t { held, dropped, in_the_clear };

class rehoming_policy {
public:
    virtual ~rehoming_policy() = default;
    virtual const char* policy_name() const = 0;             // as a scenario names it
    // Asked again after each step, and after each end of one.
    virtual rehoming_step next(const whereabouts&) const = 0;
    virtual meanwhile of_frames() const = 0;
    // Asked again when the user of an association has added or deleted it. Else what he did is done once, to the member through which frames leave then.
    virtual bool sweeps() const { return false; }
};

enum class rehoming_kind : std::uint8_t { pre_install, install_on_failover, delete_flip_add, add_only, stay, as_listed };
constexpr const char* rehoming_choices = "pre_install|install_on_failover|delete_flip_add|add_only|stay|as_listed";

std::unique_ptr<rehoming_policy> make_install_on_failover();         // frames wait until the new member has it; then the former gives it back
// The naive order of Linux bonding: all out, then the other member, then all in; what is sent meanwhile goes out as it is.
std::unique_ptr<rehoming_policy> make_delete_flip_add();
// Naive: never takes one out, and puts all in again at each change, whether they are there or not.
std::unique_ptr<rehoming_policy> make_add_only();
// Naive: they stay with the first member.
std::unique_ptr<rehoming_policy> make_stay();
// Naive: goes through the list that there was when the active member changed, whoever of it has been deleted, or added, since.
std::unique_ptr<rehoming_policy> make_as_listed();

struct rehoming_config {
    rehoming_kind policy = rehoming_kind::pre_install;
    bool exposes = false;                // a policy that lets frames out in the clear may
    unsigned at_a_time = 1;              // associations on their way into or out of units
    unsigned hold = 64;                  // frames that may wait, each way
};
extern const block_info rehoming_info;   // kind "team", section "rehoming"

// Null: pre_install, where there is nothing to do.
std::unique_ptr<rehoming_policy> make_rehoming(const rehoming_config&);
// What contradicts itself: a mode without one active member, a policy that exposes without leave.
std::vector<team_problem> problems_of(const rehoming_config&, const mode_config&);

}  // namespace nicteam::team
