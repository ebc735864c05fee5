// Associations go into a unit and come out of it: all of them at a bring-up and before a halt, one at a time when somebody asks.
#include "nicteam/driver/unit_associations.h"

namespace nicteam::driver {

bool unit_associations::put_in(host::cpu& c, std::size_t n, association_change* asked) {
    const kept& k = *all_[n];
    if (std::string why = beyond(k.mine.parameters()); !why.empty()) {
        refused(k, why);
        conclude(c, asked, status::refused, std::move(why));
        return false;
    }
    c.catch_up();
    rings::command command;
    {
        const auto parts = lent_.hand_over(n, unit_, 0, c.now());
        if (parts) ram_.write(k.room, parts->data(), parts->size(), c.now());
        command.length = parts ? static_cast<std::uint32_t>(parts->size()) : 0;
    }
    if (!command.length) {
        conclude(c, asked, status::refused, "the unit has it already");
        return false;
    }
    command.opcode = rings::opcode::install;
    command.flags = k.flags;
    command.address = k.room;
    if (post(c, command, {pending::what::install, n, nullptr, 0, asked})) return true;
    wipe(k, c.now());
    lent_.installed(n, std::nullopt, c.now());
    refused(k, "its command ring took nothing more");
    conclude(c, asked, status::no_room, "its command ring took nothing more");
    return false;
}

bool unit_associations::take_out(host::cpu& c, std::size_t n, association_change* asked) {
    rings::command command;
    command.handle = *lent_.handle(n);
    command.opcode = rings::opcode::freeze_and_read;
    command.address = all_[n]->room + all_[n]->constant;       // the CONST part stays until it is removed
    command.length = all_[n]->octets - all_[n]->constant;
    const bool frozen = post(c, command, {pending::what::freeze, n});
    command.opcode = rings::opcode::remove;
    command.address = 0;
    command.length = 0;
    if (frozen && post(c, command, {pending::what::remove, n, nullptr, 0, asked})) return true;
    conclude(c, asked, status::no_room, "its command ring took nothing more");
    return false;
}

void unit_associations::change_place(host::cpu& c, association_change& r) {
    kept* const k = find(r.association);
    if (!k) return conclude(c, &r, status::refused, "the adapter has no such association");
    k->wanted &= r.in;
    if (!ring_.ready()) return conclude(c, &r, status::not_done, "the unit is not ready");
    k->wanted = r.in;
    const std::size_t n = r.association.index;
    if (const auto at = lent_.handle(n); r.in && r.once_more && at) {
        lent_.forget(n, highest_received(*at), c.now());
        k->latest = {};
        ++forgotten_;
    }
    const bool there = lent_.handle(n).has_value();
    if (there == r.in) return conclude(c, &r, status::done, {});
    if (r.in) put_in(c, n, &r);
    else take_out(c, n, &r);
    ring_.kick(c);
}

void unit_associations::conclude(host::cpu& c, association_change* asked, status s, std::string why) {
    if (!asked) return;
    asked->result = s;
    asked->detail = std::move(why);
    if (changed_place_) changed_place_(c, *asked);
}

void unit_associations::show(ps now) {
    std::int64_t there = forgotten_;
    for (std::size_t n = 0; n < all_.size(); ++n) there += lent_.handle(n).has_value();
    places_.set(now, there);
}

}  // namespace nicteam::driver
