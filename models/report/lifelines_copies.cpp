// Copies of a packet: it is lost once, where the first of them was, and not at all when one arrives.
#include <string>
#include <tuple>

#include "nicteam/report/lifelines.h"

namespace nicteam::report {

std::uint32_t lifelines::copies_of(life& original) {
    if (original.own == no_group) {
        if (free_groups_.empty()) {
            original.own = static_cast<std::uint32_t>(groups_.size());
            groups_.emplace_back();
        } else {
            original.own = free_groups_.back();
            free_groups_.pop_back();
        }
        groups_[original.own] = {};
    }
    ++groups_[original.own].open;
    return original.own;
}

// True: it is lost if no other fares better; its life is kept until that is known.
bool lifelines::settle_copy(std::uint32_t slot) {
    life& l = lives_[slot];
    const std::uint32_t among = l.among;
    // That one of them arrives is enough. Of pieces each speaks for itself, and by them the packet went on.
    const bool enough = among != no_group && (l.as_long || groups_[among].to_all || was_passed_over(l));
    if (among != no_group && !enough && (!went_on(l) || l.copies)) groups_[among].fared_better = true;
    if (l.own != no_group) {
        const bool speaks = went_on(l) && enough;
        close_group(l.own, speaks ? among : no_group);                                  // which leaves `among` when it is resolved
        if (speaks) return false;
    }
    bool keeps = false;
    if (enough && !went_on(l)) {
        keeps = l.outcome && (l.outcome->lost || was_passed_over(l));
        if (keeps) offer(among, slot);
        else groups_[among].fared_better = true;
    }
    leave(among);
    return keeps;
}

void lifelines::leave(std::uint32_t group) {
    if (group != no_group && --groups_[group].open == 0 && groups_[group].closed) resolve(group);
}

void lifelines::close_group(std::uint32_t group, std::uint32_t up) {
    groups_[group].up = up;
    groups_[group].closed = true;
    if (groups_[group].open == 0) resolve(group);
}

void lifelines::resolve(std::uint32_t group) {
    const copies_of_one g = groups_[group];
    free_groups_.push_back(group);
    if (g.up != no_group) {
        groups_[g.up].fared_better |= g.fared_better;
        if (g.first_lost != no_slot) offer(g.up, g.first_lost);
        return leave(g.up);
    }
    if (g.first_lost != no_slot) g.fared_better ? pass_by(g.first_lost) : lose(g.first_lost);
}

// What broke on its way says more than who passed it over. Of one instant, by name: who is told of first depends on nothing that is modelled.
void lifelines::offer(std::uint32_t group, std::uint32_t slot) {
    copies_of_one& g = groups_[group];
    if (g.fared_better) return pass_by(slot);
    if (g.first_lost != no_slot) {
        const life &a = lives_[slot], &b = lives_[g.first_lost];
        const auto order = [this](const life& l) { return std::tuple<bool, ps, const std::string&>(was_passed_over(l), l.end, places_[l.endplace]); };
        if (order(a) >= order(b)) return pass_by(slot);
        pass_by(g.first_lost);
    }
    g.first_lost = slot;
}

void lifelines::pass_by(std::uint32_t slot) {
    const life& l = lives_[slot];
    if (!was_passed_over(l)) {
        if (l.row != no_row) rows_[l.row].fate = "goes_on";
    } else if (in_window(l)) {
        note_passed_over(l);
    }
    free_.push_back(slot);
}

void lifelines::lose(std::uint32_t slot) {
    const life& l = lives_[slot];
    if (l.row != no_row) rows_[l.row].fate = "lost";
    if (on_settled) tell(l, true);
    free_.push_back(slot);
    if (!in_window(l)) return;
    note_places(l);
    note_unarrived(l);
    note_lost(l);
}

}  // namespace nicteam::report
