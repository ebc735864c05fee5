// Work for engines of members, through links 206, 208 and 210, and of crypto cards: what is put on or taken off for members that cannot, and what users
// of the team submit (FIG. 6). Who does it is the service's to choose; the team says what each member is used for.
#include <algorithm>
#include <utility>

#include "nicteam/host/costs.h"
#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/ethernet.h"
#include "team/links.h"
#include "team/machinery.h"
#include "team/rehomer.h"

namespace nicteam::team {
namespace {

constexpr auto header = static_cast<std::uint32_t>(packet::ethernet_header);
constexpr std::uint64_t bit(unsigned n) { return std::uint64_t{1} << n; }

}  // namespace

work* augmentation_layer_250::machinery::new_work() {
    const auto at = std::find_if(works.begin(), works.end(), [](const auto& w) { return !w->in_use; });
    if (at == works.end()) return nullptr;
    work& w = **at;
    w.in_use = true;
    w.original = nullptr;
    w.asked = nullptr;
    w.allowed = ~std::uint64_t{0};
    w.own_of = no_member;
    w.service = driver::job_service::ipsec;
    w.place = nullptr;
    w.in_device = false;
    w.id = 0;
    return &w;
}

void augmentation_layer_250::machinery::release(work& w) {
    if (w.place) put(*w.place);
    w.place = nullptr;
    w.in_use = false;
}

void augmentation_layer_250::machinery::hand_over(host::cpu& c, work& w) {
    const driver::packet& p = *w.original;
    std::uint64_t from = p.pieces[0].address;
    if (p.pieces.size() > 1) {                           // a job's octets lie together
        c.spend(host::of(host::cost::copy_byte), p.bytes);
        std::array<std::uint8_t, room> octets;
        gather(p, octets.data(), c.now());
        from = w.place->address;
        ram.write(from, octets.data(), p.bytes, c.now());
    }
    w.source = w.transmit ? from : from + header;
    w.length = w.transmit ? p.bytes : p.bytes - header;
    place_result(w);
    w.home = rehoming ? rehoming->home() : no_member;
    if (!w.inbound) ways.asked(w.association);
    pass(w.id, w.inbound ? team_stage::forwarded_336 : team_stage::forwarded_316, c.now());
    const sim::in_hand at_work(station, w.id);
    service->submit(c, own_number, w);
}

void augmentation_layer_250::machinery::submit(host::cpu& c, driver::job& j) {
    auto* const asked = dynamic_cast<driver::crypto_job*>(&j);
    const char* why = !asked ? "unknown kind of job" : asked->transmit ? "a team sends by itself"
                      : asked->service == driver::job_service::ipsec && !any_engine(asked->association, asked->inbound, false) ? "no unit of the team has the association" : nullptr;
    work* w = why ? nullptr : new_work();
    if (!w) {
        j.result = why ? driver::status::refused : driver::status::no_room;
        j.detail = why ? why : "too many jobs are under way";
        if (above.user()) above.user()->finished(c, j);
        return;
    }
    w->kind = work::what::of_user;
    w->asked = asked;
    w->service = asked->service;
    w->association = asked->association;
    w->inbound = asked->inbound;
    w->transmit = false;
    w->source = asked->source, w->destination = asked->destination;
    w->length = asked->length, w->room = asked->room;
    if (!w->inbound && w->association) ways.asked(w->association);
    service->submit(c, users_number, *w);
}

void augmentation_layer_250::machinery::finished(host::cpu& c, unsigned port, driver::job& j) { links[port]->done(c, dynamic_cast<driver::crypto_job&>(j)); }

void augmentation_layer_250::machinery::concluded(host::cpu& c, work& w) {
    const bool good = w.result == driver::status::done && w.verdict == static_cast<std::uint8_t>(ipsec::outcome::done);
    if (!w.inbound && w.association) ways.ended(w.association);
    if (w.own_of != no_member) ended_by_own_ring(c, w, good);
    if (w.asked) {
        driver::crypto_job& to = *w.asked;
        to.result = w.result;
        to.detail = w.detail;
        to.verdict = w.verdict;
        to.octets = w.written;
        to.sequence = w.sequence;
        release(w);
        if (above.user()) above.user()->finished(c, to);
    } else if (!good) {
        not_done(c, w);
    } else if (w.kind == work::what::out) {
        encrypted(c, w);
    } else {
        decrypted(c, w);
    }
    relieve(c);
}

// 318: it has come back, and goes on as regular data of its destination (320); one that the backup sent is done.
void augmentation_layer_250::machinery::encrypted(host::cpu& c, work& w) {
    driver::packet& p = *w.original;
    const bool by_backup = w.own_of == no_member;
    if (by_backup) count(step::encrypted_318);
    if (w.transmit) {
        if (by_backup) count(step::sent_by_backup);
        else if (one_active) count(step::primary_368);
        end(p.id, team_outcome::put_on, c.now());
        release(w);
        return hand_up(c, p, driver::status::done);
    }
    if (lost_with_member(c, w)) return;
    carrier& k = *std::exchange(w.place, nullptr);
    repackage(w, k, c.now());
    k.packet.id = made_of(p.id, k.packet.bytes, c.now());
    end(p.id, team_outcome::put_on, c.now());
    pass(k.packet.id, team_stage::returned_320, c.now());
    if (by_backup) count(step::returned_320);
    const choice where = w.where;
    release(w);
    k.original = &p;
    if (one_active && where.to.count) count(step::primary_368);
    depart(c, k, where);
}

void augmentation_layer_250::machinery::not_done(host::cpu& c, work& w) {
    driver::packet& p = *w.original;
    const auto verdict = static_cast<ipsec::outcome>(w.verdict);
    const bool in = w.kind == work::what::in, unknown = w.transmit && w.job.unknown;
    const bool refused = w.result == driver::status::done;      // a window, or it does not verify
    const bool replayed = refused && (verdict == ipsec::outcome::replayed || verdict == ipsec::outcome::too_old);
    const unsigned port = w.port;
    const choice where = w.where;
    const unsigned own_of = w.own_of;
    const bool again = !in && !refused && !unknown, was_to_send = w.transmit;
    const bool moved = (rehoming && w.home != rehoming->home()) || (own_of != no_member && !is_of_now(where));
    const std::uint64_t tried = own_of == no_member ? 0 : bit(static_cast<unsigned>(unit_of(own_of)));
    release(w);
    if (again && was_to_send) restore(p.pieces[0].address, p.pieces[0].bytes, c.now());      // under whose address it was to leave
    if (again && moved) return send_on(c, p);            // it waited where its association is no more, or its mode names another: by whom that names now
    if (again && tried) return to_backup(c, p, where, ~tried);
    if (!in) return drop(c, p, team_metric::jobs_failed, unknown ? team_outcome::unknown : team_outcome::job_failed, driver::status::failed);
    count(replayed ? team_metric::replayed : refused ? team_metric::not_authentic : team_metric::jobs_failed);
    end(p.id, replayed ? team_outcome::replayed : refused ? team_outcome::not_authentic : team_outcome::job_failed, c.now());
    give_back_below(c, port, p);
}

work* augmentation_layer_250::machinery::own_work_of(const driver::crypto_job& j) const {
    if (!by_own_rings) return nullptr;
    const auto of = std::find_if(works.begin(), works.end(), [&](const auto& w) { return w->in_use && &w->job == &j; });
    return of != works.end() && (*of)->own_of != no_member ? of->get() : nullptr;
}

// What its ring sent is its regular traffic.
void augmentation_layer_250::machinery::ended_by_own_ring(host::cpu& c, const work& w, bool done) {
    --by_own_rings;
    if (!w.transmit) return;
    member& m = members[w.own_of];
    const std::uint32_t octets = w.original->bytes;
    m.waiting_octets -= std::min<std::uint64_t>(m.waiting_octets, octets);
    if (done) sent_octets[w.own_of]->add(octets);
    else m.sent_octets -= octets;
    if (rehoming) rehoming->quiet(c, w.own_of);
}

// A member that cannot carry traffic works all the same, and is loaded first (¶49); idle ones next; those that carry it as far as they have
// room (FIG. 6, 366 to 372). When all carry it there is no difference.
void augmentation_layer_250::machinery::show_uses(host::cpu& c) {
    for (unsigned n = 0; n < members_count(); ++n) {
        if (unit_of(n) < 0) continue;
        const auto use = !members[n].usable ? secondary::engine_use::defective : setup.mode->carries(n) ? secondary::engine_use::active : secondary::engine_use::idle;
        const auto engine = static_cast<unsigned>(unit_of(n));
        if (service->setting(engine).use != use) service->use(c, engine, use);
    }
}

}  // namespace nicteam::team
