#include "reference/pci/target.h"

#include <algorithm>

namespace reference::pci {

target::target(sc_core::sc_module_name name, const target_setup& s, pins& p, rising_clock& clock)
    : sc_module(name), setup_(s), pins_(p), devsel_(p.devsel), trdy_(p.trdy), stop_(p.stop), ad_(p.ad.add_driver()),
      par_(p.par.add_driver()) {
    SC_METHOD(edge);
    sensitive << clock.edge;
    dont_initialize();
}

void target::edge() {
    ++n_;
    drive_parity();
    const bool idle = pins_.idle();
    if (busy_) {
        during();
    } else {
        if (!devsel_.quiet()) devsel_.set(false);
        if (!trdy_.quiet()) trdy_.set(false);
        if (!stop_.quiet()) stop_.set(false);
        if (was_idle_ && !idle && claims()) decode();
    }
    was_idle_ = idle;
}

bool target::claims() const {
    const unsigned c = pins_.cbe.value();
    if (is_configuration(c)) return setup_.device >= 0 && pins_.idsel.driven() && pins_.idsel.value() >> setup_.device & 1u;
    return is_io(c) == setup_.io && pins_.ad.value() - setup_.base < setup_.size;
}

void target::decode() {
    const auto pick = [this](const auto& list) { return list[tenures_ % list.size()]; };
    const unsigned first_wait = pick(setup_.first_wait);
    const char answer = pick(setup_.pattern);
    next_wait_ = pick(setup_.next_wait);
    ++tenures_;
    busy_ = true;
    stopped_ = false;
    address_edge_ = n_;
    write_ = is_write(pins_.cbe.value());
    address_ = pins_.ad.value() & ~3u;
    passed_ = 0;
    how_ = none;
    if (setup_.boundary) {
        how_ = setup_.boundary_with_data ? with_data : without_data;
        words_ = (setup_.boundary - address_ % setup_.boundary) / 4;
    }
    if (answer == 'r') how_ = retry, words_ = 0;
    if (answer == 'a') how_ = abort, words_ = 0;
    if (answer == 'b') how_ = abort, words_ = setup_.abort_words;

    const unsigned d = setup_.devsel;
    due_ = n_ + (write_ ? d : std::max(2u, d)) + first_wait;                       // 2.2
    if (how_ == retry) due_ = n_ + d + first_wait;                                 // 2.6
    if (how_ == abort && words_ == 0) due_ = n_ + d + 1 + first_wait;
    during();
}

void target::during() {
    if (n_ != address_edge_) {
        const bool moved = trdy_.low() && pins_.irdy.low();
        if (moved) { ++passed_; due_ = n_ + 1 + next_wait_; }
        if (stop_.low()) stopped_ = true;
        if (pins_.frame.high() && (moved || stopped_)) { finish(); return; }
    }
    bool devsel = n_ + 1 >= address_edge_ + setup_.devsel, trdy = false, stop = false;
    if (stopped_) {                                                                // until FRAME# is seen high
        stop = true;
        if (how_ == abort) devsel = false;
    } else if (n_ + 1 == due_) {
        const bool at_end = how_ != none && passed_ == words_;
        if (how_ == retry || (at_end && (how_ == without_data || how_ == abort))) {
            stop = true;
            if (how_ == abort) devsel = false;
        } else {
            trdy = true;
            stop = how_ == with_data && passed_ + 1 == words_;
        }
    }
    devsel_.set(devsel);
    trdy_.set(trdy);
    stop_.set(stop);
    if (!write_ && n_ + 1 >= address_edge_ + std::max<std::int64_t>(2, setup_.devsel)) drive_data();
}

void target::finish() {
    busy_ = false;
    devsel_.set(false);
    trdy_.set(false);
    stop_.set(false);
    if (ad_on_) pins_.ad.release(ad_);
    ad_on_ = false;
}

// Once no more words come the last one stays; an answer without any drives 0.
void target::drive_data() {
    if (ad_on_ && how_ != none && passed_ == words_) return;
    const std::uint32_t word = how_ != none && words_ == 0 ? 0 : memory_word(address_ + 4 * passed_);
    fresh_ = !ad_on_ || word != ad_value_;
    ad_on_ = true;
    ad_value_ = word;
    pins_.ad.drive(ad_, word);
}

void target::drive_parity() {
    const unsigned enables = pins_.cbe.value();
    if (fresh_) lanes_ = lanes_of(enables);      // lanes that nobody asked for count as 0, as long as the word stays
    fresh_ = false;
    if (ad_on_) pins_.par.drive(par_, odd(ad_value_ & lanes_) != odd(enables));
    else if (par_on_) pins_.par.release(par_);
    par_on_ = ad_on_;
}

}  // namespace reference::pci
