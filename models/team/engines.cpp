// Work for engines of members, through links 206, 208 and 210, and of crypto cards: what is put on or taken off for members that cannot, and what users
// of the team submit. Sequence numbers are drawn for each submission, so that what a failed unit had is done again behind a gap.
#include <algorithm>
#include <utility>

#include "nicteam/host/costs.h"
#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/ethernet.h"
#include "team/machinery.h"

namespace nicteam::team {
namespace {

constexpr auto header = static_cast<std::uint32_t>(packet::ethernet_header);

}  // namespace

task* augmentation_layer_250::machinery::new_task() {
    const auto at = std::find_if(tasks.begin(), tasks.end(), [](const auto& t) { return !t->in_use; });
    if (at == tasks.end()) return nullptr;
    task& t = **at;
    t.in_use = true;
    t.original = nullptr;
    t.asked = nullptr;
    t.place = nullptr;
    t.tried = 0;
    t.id = 0;
    return &t;
}

void augmentation_layer_250::machinery::release(task& t) {
    if (t.place) put(*t.place);
    t.place = nullptr;
    t.in_use = false;
}

bool augmentation_layer_250::machinery::can(unsigned port, state::handle name, bool inbound) const {
    const int unit = unit_of(port);
    if (unit < 0 || !pool.in_unit(name, static_cast<unsigned>(unit))) return false;
    if (port >= members.size()) return true;
    const identity& i = *identities[port];
    return members[port].present && i.known && !i.refused && (inbound ? i.asked.secondary_in : i.asked.secondary_out);
}

bool augmentation_layer_250::machinery::any_unit(state::handle name, bool inbound) const {
    for (unsigned n = 0; n < port_count(); ++n)
        if (can(n, name, inbound)) return true;
    return false;
}

// Those that carry no regular traffic first: defective, then idle, then the others. Of one kind the one with the fewest jobs.
unsigned augmentation_layer_250::machinery::backup_for(const task& t) const {
    const bool sends = t.kind == task::what::out && config.outbound == 1;
    unsigned best = no_member, best_rank = 0;
    for (unsigned n = 0; n < port_count(); ++n) {
        if (t.tried >> n & 1u || with_unit[n] >= config.jobs_at_once || !can(n, t.name, t.kind == task::what::in || (t.asked && t.asked->inbound))) continue;
        const bool is_member = n < members.size(), usable = is_member && members[n].usable;
        if (sends && !(usable && identities[n]->asked.transmits)) continue;
        const unsigned rank = !usable ? 0 : setup.mode->carries(n) ? 2 : 1;
        if (best == no_member || std::pair(rank, with_unit[n]) < std::pair(best_rank, with_unit[best])) best = n, best_rank = rank;
    }
    return best;
}

// A unit may answer at once, and software may hand over more while it does.
void augmentation_layer_250::machinery::hand_out(host::cpu& c) {
    if (std::exchange(handing_out, true)) return;
    for (std::size_t n = 0; n < queue.size();) {
        task& t = *queue[n];
        const unsigned port = backup_for(t);
        if (port == no_member) {
            bool others = false;
            for (unsigned p = 0; p < port_count(); ++p) others |= !(t.tried >> p & 1u) && can(p, t.name, t.job.inbound);
            if (others) {
                ++n;
                continue;
            }
            queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(n));
            not_done(c, t);
            continue;
        }
        queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(n));
        start(c, t, port);
        n = 0;
    }
    handing_out = false;
}

void augmentation_layer_250::machinery::start(host::cpu& c, task& t, unsigned port) {
    c.spend(costs.job);
    driver::crypto_job& j = t.job;
    j.association = pool.in_unit(t.name, static_cast<unsigned>(unit_of(port)));
    j.result = driver::status::not_done;
    j.unknown = j.transmit = false;
    j.id = 0;
    t.with = port;
    if (t.asked) {
        j.inbound = t.asked->inbound;
        j.source = t.asked->source, j.destination = t.asked->destination;
        j.length = t.asked->length, j.room = t.asked->room;
    } else {
        const driver::packet& p = *t.original;
        std::uint64_t from = p.pieces[0].address;
        if (p.pieces.size() > 1) {                       // a job's octets lie together
            c.spend(host::of(host::cost::copy_byte), p.bytes);
            std::array<std::uint8_t, room> octets;
            gather(p, octets.data(), c.now());
            from = t.place->address;
            ram.write(from, octets.data(), p.bytes, c.now());
        }
        j.inbound = t.kind == task::what::in;
        j.transmit = t.kind == task::what::out && config.outbound == 1;
        j.id = t.id;
        j.source = j.transmit ? from : from + header;
        j.length = j.transmit ? p.bytes : p.bytes - header;
        j.destination = j.transmit ? 0 : t.place->address + header;
        j.room = j.transmit ? 0 : room - header;
        pass(t.id, j.inbound ? team_stage::forwarded_336 : team_stage::forwarded_316, c.now());
    }
    ++with_unit[port];
    jobs_of[port]->add();
    const sim::in_hand at_work(station, t.id);
    ports->submit(c, port, j);
}

void augmentation_layer_250::machinery::submit(host::cpu& c, driver::job& j) {
    auto* const asked = dynamic_cast<driver::crypto_job*>(&j);
    const char* why = !asked ? "unknown kind of job" : asked->transmit ? "a team sends by itself" : !any_unit(asked->association, asked->inbound) ? "no unit of the team has the association" : nullptr;
    task* t = why ? nullptr : new_task();
    if (!t) {
        j.result = why ? driver::status::refused : driver::status::no_room;
        j.detail = why ? why : "too many jobs are under way";
        if (above.user()) above.user()->finished(c, j);
        return;
    }
    count(step::secondary_358);
    t->kind = task::what::of_user;
    t->asked = asked;
    t->name = asked->association;
    t->id = asked->id;
    queue.push_back(t);
    hand_out(c);
}

void augmentation_layer_250::machinery::finished(host::cpu& c, unsigned port, driver::job& j) {
    const auto at = std::find_if(tasks.begin(), tasks.end(), [&](const auto& t) { return t->in_use && &t->job == &j; });
    task& t = **at;
    --with_unit[port];
    c.spend(costs.job);
    const bool done = t.job.result == driver::status::done;
    // What a unit did not do another may; what it may have sent nobody sends again.
    if (!done && !t.job.unknown && t.job.result != driver::status::failed) {
        if (t.job.result != driver::status::no_room || !with_unit[port]) t.tried |= 1u << port;
        if (t.job.result != driver::status::no_room) count(team_metric::reissued);
        queue.push_front(&t);
    } else if (t.asked) {
        driver::crypto_job& to = *t.asked;
        to.result = t.job.result;
        to.detail = t.job.detail;
        to.verdict = t.job.verdict;
        to.octets = t.job.octets;
        to.sequence = t.job.sequence;
        to.unknown = t.job.unknown;
        const bool opened = done && to.inbound && to.verdict == static_cast<std::uint8_t>(ipsec::outcome::done);
        if (opened && pool.accept(t.name, to.sequence) != ipsec::replay_verdict::fresh) to.verdict = static_cast<std::uint8_t>(ipsec::outcome::replayed);
        release(t);
        if (above.user()) above.user()->finished(c, to);
    } else if (done && t.job.verdict == static_cast<std::uint8_t>(ipsec::outcome::done)) {
        if (t.kind == task::what::out) encrypted(c, t);
        else decrypted(c, t);
    } else {
        not_done(c, t);
    }
    hand_out(c);
    relieve(c);
}

// 318: it has come back, and goes on as regular data of its destination (320); one that the backup sent is done.
void augmentation_layer_250::machinery::encrypted(host::cpu& c, task& t) {
    driver::packet& p = *t.original;
    count(step::encrypted_318);
    if (t.job.transmit) {
        count(step::sent_by_backup);
        members[t.with].sent_octets += p.bytes;
        sent_octets[t.with]->add(p.bytes);
        end(p.id, team_outcome::put_on, c.now());
        release(t);
        return hand_up(c, p, driver::status::done);
    }
    carrier& k = *std::exchange(t.place, nullptr);
    std::uint8_t head_of[header + 1];
    ram.read(p.pieces[0].address, head_of, header, c.now());
    ram.read(t.job.destination, head_of + header, 1, c.now());
    packet::put16(head_of + header - 2, head_of[header] >> 4 == 6 ? packet::ether_type::ipv6 : packet::ether_type::ipv4);
    ram.write(k.address, head_of, header, c.now());
    k.packet.bytes = k.packet.pieces[0].bytes = header + t.job.octets;
    k.packet.id = made_of(p.id, k.packet.bytes, c.now());
    end(p.id, team_outcome::put_on, c.now());
    pass(k.packet.id, team_stage::returned_320, c.now());
    count(step::returned_320);
    route to = t.to;
    release(t);
    bool all = true;
    for (unsigned n = 0; n < to.count; ++n) all &= members[to.to[n]].usable;
    if (!all) {                                          // a member failed meanwhile
        to.clear();
        const auto n = std::min<std::uint32_t>(k.packet.bytes, looked_at);
        ram.read(k.address, head.data(), n, c.now());
        setup.mode->choose({{head.data(), n}, k.packet.bytes}, members, c.now(), to);
        patch(k.packet, to, c.now());
    }
    if (!to.count) {
        end(k.packet.id, team_outcome::no_member, c.now());
        count(team_metric::no_member);
        put(k);
        return hand_up(c, p, driver::status::failed);
    }
    c.spend(costs.repackage, to.count);
    if (to.count > 1) {
        send_copies(c, p, k.packet, to);
        return put(k);
    }
    k.original = &p;
    k.port = to.to[0];
    send_carrier(c, k);
}

void augmentation_layer_250::machinery::not_done(host::cpu& c, task& t) {
    if (t.asked) {
        t.asked->result = driver::status::failed;
        t.asked->detail = "no unit of the team did it";
        driver::crypto_job& j = *t.asked;
        release(t);
        if (above.user()) above.user()->finished(c, j);
        return;
    }
    driver::packet& p = *t.original;
    const bool unknown = t.job.unknown, in = t.kind == task::what::in;
    const unsigned port = t.port;
    const auto verdict = static_cast<ipsec::outcome>(t.job.verdict);
    const bool refused = t.job.result == driver::status::done;      // the unit's own window, or it does not verify
    const bool replayed = refused && (verdict == ipsec::outcome::replayed || verdict == ipsec::outcome::too_old);
    release(t);
    if (!in) return drop(c, p, team_metric::jobs_failed, unknown ? team_outcome::unknown : team_outcome::job_failed, driver::status::failed);
    count(replayed ? team_metric::replayed : refused ? team_metric::not_authentic : team_metric::jobs_failed);
    end(p.id, replayed ? team_outcome::replayed : refused ? team_outcome::not_authentic : team_outcome::job_failed, c.now());
    give_back_below(c, port, p);
}

}  // namespace nicteam::team
