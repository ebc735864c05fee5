// 302 to 306: what the team says that it can, as a whole and of each association, asked anew whenever members, rights or places change (decisions 182, 193,
// 204). What it does not promise is its user's to deal with.
#include "team/links.h"
#include "team/rehomer.h"

namespace nicteam::team {
namespace {

constexpr std::uint64_t bit(unsigned n) { return std::uint64_t{1} << n; }

}  // namespace

// Members that encrypt for themselves only are as good as lenders while no other one carries what is sent. The naive one takes what any member has for
// what the team has.
bool augmentation_layer_250::machinery::can_protect() const {
    if (sharing || by_software()) return true;
    if (!config.advertises) return carriers_protect({});
    for (unsigned n = 0; n < members_count(); ++n)
        if (may_work.itself(n)) return true;
    return false;
}

// Copies of one packet have one number, so no two members can each encrypt theirs.
bool augmentation_layer_250::machinery::carriers_protect(state::handle name) const {
    bool any = false;
    unsigned carriers = 0;
    for (unsigned n = 0; n < members_count(); ++n) {
        const bool can = may_work.itself(n) && (!name || (pool().in_unit(name, static_cast<unsigned>(unit_of(n))) && (!rehoming || rehoming->may_lie_in(name, n))));
        any |= can;
        if (!members[n].usable || !setup.mode->carries(n)) continue;
        if (!can || (carriers++ && setup.mode->sends_copies())) return false;
    }
    return any;
}

// Somebody who lends can do it, or those who carry what is sent. Naive policies promise what the team as a whole does.
bool augmentation_layer_250::machinery::can_put_on(state::handle name) const {
    if (config.advertises || (rehoming && !rehoming->keeps_its_word())) return true;
    const std::uint64_t may = may_work.may(engine_rights::encrypts) | ~may_work.of_ports();
    for (unsigned n = 0; n < service->engines(); ++n) {
        if (!(may & bit(n)) || !pool().in_unit(name, n)) continue;
        unsigned member = 0;
        while (member < members_count() && unit_of(member) != static_cast<int>(n)) ++member;
        if (!rehoming || member == members_count() || rehoming->may_lie_in(name, member)) return true;
    }
    return carriers_protect(name);
}

bool augmentation_layer_250::machinery::promise_each() {
    bool other = false;
    for (std::size_t n = 0; n < puts_on.size(); ++n) {
        const bool can = pool().receives(pool().named(n)) || can_put_on(pool().named(n));
        other |= can != puts_on[n];
        puts_on[n] = can;
    }
    return other;
}

}  // namespace nicteam::team
