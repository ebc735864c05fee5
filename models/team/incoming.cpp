// FIG. 5, 322 to 340: what members receive goes up in plain text, decrypted by the member itself or by a capable one.
#include <algorithm>
#include <utility>

#include "nicteam/ipsec/process.h"
#include "nicteam/packet/ethernet.h"
#include "team/ipsec_view.h"
#include "team/rehomer.h"

namespace nicteam::team {
namespace {

using verdict = driver::security_verdict;
constexpr auto header = static_cast<std::uint32_t>(packet::ethernet_header);

}  // namespace

void augmentation_layer_250::machinery::received(host::cpu& c, unsigned port, const driver::packet_list& all) {
    c.spend(costs.receive, all.size());
    for (driver::packet* p : all) receive_one(c, port, *p);
}

void augmentation_layer_250::machinery::receive_one(host::cpu& c, unsigned port, driver::packet& p) {
    count(step::received_322);
    pass(p.id, team_stage::received_322, c.now());
    const sim::in_hand at_work(station, p.id);
    came_through[&p] = port;
    if (!begun) return deliver(c, p);
    const frame_view v = look(p, c.now());
    if (own_frame(c, port, v)) {
        count(team_metric::control_received);
        end(p.id, team_outcome::control, c.now());
        give_back_below(c, port, p);
        return carry_out(c);
    }
    const bool second = config.second_filter && by_second_filter(port, v);
    const bool wanted_here = setup.mode->delivers(port, v, members, c.now(), wanted) || second;
    if (second) count(team_metric::second_filter);
    carry_out(c);
    if (!wanted_here) {
        count(team_metric::standby_copies);
        end(p.id, team_outcome::standby_copy, c.now());
        return give_back_below(c, port, p);
    }
    if (!done_below(c, port, p) && !forward(c, port, p, v)) deliver(c, p);
}

// What a switch sent here because this member sent under another one's address. The hash table lets strangers' frames through too.
bool augmentation_layer_250::machinery::by_second_filter(unsigned port, const frame_view& v) const {
    mac_address to;
    std::copy_n(v.octets.data, to.size(), to.begin());
    return unit_of(port) >= 0 && to != members[port].address && std::any_of(members.begin(), members.end(), [&](const member& m) { return m.address == to; });
}

void augmentation_layer_250::machinery::deliver(host::cpu& c, driver::packet& p) {
    if (!above.user()) return give_back_below(c, came_through.at(&p), p);
    driver::packet_list& one = lists.take();
    one.assign(1, &p);
    above.user()->received(c, one);
    lists.put(one);
}

// 326: the adapter has dealt with it, all of it or until it met something that it cannot. True: so it has, and there is no more to do here.
bool augmentation_layer_250::machinery::done_below(host::cpu& c, unsigned port, driver::packet& p) {
    const driver::security_status& s = p.security;
    if (s.verdict == verdict::plain) return false;
    if (s.verdict != verdict::verified && s.verdict != verdict::refused && s.associations.empty()) return false;
    count(step::encrypted_324);
    count(step::capable_326);
    if (!decrypted_below(c, port, p)) deliver(c, p);
    return true;
}

// 328 to 330. Its names become those of the pool; what came before by another way is no news. True: it has ended.
bool augmentation_layer_250::machinery::decrypted_below(host::cpu& c, unsigned port, driver::packet& p) {
    driver::security_status& s = p.security;
    const auto unit = static_cast<unsigned>(unit_of(port));
    for (driver::security_status::seen& seen : s.associations) seen.association = pool().name_of(unit, seen.association);
    if (s.verdict != verdict::verified) return false;
    count(step::decrypted_328);
    own_work[port].receives(p.bytes - header);
    bool fresh = true;
    for (const driver::security_status::seen& seen : s.associations)
        if (seen.association && pool().accept(seen.association, seen.sequence) != ipsec::replay_verdict::fresh) fresh = false;
    bool past = false;
    for (const driver::security_status::seen& seen : s.associations)
        if (fresh && seen.association && !pool().used(seen.association, p.bytes - header, c.now())) past = true;
    if (past) {
        count(team_metric::expired);
        end(p.id, team_outcome::expired, c.now());
        give_back_below(c, port, p);
        return true;
    }
    if (fresh) {
        count(step::presented_330);
        count(step::delivered_340);
        pass(p.id, team_stage::delivered_340, c.now());
        return false;
    }
    count(team_metric::replayed);
    end(p.id, team_outcome::replayed, c.now());
    give_back_below(c, port, p);
    return true;
}

// 324, and 332 to 336. False: it goes up as it is. A fragment shows no SPI (FIG. 7: 706 is the host's), some associations are the host's own, and
// what a member's engines failed at is the host's when no other member can (decision 93).
bool augmentation_layer_250::machinery::forward(host::cpu& c, unsigned port, driver::packet& p, const frame_view& f) {
    const bool of_ip = f.octets.size > header && (p.ether_type == packet::ether_type::ipv4 || p.ether_type == packet::ether_type::ipv6);
    const ipsec_view v = of_ip ? look_for_ipsec(f.octets.from(header)) : ipsec_view{};
    const bool shows = v.is == ipsec_view::what::whole || v.is == ipsec_view::what::perhaps;
    const state::handle name = shows ? pool().find(v.spi, v.destination, v.protocol) : state::handle{};
    if (v.is == ipsec_view::what::plain || (v.is == ipsec_view::what::perhaps && !name)) {
        count(step::plain_324);
        return false;
    }
    count(step::encrypted_324);
    count(step::presented_332);
    c.spend(costs.identify);
    if (!name) return false;
    count(step::identified_334);
    const bool has_none = p.security.verdict == verdict::no_association;
    const bool mates_only = p.security.verdict == verdict::engines_failed || (has_none && !rehoming);
    const std::uint64_t among = mates_only ? ~(std::uint64_t{1} << unit_of(port)) : ~std::uint64_t{0};
    if (mates_only && !any_engine(name, true, false, among)) return false;
    if (rehoming && !any_engine(name, true, false) && rehoming->keeps(port, p, name)) return true;
    open(c, port, p, name, among);
    return true;
}

void augmentation_layer_250::machinery::open(host::cpu& c, unsigned port, driver::packet& p, state::handle name, std::uint64_t among) {
    const bool some = any_engine(name, true, false, among);
    work* w = some && p.bytes <= room ? new_work() : nullptr;
    carrier* k = w ? take() : nullptr;
    if (!k) {
        if (w) w->in_use = false;
        count(some ? team_metric::no_buffer : team_metric::no_engine);
        end(p.id, some ? team_outcome::no_place : team_outcome::no_engine, c.now());
        return give_back_below(c, port, p);
    }
    w->kind = work::what::in;
    w->inbound = true;
    w->transmit = false;
    w->association = name;
    w->allowed = among;
    w->original = &p;
    w->place = k;
    w->port = port;
    w->id = p.id;
    count(step::forwarded_336);
    hand_over(c, *w);
}

// 338, 340: a regular packet now.
void augmentation_layer_250::machinery::decrypted(host::cpu& c, work& w) {
    driver::packet& p = *w.original;
    count(step::returned_338);
    const unsigned port = w.port;
    carrier& k = *std::exchange(w.place, nullptr);
    std::uint8_t head_of[header + 1];
    ram.read(p.pieces[0].address, head_of, header, c.now());
    ram.read(w.destination, head_of + header, 1, c.now());
    k.packet.ether_type = head_of[header] >> 4 == 6 ? packet::ether_type::ipv6 : packet::ether_type::ipv4;
    packet::put16(head_of + header - 2, k.packet.ether_type);
    ram.write(k.address, head_of, header, c.now());
    k.packet.bytes = k.packet.pieces[0].bytes = header + w.written;
    k.packet.security.verdict = driver::security_verdict::verified;
    k.packet.security.associations.assign(1, {w.association, w.sequence});
    k.packet.id = made_of(p.id, k.packet.bytes, c.now());
    end(p.id, team_outcome::taken_off, c.now());
    pass(k.packet.id, team_stage::returned_338, c.now());
    release(w);
    give_back_below(c, port, p);
    count(step::delivered_340);
    pass(k.packet.id, team_stage::delivered_340, c.now());
    const sim::in_hand at_work(station, k.packet.id);
    deliver(c, k.packet);
}

void augmentation_layer_250::machinery::give_back_below(host::cpu& c, unsigned port, driver::packet& p) {
    driver::packet_list& one = lists.take();
    one.assign(1, &p);
    ports->give_back(c, port, one);
    lists.put(one);
}

void augmentation_layer_250::machinery::give_back(host::cpu& c, const driver::packet_list& all) {
    for (driver::packet* p : all) {
        const auto k = own.find(p);
        if (k == own.end()) give_back_below(c, came_through.at(p), *p);
        else put(*k->second);
    }
    relieve(c);
}

}  // namespace nicteam::team
