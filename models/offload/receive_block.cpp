#include "nicteam/offload/receive_block.h"

#include <algorithm>

#include "nicteam/ipsec/transform_service.h"
#include "offload/receive_machinery.h"

namespace nicteam::offload {

receive_block::machinery::machinery(receive_block& b, const crypto_config& c, receive_block_user& u)
    : config(checked(c)), clock(c.period), user(u), station(sim::bind_station(b)), count(b), known(c.associations, 0, engine_set(c.engines, c.coupling), way::in),
      bank(b, clock, engines), health(health_of(c)), path_152(*this), timers("timers", b, slots) {
    for (unsigned i = 0; i < static_cast<unsigned>(crypto_probe::count); ++i) probes[i] = &sim::bind_probe(b, crypto_info.probes.rows[i]);
    bind_engine_faults(b, health);
    if (c.duplicates) known.table.take_copies();
    station.holding = [this](const sim::station::claim& k) { claim(k); };
    sim::session::current().bind_keeper(b.name(), [this](ps at) { return places(at); });
    make();
}

void receive_block::machinery::make() {
    all.reset();
    // What both directions share goes on: the other one may be at it.
    if (!config.engines_shared) bank.stop(sim::now());
    all = std::make_unique<receive_parts>(config, clock, bank.pool, *this, path_152, user);
}

maybe_link receive_block::machinery::lane_of_140() {
    return over_152(config.feedback_input) ? lane_of_21a(config, [this](std::uint32_t n) { path_152.far->passes_link(n); }) : lane_of_21a(config, count.link_to_21a);
}

void receive_block::machinery::plan() {
    const ps next = all->next(), fragments = all->again.next_timeout();
    timers.set(step_slot, std::min(next, fragments));
}

void receive_block::machinery::step(ps at) {
    if (all->again.next_timeout() <= at) {
        all->again.expire(at);
        give_up(at);
    }
    for (bool again = true; again;) {
        again = false;
        for (timed* b : all->blocks)
            if (b->next() == at) b->advance(at), again = true;
    }
    show(at);
    plan();
}

receive_block::receive_block(sc_core::sc_module_name n, const crypto_config& c, receive_block_user& u)
    : sc_module(n), machinery_(std::make_unique<machinery>(*this, c, u)) {}
receive_block::~receive_block() = default;

void receive_block::due(unsigned slot, ps at) {
    if (slot == machinery::step_slot) return machinery_->step(at);
    machinery_->draw(at);
    machinery_->show_engines(at);
}

void receive_block::begin(const frame_ref& f, const span& octets) {
    ref<carried> p(new carried);
    p->arrived = f;
    p->id = f->id;
    p->octets = static_cast<std::uint32_t>(octets.units());
    if (ipsec::transform_service::ahead()) machinery_->foresee(*p);
    p->past_21a = machinery_->config.bypass && !p->needs_21a();
    machinery_->all->in_142.begin(p, octets, sim::now());
    machinery_->plan();
    machinery_->user.changed_142(sim::now());
}

void receive_block::replan(const span& octets) {
    machinery_->all->in_142.replan(octets, sim::now());
    machinery_->plan();
    machinery_->user.changed_142(sim::now());
}

bool receive_block::arriving() const { return machinery_->all->in_142.arriving() || machinery_->lost_arriving; }

void receive_block::end(const frame_ref& f, bool good) {
    machinery& m = *machinery_;
    const ps at = sim::now();
    if (const item_ref& p = m.all->in_142.arrives()) {
        of(*p).arrived = f;
        if (good) of(*p).look();
    }
    const bool passing = m.all->in_142.passing();
    m.all->in_142.end(good, at);
    if (!m.lost_arriving && good) {
        m.count.frames.add();
        if (!passing) m.station.passed(f->id, row(crypto_stage::in_142), at);
    } else if (m.lost_arriving) {
        if (good) m.station.ended(f->id, row(crypto_outcome::lost_142), at);
        else {                                  // the MAC has a reason of its own
            m.count.lost_142.take_back();
            if (!of(*m.lost_arriving).needs_21a()) m.count.lost_plain.take_back();
        }
        m.lost_arriving = {};
    }
    m.show(at);
    m.plan();
}

void receive_block::room_again() {
    machinery_->all->out.offers_changed(sim::now());
    machinery_->plan();
}

std::uint32_t receive_block::level_142(ps at) const { return machinery_->all->in_142.level(at); }
ps receive_block::reaches_142(std::uint32_t octets) const { return machinery_->all->in_142.reaches(octets); }

void receive_block::reset(ps at) {
    machinery& m = *machinery_;
    m.claim([&](trace_id id) { m.station.ended(id, row(crypto_outcome::block_reset), at); });
    m.held.clear();
    m.forget_fetches();
    m.in_hand = nullptr;
    m.watch.clear();
    m.health.reset(at);
    m.lost_arriving = {};
    m.passed_until[0] = m.passed_until[1] = -1;
    if (m.observer) m.observer->stopped();
    if (m.path_152.far) m.path_152.far->forget_received(at);
    m.make();
    m.show(at);
    m.show_engines(at);
    m.plan();
}

std::string receive_block::install(const ipsec::association_parameters& p, ps at, ipsec::payload_kind payload) {
    machinery& m = *machinery_;
    if (std::string why = m.known.refusal(p); !why.empty()) return why;
    const auto added = m.table.add(p, at, 0, payload);
    if (!added.refused.empty()) return added.refused;
    m.known.added(added.handle);
    return {};
}

const ipsec::audit_trail& receive_block::audited() const { return machinery_->trail; }
void receive_block::fetch_from(association_source& s) { machinery_->source = &s; }
void receive_block::fetched(bool good, ps at) { machinery_->fetched(good, at); }
void receive_block::watch(joint_observer& o) { machinery_->observer = &o; }
void receive_block::watch(work_observer& o) { machinery_->worker = &o; }
ipsec::association_table& receive_block::associations() { return machinery_->table; }
served_associations& receive_block::known() { return machinery_->known; }

connection_table& receive_block::connections() { return machinery_->connections; }

engine_bank& receive_block::engines() { return machinery_->bank; }
engine_health& receive_block::health() { return machinery_->health; }
void receive_block::serve() { machinery_->timers.serve(); }
receive_end_152& receive_block::join_152(transmit_end_152& far) {
    machinery_->path_152.far = &far;
    return machinery_->path_152;
}

}  // namespace nicteam::offload
