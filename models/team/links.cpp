#include "team/links.h"

#include <utility>

namespace nicteam::team {
namespace {

constexpr unsigned source_at = 6;         // of a frame: IEEE 802.3, 3.2.4

}  // namespace

void augmentation_layer_250::machinery::link::submit(host::cpu& c, driver::crypto_job& j) {
    if (!m.own_work_of(j)) {                     // that is regular traffic
        const bool carries = port < m.members.size() && m.members[port].usable && m.setup.mode->carries(port);
        m.count(m.one_active ? step::one_active_364 : step::uses_all_360);
        if (m.one_active) m.count(step::secondary_366);
        m.count(!m.one_active ? step::balanced_362 : carries ? step::interleaved_370 : step::balanced_372);
    }
    if (j.transmit && !m.write_source(j, port, c.now())) {
        j.result = driver::status::refused;
        return user_->finished(c, *this, j);
    }
    if (!as_destination(j)) return give(c, j);
    mac_address as;                              // its destination's
    m.ram.read(j.source + source_at, as.data(), as.size(), c.now());
    lent_.put(j, as);
    go_on(c);
}

void augmentation_layer_250::machinery::link::give(host::cpu& c, driver::crypto_job& j) {
    if (const state::handle name = numbered_of(j)) m.ways.given(name, port);
    m.ports->submit(c, port, j);
}

state::handle augmentation_layer_250::machinery::link::numbered_of(const driver::crypto_job& j) const {
    if (j.inbound || j.service != driver::job_service::ipsec || port >= m.members.size()) return {};
    return m.pool().name_of(static_cast<unsigned>(m.unit_of(port)), j.association);
}

// What the user asks for meanwhile may go under the same address.
void augmentation_layer_250::machinery::link::done(host::cpu& c, driver::crypto_job& j) {
    if (as_destination(j)) lent_.ended();
    if (const state::handle name = numbered_of(j)) m.ways.back(name, port);
    m.look_at_job(c, port, j);
    const bool outer = std::exchange(going_on_, true);
    user_->finished(c, *this, j);
    going_on_ = outer;
    go_on(c);
}

void augmentation_layer_250::machinery::link::changed(host::cpu& c) {
    lent_.changed(change.result == driver::status::done);
    const unsigned bit = 1u << port, now = lent_.borrows() ? m.borrowing | bit : m.borrowing & ~bit;
    if (change.result == driver::status::done) m.count(lent_.borrows() ? team_metric::addresses_taken : team_metric::addresses_given_back);
    m.borrowing = now;
    m.borrowing_probe.change(c.now(), now);
    go_on(c);
}

void augmentation_layer_250::machinery::link::again(host::cpu& c) {
    lent_.again();
    go_on(c);
}

// The adapter may answer at once: one goes round for all.
void augmentation_layer_250::machinery::link::go_on(host::cpu& c) {
    if (port >= m.members.size() || std::exchange(going_on_, true)) return;
    for (lent_address::step s = lent_.next(m.members[port].address); s.what != lent_address::act::none; s = lent_.next(m.members[port].address)) {
        switch (s.what) {
        case lent_address::act::give: give(c, *s.job); break;
        case lent_address::act::refuse:
            s.job->result = driver::status::not_done;
            user_->finished(c, *this, *s.job);
            break;
        default:
            change.mac = s.address;
            m.ports->request(c, port, change);
        }
    }
    going_on_ = false;
}

}  // namespace nicteam::team
