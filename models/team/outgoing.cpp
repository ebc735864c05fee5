// FIG. 4, 308 to 320: what the protocol stack delivers goes out by the member that the mode names, encrypted by it or by a backup adapter.
#include <algorithm>

#include "nicteam/packet/ethernet.h"
#include "team/rehomer.h"

namespace nicteam::team {
namespace {

constexpr auto header = static_cast<std::uint32_t>(packet::ethernet_header);

}  // namespace

void augmentation_layer_250::machinery::send(host::cpu& c, const driver::packet_list& all) {
    c.spend(costs.send, all.size());
    for (driver::packet* p : all) send_one(c, *p);
}

void augmentation_layer_250::machinery::send_one(host::cpu& c, driver::packet& p) {
    count(step::delivered_308);
    pass(p.id, team_stage::delivered_308, c.now());
    const sim::in_hand at_work(station, p.id);
    count(p.protection ? step::encrypt_310 : step::plain_312);
    count(one_active ? step::one_active_364 : step::uses_all_360);
    if (one_active) count(step::regular_366);
    if (!p.protection && config.plain_bypass) return send_unaugmented(c, p);
    send_on(c, p);
}

void augmentation_layer_250::machinery::send_on(host::cpu& c, driver::packet& p) {
    choice w = choose(look(p, c.now()), c.now());
    route& out = w.to;
    if (!out.count) return drop(c, p, team_metric::no_member, team_outcome::no_member, driver::status::failed);
    if (!p.protection) return send_regular(c, p, out);
    if (rehoming && !rehoming->may_go(c, p, out)) return;
    if (out.count > 1 || !protects_itself(c, out.to[0], p.protection)) return to_backup(c, p, w);
    if (has_jobs_before(out.to[0], p.protection)) return by_own_ring(c, p, w);
    if (!pool().begin(p.protection, p.bytes - header, c.now())) return drop(c, p, team_metric::expired, team_outcome::expired, driver::status::failed);
    count(step::capable_314);
    own_work[out.to[0]].sends(p.bytes - header);
    ways.in_line(p.protection, out.to[0]);
    p.protection = pool().in_unit(p.protection, static_cast<unsigned>(unit_of(out.to[0])));
    send_regular(c, p, out);
}

// 314, once for each packet, or by the transmission mask. No: it has no engines, they do not serve this association, or they are out of use.
bool augmentation_layer_250::machinery::protects_itself(host::cpu& c, unsigned member, state::handle name) {
    c.spend(config.check ? costs.mask : costs.check);
    const int unit = unit_of(member);
    if (rehoming && !rehoming->lies_in(name, member)) return false;
    return may_work.itself(member) && pool().in_unit(name, static_cast<unsigned>(unit));
}

void augmentation_layer_250::machinery::hand_up(host::cpu& c, driver::packet& p, driver::status s) {
    driver::packet_list& one = lists.take();
    one.assign(1, &p);
    if (above.user()) above.user()->sent(c, one, s);
    lists.put(one);
}

void augmentation_layer_250::machinery::drop(host::cpu& c, driver::packet& p, team_metric m, team_outcome o, driver::status s) {
    count(m);
    end(p.id, o, c.now());
    hand_up(c, p, s);
}

// By one member as it is; through several as copies, whose octets lie where the original's do.
void augmentation_layer_250::machinery::send_regular(host::cpu& c, driver::packet& p, const route& r) {
    c.spend(costs.repackage, r.count);
    write(r, p.pieces[0].address, c.now());
    if (r.count == 1) return pass_on(c, p, r.to[0]);
    send_copies(c, p, p, r);
}

void augmentation_layer_250::machinery::pass_on(host::cpu& c, driver::packet& p, unsigned member) {
    driver::packet_list& one = lists.take();
    one.assign(1, &p);
    hand_to(member, p.bytes);
    if (one_active) count(step::primary_368);
    ports->send(c, member, one);
    lists.put(one);
}

// By the member that has the team's address, as peers know it.
void augmentation_layer_250::machinery::send_unaugmented(host::cpu& c, driver::packet& p) {
    unsigned n = 0;
    while (n < members_count() && !(members[n].usable && setup.mode->carries(n) && members[n].address == setup.mac)) ++n;
    if (!begun || n == members_count()) return drop(c, p, team_metric::no_member, team_outcome::no_member, driver::status::failed);
    count(team_metric::bypassed);
    pass_on(c, p, n);
}

// The user's packet has ended when all of them are done. Software would share the octets; here each copy has its own, at no cost, so that observers
// can tell the copies apart.
void augmentation_layer_250::machinery::send_copies(host::cpu& c, driver::packet& original, const driver::packet& what, const route& r) {
    std::array<carrier*, most_members> all{};
    unsigned n = 0;
    for (; n < r.count && what.bytes <= room && (all[n] = take()); ++n) {}
    if (n < r.count) count(team_metric::no_buffer, r.count - n);
    if (!n) {
        end(what.id, team_outcome::no_place, c.now());
        return hand_up(c, original, driver::status::failed);
    }
    copies[&original] = {n, false};
    std::array<std::uint8_t, room> octets;
    gather(what, octets.data(), c.now());
    for (unsigned k = 0; k < n; ++k) {
        ram.write(all[k]->address, octets.data(), what.bytes, c.now());
        all[k]->packet.bytes = all[k]->packet.pieces[0].bytes = what.bytes;
        all[k]->packet.insert_checksums = what.insert_checksums;
        all[k]->packet.id = made_of(what.id, what.bytes, c.now());
        all[k]->original = &original;
        all[k]->copy = true;
        all[k]->port = r.to[k];
    }
    end(what.id, team_outcome::sent_to_several, c.now());
    for (unsigned k = 0; k < n; ++k) send_carrier(c, *all[k]);
}

void augmentation_layer_250::machinery::gather(const driver::packet& p, std::uint8_t* to, ps at) {
    for (const driver::piece& q : p.pieces) {
        ram.read(q.address, to, q.bytes, at);
        to += q.bytes;
    }
}

// 316. Whole members send what comes back; a backup that transmits sends on its own link. Cards and software have none: theirs comes back.
void augmentation_layer_250::machinery::to_backup(host::cpu& c, driver::packet& p, const choice& where, std::uint64_t among) {
    count(step::incapable_314);
    const bool transmit = config.outbound != outbound::comes_back && any_engine(p.protection, false, true, among);
    if (!any_engine(p.protection, false, transmit, among)) return drop(c, p, team_metric::no_engine, team_outcome::no_engine, driver::status::failed);
    ask_engines(c, p, where, transmit, no_member, among);
}

// A unit's numbers rise (number_ways.h): while there are jobs under its association, a member that may have some of them encrypts its own packets as jobs too.
bool augmentation_layer_250::machinery::has_jobs_before(unsigned member, state::handle name) const {
    const auto unit = static_cast<unsigned>(unit_of(member));
    return ways.any_jobs(name) && !ways.may_go_in_line(name, member, allowed(name, false, false) >> unit & 1u);
}

// 314, yes: by itself all the same, and on its own link where its ring can do that.
void augmentation_layer_250::machinery::by_own_ring(host::cpu& c, driver::packet& p, const choice& where) {
    const unsigned member = where.to.to[0];
    ask_engines(c, p, where, identities[member]->asked.transmits, member, ~std::uint64_t{0});
}

void augmentation_layer_250::machinery::ask_engines(host::cpu& c, driver::packet& p, const choice& where, bool transmit, unsigned own_of, std::uint64_t among) {
    if (p.bytes > room) return drop(c, p, team_metric::no_buffer, team_outcome::no_place, driver::status::failed);
    const bool wants_place = !transmit || p.pieces.size() > 1;     // for what comes back, or to lie together
    work* w = new_work();
    carrier* k = w && wants_place ? take() : nullptr;
    if (!w || (wants_place && !k)) {
        if (w) w->in_use = false;
        starved = true;
        return hand_up(c, p, driver::status::no_room);
    }
    w->kind = work::what::out;
    w->inbound = false;
    w->transmit = transmit;
    w->association = p.protection;
    w->allowed = among;
    w->own_of = own_of;
    w->original = &p;
    w->place = k;
    w->where = where;
    w->id = p.id;
    if (own_of == no_member) {
        count(step::to_backup_316);
    } else {
        count(step::capable_314);
        own_work[own_of].sends(p.bytes - header);
        ++by_own_rings;
        if (transmit) hand_to(own_of, p.bytes);
    }
    hand_over(c, *w);
}

void augmentation_layer_250::machinery::sent(host::cpu& c, unsigned port, const driver::packet_list& all, driver::status s) {
    driver::packet_list& users = lists.take();
    if (s == driver::status::done) members[port].told_sent = c.now();
    bool drained = false;                                // and there are jobs that wait for that
    for (driver::packet* p : all) {
        members[port].waiting_octets -= std::min<std::uint64_t>(members[port].waiting_octets, p->bytes);
        if (s == driver::status::no_room) members[port].sent_octets -= p->bytes;
        else sent_octets[port]->add(p->bytes);
        if (const auto k = own.find(p); k != own.end()) {
            carrier_sent(c, *k->second, s);
            continue;
        }
        if (p->protection) {                             // as the user knows it
            p->protection = pool().name_of(static_cast<unsigned>(unit_of(port)), p->protection);
            drained |= ways.left(p->protection, port) && ways.any_jobs(p->protection);
            pool().end(p->protection, p->bytes - header, s == driver::status::done, c.now());
        } else if (rehoming) {
            rehoming->sent(*p);
        }
        if (s == driver::status::no_room) restore(p->pieces[0].address, p->pieces[0].bytes, c.now());
        users.push_back(p);
    }
    if (drained) service->reconsider(c);
    if (s != driver::status::no_room) flush(c, port, true);
    if (!users.empty() && above.user()) above.user()->sent(c, users, s);
    lists.put(users);
    if (s != driver::status::no_room) flush(c, port);
    if (rehoming) rehoming->quiet(c, port);
    relieve(c);
}

}  // namespace nicteam::team
