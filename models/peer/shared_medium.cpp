#include "peer/shared_medium.h"

#include <algorithm>

#include "nicteam/packet/arp.h"
#include "nicteam/peer/peer.h"
#include "peer/peer_table.h"
#include "peer/receiver.h"

namespace nicteam::peer {

using wire::collision_outcome;

// What a frame under way met is settled at its end.
void peer::link_changed() {
    if (!line_ || !line_->link_up()) return;
    const bool was = std::exchange(half_duplex_, !line_->outcome().full_duplex);
    if (!half_duplex_) {
        if (was) tell_waiting(never);
        return receiver_->tell_carrier(nullptr);
    }
    const ps octet = wire::octets_time(1, line_->bits_per_second());
    if (!medium_) medium_ = std::make_unique<shared_medium>([this](std::uint64_t n) { return backoff_.below(n); }, [this] { medium_changed(); });
    medium_->set_octet(octet);
    if (!was) medium_->access.listen_anew();
    receiver_->tell_carrier(medium_.get());
}

void peer::tell_waiting(ps since) {
    if (since == medium_->told) return;
    count_waiting(sim::now());
    medium_->told = since;
    line_->waits(since);
}

void peer::count_waiting(ps until) {
    if (!medium_ || medium_->told == never) return;
    const ps from = std::max(medium_->told, medium_->counted_until);
    if (from >= until) return;
    waited_.add(static_cast<std::uint64_t>(until - from));
    medium_->counted_until = until;
}

void peer::medium_changed() {
    if (!sending_) return plan();
    if (medium_->collision == collision_outcome::none) agenda_.set(0, next_step());
}

// While sending: the frame's last octet, or the collision before it.
ps peer::next_step() const { return std::min(octets_.last(), medium_->access.collision(octets_.first(), octets_.last())); }

void peer::collide(ps at) {
    const ps octet = medium_->octet.period(), jam = std::max(at, octets_.first() + wire::preamble_octets * octet);
    medium_->collision = medium_->access.collided(octets_.first(), at);
    collisions_.add();
    octets_.cut(jam - 1);
    octets_.append({jam, octet, wire::jam_octets});
    agenda_.set(0, octets_.last());
    line_->replan(octets_);
}

// The last octet of the jam. What is on the wire stays the packet that has begun; the copy is what waits for the next attempt, or is lost.
void peer::jammed(ps at) {
    outgoing broken = std::move(current_);
    current_ = {};
    sending_ = false;
    const collision_outcome how = std::exchange(medium_->collision, collision_outcome::none);
    ref<frame> j = frame::make();
    const frame& f = *broken.data;
    const auto gone = static_cast<std::size_t>(octets_.units() - wire::preamble_octets - wire::jam_octets);
    j->data.assign(f.data.begin(), f.data.begin() + static_cast<std::ptrdiff_t>(std::min(gone, f.data.size())));
    j->data.insert(j->data.end(), wire::jam_octets, wire::jam_octet);
    j->id = f.id;
    j->parent = f.parent;
    trace_id copy = 0;
    if (f.id) {
        copy = station_.next_id();
        station_.born(copy, f.id, static_cast<std::uint32_t>(f.data.size()), at);
    }
    medium_->access.ended(at);
    medium_->free_since = medium_->behind(at);
    if (how == collision_outcome::back_off) {
        medium_->not_before = medium_->access.back_off(at);
        ref<frame> again = frame::make();
        again->data = f.data;
        again->fcs_known = f.fcs_known;
        again->id = copy;
        again->parent = f.id;
        medium_->again = {again, broken.quality};
    } else {
        lost_collisions_.add();
        if (packet::is_arp(f.data)) lost_arp_.add();
        medium_->access.next_frame();
        station_.ended(copy, peer_outcomes[how == collision_outcome::late ? o_late_collision : o_max_collisions], at);
    }
    if (capture_.on()) capture_.take(frame_ref(j), octets_.when(wire::preamble_octets), sim::direction::out, "collision");
    line_->end(frame_ref(j), wire::wire_end::collided);
    if (!sending_) plan();
}

}  // namespace nicteam::peer
