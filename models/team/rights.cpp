// Asks the one policy of rights (engine_rights.h): what is known of each port goes in, and what its engines may do for whom is told to packets, jobs and the service.
#include "nicteam/rings/entries.h"
#include "team/links.h"
#include "team/rehomer.h"

namespace nicteam::team {
namespace {

using rights_to = engine_rights;
constexpr std::uint64_t bit(unsigned n) { return std::uint64_t{1} << n; }

rights_to::work kind_of(bool inbound) { return inbound ? rights_to::decrypts : rights_to::encrypts; }

}  // namespace

// What a driver never said that it does, it cannot be told to have lost.
bool augmentation_layer_250::machinery::look_at_engines(unsigned port) {
    engines_of& e = engines[port];
    rights_to::port p;
    p.unit = unit_of(port);
    p.protects = port < members.size() && ports->able(port).protects;
    e.protected_once |= p.protects;
    p.there = port < members.size() ? members[port].present : e.there;
    p.in_use[rights_to::encrypts] = !e.out_of_use[rights_to::encrypts] && (p.protects || !e.protected_once);
    p.in_use[rights_to::decrypts] = !e.out_of_use[rights_to::decrypts];
    p.known = e.there;                                   // a card is the one that its operator named
    if (port < members.size()) {
        const identity& i = *identities[port];
        p.known = i.known;
        p.accepted = !i.refused;
        p.trusted = config.accepts.empty();
        p.lends[rights_to::encrypts] = p.lends[rights_to::digests] = i.asked.secondary_out;
        p.lends[rights_to::decrypts] = i.asked.secondary_in;
    }
    return may_work.tell(port, p);
}

// A job has met it. Those to encrypt its driver tells too, in line or not (decision 175); those that decrypt nobody else.
void augmentation_layer_250::machinery::look_at_job(host::cpu& c, unsigned port, const driver::crypto_job& j) {
    if (j.service != driver::job_service::ipsec || j.result != driver::status::failed || j.detail != rings::name(rings::reason::without_engines)) return;
    engines[port].out_of_use[kind_of(j.inbound)] = true;
    if (look_at_engines(port)) rights_changed(c);
}

// Whatever its driver tells of a device, its engines may have been reset: who asks them finds out.
void augmentation_layer_250::machinery::card_changed(host::cpu& c, unsigned port, bool there) {
    engines[port] = {there};
    if (look_at_engines(port)) rights_changed(c);
}

void augmentation_layer_250::machinery::rights_changed(host::cpu& c) {
    if (!begun) return;
    verify(c);
    if (rehoming) rehoming->active_is(c, setup.mode->active());
    present(c, false);                                   // before jobs end for which nobody is left: then the user sends more
    service->reconsider(c);
    judge_members(c);
}

// 352: software that is one more engine counts.
bool augmentation_layer_250::machinery::several(rights_to::work w) const {
    const unsigned software = setup.sharing.software == static_cast<unsigned>(secondary::software_use::another);
    return may_work.workers(w) + software > 1;
}

// Cards and software do what they hold. Where an association moves with the active member, that one gets no jobs under it: what it encrypts in line draws its
// numbers in another order. A job that shall be sent is for members that may send for others.
std::uint64_t augmentation_layer_250::machinery::allowed(state::handle name, bool inbound, bool transmit) const {
    std::uint64_t all = may_work.may(kind_of(inbound)) | (transmit ? 0 : ~may_work.of_ports());
    const bool moves = rehoming && rehoming->moves(name);
    for (unsigned n = 0; n < port_count() && (moves || transmit); ++n) {
        if (unit_of(n) < 0) continue;
        const bool is_member = n < members_count(), in_line = moves && is_member && !inbound && n == setup.mode->active() && ports->able(n).protects;
        const bool may = !in_line && (!moves || !is_member || rehoming->lies_in(name, n)) && (!transmit || (is_member && may_send_for_others(n)));
        if (!may) all &= ~bit(static_cast<unsigned>(unit_of(n)));
    }
    return all;
}

// Of those that may, a unit with packets in line under the association takes jobs when they are out. What a member does for itself nobody else does.
secondary::crypto_service::rights augmentation_layer_250::machinery::rights_of(const secondary::task& t) const {
    const bool of_ipsec = t.service == driver::job_service::ipsec, of_team = t.by == own_number || t.by == users_number;
    const rights_to::work kind = of_ipsec ? kind_of(t.inbound) : rights_to::digests;
    const bool spread = several(kind);
    if (!of_team || !of_ipsec) return {(of_team ? may_work.may(kind) : may_work.open(kind)) | ~may_work.of_ports(), 0, spread};
    const unsigned own_of = static_cast<const work&>(t).own_of;
    std::uint64_t all = own_of == no_member ? allowed(t.association, t.inbound, t.transmit) : may_work.may(rights_to::encrypts) & bit(static_cast<unsigned>(unit_of(own_of)));
    std::uint64_t busy = 0;
    for (unsigned n = 0; n < members_count() && !t.inbound; ++n)
        if (unit_of(n) >= 0 && t.association && !ways.may_have_jobs(t.association, n)) busy |= bit(static_cast<unsigned>(unit_of(n)));
    return {all & ~busy, all & busy, spread};
}

bool augmentation_layer_250::machinery::any_engine(state::handle name, bool inbound, bool transmit, std::uint64_t among) const {
    const std::uint64_t may = allowed(name, inbound, transmit) & among;
    for (unsigned n = 0; n < service->engines(); ++n)
        if (may & bit(n) && pool().in_unit(name, n)) return true;
    return false;
}

}  // namespace nicteam::team
