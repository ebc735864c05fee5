// Runs modes and monitors on the modelled CPU: what they see, and what they want done.
#include <algorithm>
#include <utility>

#include "team/links.h"
#include "team/rehomer.h"

namespace nicteam::team {

void augmentation_layer_250::machinery::begin(host::cpu& c) {
    setup.mode->start(members, c.now(), wanted);
    for (auto& m : setup.monitors) m->start(members, c.now(), wanted);
    begun = true;
    for (unsigned n = 0; n < port_count(); ++n) look_at_engines(n);
    if (setup.sharing.weighs()) weigh_again(c.now() + setup.sharing.workload_window);
    for (unsigned n = 0; n < members_count(); ++n) identify(c, n);
    verify(c);
    judge_members(c);
}

void augmentation_layer_250::machinery::changed(host::cpu& c, unsigned port, const driver::link_state& s) {
    if (port >= members.size()) return card_changed(c, port, s.ready);
    member& m = members[port];
    m.present = s.ready;
    m.link = s.up;
    m.rate = s.up ? s.rate : 0;
    m.full_duplex = s.full_duplex;
    if (!s.ready) identities[port]->known = false;      // who is there next may be another one
    engines[port].out_of_use[0] = engines[port].out_of_use[1] = false;
    look_at_engines(port);
    if (!s.ready) lose_places(c, port);
    if (s.up) {
        identify(c, port);
        set_address(c, port);
        set_groups(c, port);
        if (links[port]) links[port]->again(c);
    }
    if (!begun) return;                                 // drivers may be quicker than the team
    verify(c);                                          // it may have been the only one that lends, or be it again
    if (s.ready && rehoming) rehoming->active_is(c, setup.mode->active());
    present(c, false);                                  // before jobs end for which nobody is left: then the user sends more
    service->reconsider(c);                             // its device, or its engines, may have gone
    for (auto& one : setup.monitors) one->changed(port, members, c.now(), wanted);
    judge_members(c);
    if (s.up && rehoming) rehoming->back(c, port);
    flush(c, port);
}

unsigned augmentation_layer_250::machinery::verdicts() const {
    unsigned bits = 0;
    for (unsigned n = 0; n < members_count(); ++n) {
        const bool seen = setup.monitors.empty() ? members[n].link : std::all_of(setup.monitors.begin(), setup.monitors.end(), [n](const auto& one) { return one->good(n); });
        bits |= members[n].present && !identities[n]->refused && seen ? 1u << n : 0u;
    }
    return bits;
}

void augmentation_layer_250::machinery::judge_members(host::cpu& c) {
    if (!begun) return;
    const unsigned before = judged;
    judged = verdicts();
    story.next_round();
    story.verdicts(setup.monitors, members, c.now());
    for (unsigned n = 0; n < members_count(); ++n) {
        member& m = members[n];
        const bool usable = judged >> n & 1u;
        if (std::exchange(m.usable, usable) == usable) continue;
        m.usable_since = c.now();
        count(usable ? team_metric::member_found : team_metric::member_lost);
        if (setup.mode->single_active()) story.usable(n, usable, c.now());
    }
    const bool any = judged != before;
    usable_probe.change(c.now(), judged);
    if (any) service->reconsider(c);                     // before a job goes to a member that has failed
    if (any) setup.mode->changed(members, c.now(), wanted);
    const bool other_turn = begins_turn(any);
    if (!setup.mode->single_active()) story.carriers(carrying, judged & before, c.now());
    carry_out(c);
    if (other_turn) {
        service->reconsider(c);
        bind_anew(c);
    }
    verify_spreading(c);
    show_uses(c);
    present(c, any);
    schedule(c.now());
}

// At one time: no two members have one address in between.
void augmentation_layer_250::machinery::take_addresses(host::cpu& c) {
    addresses_to_take.swap(wanted.addresses);
    wanted.addresses.clear();
    for (const actions::address& a : addresses_to_take) {
        addresses[a.member]->mac = members[a.member].address = a.mac;
        address_set[a.member] = false;
    }
    for (std::size_t n = 0; n < addresses_to_take.size(); ++n) set_address(c, addresses_to_take[n].member);
}

// One at a time: carrying out may lead to more.
void augmentation_layer_250::machinery::carry_out(host::cpu& c) {
    tell_active(c);
    if (std::exchange(carrying_out, true)) return;
    const auto take_first = [](auto& list) {
        const auto first = std::move(list.front());
        list.erase(list.begin());
        return first;
    };
    while (!wanted.empty()) {
        if (!wanted.addresses.empty()) {
            take_addresses(c);
        } else if (!wanted.looks.empty()) {
            const unsigned n = take_first(wanted.looks);
            if (look_under_way[n]) continue;
            look_under_way[n] = true;
            ports->request(c, n, *looks[n]);
        } else if (!wanted.frames.empty()) {
            frame_to_send = take_first(wanted.frames);
            send_frame(c, frame_to_send.member, frame_to_send.octets);
        } else {
            announce(c, take_first(wanted.announcements));
        }
    }
    carrying_out = false;
    const unsigned active = setup.mode->active();
    for (unsigned n = 0; n < members_count(); ++n) {
        if (n == active && !members[n].active) members[n].active_since = c.now();
        members[n].active = n == active;
    }
    if (rehoming) rehoming->active_is(c, active);
}

// At once: by the time that all is carried out it may be another. That the first comes up is no change.
void augmentation_layer_250::machinery::tell_active(host::cpu& c) {
    const unsigned active = setup.mode->active();
    if (active == shown_active || !setup.mode->single_active()) return;
    if (std::exchange(had_active, true)) count(team_metric::changes_of_active);
    story.active(shown_active, active, c.now());
    shown_active = active;
    active_probe.change(c.now(), active == no_member ? most_members : active);
}

bool augmentation_layer_250::machinery::own_frame(host::cpu& c, unsigned member, const frame_view& v) {
    bool taken = setup.mode->takes(member, v, members, c.now(), wanted);
    for (auto& one : setup.monitors) taken |= one->takes(member, v, members, c.now(), wanted);
    if (taken || verdicts() != judged) judge_members(c);      // any frame may be a sign of life
    return taken;
}

// At most one look ahead is on its way for the earliest time that anybody asks for.
void augmentation_layer_250::machinery::schedule(ps now) {
    ps next = setup.mode->next();
    for (const auto& one : setup.monitors) next = std::min(next, one->next());
    if (next >= due_at) return;
    due_at = std::max(next, now);
    home.cpu->post(due_at, [this, of = ++due_of](host::cpu& c) { due(c, of); });
}

void augmentation_layer_250::machinery::due(host::cpu& c, unsigned of) {
    if (of != due_of) return;
    due_at = never;
    if (setup.mode->next() <= c.now()) setup.mode->due(members, c.now(), wanted);
    for (auto& one : setup.monitors)
        if (one->next() <= c.now()) one->due(members, c.now(), wanted);
    judge_members(c);
}

// As the stack shall see it: one NIC.
void augmentation_layer_250::machinery::present(host::cpu& c, bool tell) {
    const bool was_up = able.link_rate > 0, could = able.protects;
    std::int64_t rate = 0;
    std::uint32_t mtu = ~0u, pieces = ~0u;
    bool checksums = true;
    for (unsigned n = 0; n < members_count(); ++n) {
        const driver::capabilities& a = ports->able(n);
        mtu = std::min(mtu, a.mtu);
        pieces = std::min(pieces, a.transmit_pieces);
        checksums &= a.checksums;
        if (members[n].usable && setup.mode->carries(n)) rate += members[n].rate;
    }
    able.mtu = mtu;
    able.transmit_pieces = pieces;
    able.checksums = checksums;
    able.link_rate = rate;
    able.protects = can_protect();
    if (std::exchange(presented, able.protects) != able.protects && able.protects) count(step::presented_306);
    const bool other = promise_each();
    if (above.user() && (tell || other || was_up != (rate > 0) || could != able.protects)) above.user()->changed(c, {rate > 0, rate, true, c.now()});
}

}  // namespace nicteam::team
