#include "nic/transmit/transmit_path.h"

#include <algorithm>
#include <stdexcept>

#include "nic/crossing.h"

namespace nicteam::nic {
namespace {

// Configure byte 7 bits 2:1: bytes in the FIFO before each retry; UINT32_MAX: the whole frame (SDM 6.4.2.3).
constexpr std::uint32_t whole = UINT32_MAX;
struct retry_row {
    unsigned steps;
    std::uint32_t bytes[3];
};
constexpr retry_row retries[4] = {{0, {}}, {1, {whole}}, {2, {512, whole}}, {3, {512, 1024, whole}}};

}  // namespace

void transmit_path::clear(ps at) {
    for (std::size_t i = 0; i < count_; ++i) this->at(i).frame.data = {};
    head_ = count_ = waiting_ = sending_ = 0;
    load_ = nullptr;
    if (state_ != mac_state::waiting) {
        last_end_ = at;
        if (setup_.medium) setup_.medium->ended(setup_.octet.at_or_after(at));
    }
    if (setup_.medium) setup_.medium->next_frame();
    state_ = mac_state::waiting;
    not_before_ = 0;
    forget_pause();
    next_ = since_ = never;
}

void transmit_path::open(const transmit_frame& f) {
    if (!fits(f.bytes)) throw std::logic_error("transmit_path: a frame must fit into the FIFO");
    if (count_ == ring_.size()) throw std::logic_error("transmit_path: too many frames");
    slot& s = at(count_++);
    s.frame = f;
    s.in.clear();
    s.taken = 0;
    s.step = 0;
    s.loaded = s.over = false;
    s.ended = s.released = never;
    load_ = &s;
    replan();
}

void transmit_path::drop_released(ps n) {
    while (count_ && at(0).loaded && released(at(0), n) && &at(0) != load_) {
        at(0).frame.data = {};
        head_ = (head_ + 1) % ring_.size();
        --count_;
        --waiting_;
    }
    // Those that were refused behind a frame that waits.
    for (std::size_t i = waiting_; i < count_;) {
        if (!at(i).loaded || !released(at(i), n) || &at(i) == load_) {
            ++i;
            continue;
        }
        const bool open = load_ == &at(count_ - 1);
        for (std::size_t k = i; k + 1 < count_; ++k) std::swap(at(k), at(k + 1));
        at(--count_).frame.data = {};
        if (open) load_ = &at(count_ - 1);
    }
}

std::uint32_t transmit_path::used(ps n) const {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < count_; ++i)
        if (!released(at(i), n)) sum += at(i).taken;
    return sum;
}

unsigned transmit_path::held(ps n) const {
    unsigned sum = 0;
    for (std::size_t i = 0; i < count_; ++i)
        if (at(i).taken && !released(at(i), n)) ++sum;
    return sum;
}

ps transmit_path::next_request(std::uint32_t left, ps earliest) { return first_room(std::min(setup_.dual_port, left), load_->taken > 0, earliest); }

ps transmit_path::first_room(std::uint32_t want, bool begun, ps earliest) {
    drop_released(earliest);
    // What is free changes only at the edges at which frames are released.
    ps n = earliest;
    for (;;) {
        const bool room = setup_.fifo_bytes >= used(n) + want;
        const bool place = begun || held(n) < setup_.two_frames;
        if (room && place) return n;
        ps later = never;
        for (std::size_t i = 0; i < count_; ++i)
            if (at(i).over && at(i).released > n) later = std::min(later, at(i).released);
        if (later == never) return never;
        n = later;
    }
}

void transmit_path::leave(slot& s, ps at) {
    s.over = true;
    s.ended = at;
    s.released = setup_.pci.after(at, edges_to_cross);
    while (waiting_ < count_ && this->at(waiting_).over) ++waiting_;
}

void transmit_path::hand_on(ps at) { leave(this->at(waiting_), at); }

void transmit_path::discard(ps at) { leave(*load_, at); }

std::uint32_t transmit_path::take(ps decision, std::uint32_t first, std::uint32_t left) {
    slot& s = *load_;
    const bool gone = released(s, decision);
    const std::uint32_t others = used(decision) - (gone ? 0 : s.taken);
    const std::uint32_t own = gone ? 0 : first;
    const std::uint32_t room = setup_.fifo_bytes - std::min(setup_.fifo_bytes, others + own);
    const std::uint32_t bytes = gone ? left : std::min(left, room);
    s.taken = first + bytes;
    return bytes;
}

void transmit_path::planned(std::uint32_t first, unsigned lead, unsigned word_bytes, const span& words) {
    load_->in.plan(first, load_->taken - first, lead, word_bytes, words);
    replan();
}

void transmit_path::give(std::uint32_t first, ps at) {
    load_->in.give(first, at);
    replan();
}

std::uint32_t transmit_path::needed(const slot& s) const {
    if (s.step == 0) return s.frame.threshold;
    return std::min(s.frame.bytes, retries[s.frame.retry & 3].bytes[s.step - 1]);
}

ps transmit_path::behind_last() const {
    if (last_end_ < 0) return hung_until_;
    return std::max(hung_until_, setup_.octet.at_or_after(last_end_ + (1 + setup_.gap_octets) * setup_.octet.period() + setup_.extra_gap));
}

ps transmit_path::frame_start() {
    if (waiting_ >= count_) return never;
    const slot& s = at(waiting_);
    const ps filled = s.in.when(needed(s) - 1);
    if (filled == never) return never;
    const ps start = std::max(setup_.octet.after(filled + setup_.stage_clocks * setup_.octet.period(), edges_to_cross), behind_last());
    if (paused_.lasts(start)) return paused_.until;
    if (!setup_.medium) return start;
    since_ = start;
    ready_ = std::max(start, not_before_);
    return setup_.medium->start(ready_);
}

void transmit_path::send_control(ps ready) {
    control_ready_ = std::min(control_ready_, ready);
    replan();
}

void transmit_path::withdraw_control() {
    if (control_ready_ == never) return;
    control_ready_ = never;
    replan();
}

void transmit_path::pause(ps from, ps until, ps now) {
    if (paused_.take(from, until, now)) medium_changed(now);
}

void transmit_path::forget_pause() {
    paused_ = {};
    control_ready_ = never;
}

void transmit_path::replan() {
    next_ = since_ = never;
    const ps octet = setup_.octet.period(), stage = setup_.stage_clocks * octet;
    switch (state_) {
    case mac_state::waiting:
        if (hung_until_ == never) return;
        next_ = frame_start();
        control_next_ = false;
        if (control_ready_ == never) return;
        if (const ps control = std::max(control_ready_, behind_last()); control <= next_) {
            next_ = control;
            control_next_ = true;
        }
        return;
    case mac_state::control: next_ = octets_.last(); return;
    case mac_state::sending: {
        const slot& s = at(waiting_);
        next_ = octets_.last();
        const ps first_data = octets_.first() + preamble_ * octet;
        const std::uint32_t late = s.in.first_late(first_data - stage, octet, s.frame.bytes);
        ending_ = late < s.frame.bytes ? ending::starves : ending::whole;
        if (ending_ == ending::starves) next_ = first_data + late * octet;
        sent_bytes_ = late;
        if (setup_.medium) {
            const ps seen = setup_.medium->collision(octets_.first(), next_);
            if (seen == never) return;
            ending_ = ending::collides;
            next_ = seen;
        }
        return;
    }
    case mac_state::jamming: next_ = octets_.last(); return;
    }
}

transmit_step transmit_path::advance(ps now) {
    slot& s = at(waiting_);
    sending_ = (head_ + waiting_) % ring_.size();
    const ps octet = setup_.octet.period();
    transmit_step what;
    if (state_ == mac_state::waiting && control_next_) {
        octets_.clear();
        preamble_ = setup_.preamble_octets;
        octets_.append({now, octet, preamble_ + control_octets});
        control_ready_ = never;
        state_ = mac_state::control;
        what = transmit_step::control;
    } else if (state_ == mac_state::control) {
        last_end_ = now;
        state_ = mac_state::waiting;
        what = transmit_step::control_sent;
    } else if (state_ == mac_state::waiting) {
        octets_.clear();
        preamble_ = setup_.preamble_octets;
        octets_.append({now, octet, preamble_ + s.frame.octets});
        sent_bytes_ = s.frame.bytes;
        collision_ = wire::collision_outcome::none;
        if (setup_.medium) {
            deferred_ = now > ready_ && setup_.medium->collisions() == 0;
            waited_ = now - since_;
        }
        state_ = mac_state::sending;
        what = transmit_step::start;
    } else if (state_ == mac_state::sending && ending_ == ending::collides) {
        // The preamble goes out whole (IEEE 802.3 4.2.3.2.4).
        const ps first_data = octets_.first() + preamble_ * octet, jam = std::max(now, first_data);
        sent_bytes_ = static_cast<std::uint32_t>((jam - first_data) / octet);
        collision_ = setup_.medium->collided(octets_.first(), now);
        octets_.cut(jam - 1);
        octets_.append({jam, octet, setup_.jam_octets});
        state_ = mac_state::jamming;
        what = transmit_step::collision;
    } else if (state_ == mac_state::sending && ending_ == ending::starves) {
        octets_.cut(now - 1);
        octets_.append({now, octet, setup_.jam_octets});
        state_ = mac_state::jamming;
        what = transmit_step::underrun;
    } else {
        what = transmit_step::good;
        if (collision_ != wire::collision_outcome::none) {
            what = collision_ == wire::collision_outcome::late       ? transmit_step::late
                   : collision_ == wire::collision_outcome::too_many ? transmit_step::too_many
                                                                     : transmit_step::back_off;
        } else if (state_ == mac_state::jamming) {
            ++s.step;
            what = s.step <= retries[s.frame.retry & 3].steps ? transmit_step::retry : transmit_step::given_up;
        }
        last_end_ = now;
        state_ = mac_state::waiting;
        if (setup_.medium) leave_medium(what, now);
        if (what != transmit_step::retry && what != transmit_step::back_off) {
            s.over = true;
            s.ended = now;
            s.released = setup_.pci.after(now, edges_to_cross);
            ++waiting_;
        }
    }
    replan();
    return what;
}

void transmit_path::medium_changed(ps now) {
    replan();
    // Between half and full duplex: what waited for the medium goes now.
    if (state_ == mac_state::waiting && next_ < now) next_ = setup_.octet.after(now);
}

void transmit_path::leave_medium(transmit_step what, ps now) {
    wire::medium_access& m = *setup_.medium;
    m.ended(now);
    collisions_ = m.collisions();
    const bool won = what == transmit_step::good && setup_.wait_after_win && collisions_;
    const unsigned slots = setup_.priority_slots + won;
    const ps gap_over = now + setup_.octet.period() + m.gap();
    if (what == transmit_step::back_off) not_before_ = std::max(m.back_off(now), gap_over) + slots * m.slot();
    else if (slots) not_before_ = gap_over + slots * m.slot();
    if (what != transmit_step::back_off && what != transmit_step::retry) m.next_frame();
}

ps transmit_path::held_by_priority(ps t) {
    if (!setup_.medium || !setup_.priority_slots || since_ == never || setup_.medium->carrier()) return 0;
    const wire::medium_access& m = *setup_.medium;
    const ps without = std::max({since_, m.gap_over(), not_before_ - setup_.priority_slots * m.slot(), priority_told_});
    const ps with = std::max(not_before_, m.gap_over() + m.yielded());
    priority_told_ = t;
    return std::max(ps{0}, std::min(t, with) - without);
}

std::uint32_t transmit_path::level(ps t) const {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < count_; ++i)
        if (!at(i).over || at(i).ended >= t) sum += std::min(at(i).in.passed(t), at(i).frame.bytes);
    return sum;
}

std::uint32_t transmit_path::reserved() const {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < count_; ++i)
        if (!at(i).over) sum += at(i).taken;
    return sum;
}

}  // namespace nicteam::nic
