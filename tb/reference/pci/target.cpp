#include "reference/pci/target.h"

#include <algorithm>

namespace reference::pci {

void target::driven::drive(std::uint32_t word, bool wrong_parity) {
    wrong = wrong_parity;
    fresh = !on || word != value;
    on = true;
    value = word;
    of.ad.drive(ad, word);
}

void target::driven::release() {
    if (on) of.ad.release(ad);
    on = false;
}

void target::driven::parity() {
    const unsigned enables = of.cbe.value();
    if (fresh) lanes = lanes_of(enables);        // lanes that nobody asked for count as 0, as long as the word stays
    fresh = false;
    if (on) of.par.drive(par, (odd(value & lanes) != odd(enables)) != wrong);
    else if (par_on) of.par.release(par);
    par_on = on;
}

target::target(sc_core::sc_module_name name, const target_setup& s, pins& p, rising_clock& clock, noise& wrong)
    : sc_module(name),
      setup_(s),
      pins_(p),
      noise_(wrong),
      devsel_(p.devsel),
      trdy_(p.trdy),
      stop_(p.stop),
      ack64_(p.ack64),
      perr_(p.perr),
      serr_(p.serr.add_driver()),
      low_(p.low),
      high_(p.high) {
    SC_METHOD(edge);
    sensitive << clock.edge;
    dont_initialize();
}

// FRAME# falls only where a tenure begins, behind an idle clock or not.
void target::edge() {
    ++n_;
    low_.parity();
    high_.parity();
    if (const bool bad = received_.wrong(pins_.low) && wrong_word(received_word_); bad || !perr_.quiet()) perr_.set(bad);
    if (addressed_.wrong(pins_.low) && wrong_address()) pins_.serr.drive(serr_, false);
    else pins_.serr.release(serr_);
    const bool begins = pins_.frame.low() && !frame_was_low_, second = second_address_;
    second_address_ = false;
    if (begins) addressed_.received(pins_.low, ~0u);
    if (busy_) {
        during();
        was_mine_ = !busy_;
    } else {
        if (second) decode(address_ | std::uint64_t{pins_.low.ad.value()} << 32);
        else if (begins && pins_.low.cbe.value() == dual_address_cycle) address_ = pins_.low.ad.value(), second_address_ = true;
        else if (begins) decode(pins_.low.ad.value());
        if (!busy_) for (sustained* s : {&devsel_, &trdy_, &stop_, &ack64_}) if (!s->quiet()) s->set(false);
        was_mine_ = false;
    }
    frame_was_low_ = pins_.frame.low();
    was_idle_ = pins_.idle();
    each_edge();
}

bool target::claims(std::uint64_t address) const {
    const unsigned c = pins_.low.cbe.value();
    if (is_configuration(c)) return selected();
    return is_io(c) == setup_.io && address - setup_.base < setup_.size;
}

void target::plan(std::uint64_t) {
    const auto pick = [this](const auto& list) { return list[tenures_ % list.size()]; };
    first_wait_ = pick(setup_.first_wait);
    const char reply = pick(setup_.pattern);
    next_wait_ = pick(setup_.next_wait);
    ++tenures_;
    ending how = none;
    std::uint32_t words = 0;
    if (setup_.boundary) {
        how = setup_.boundary_with_data ? with_data : without_data;
        words = static_cast<std::uint32_t>((setup_.boundary - address_ / unit_ * unit_ % setup_.boundary + unit_ - 1) / unit_);
    }
    if (reply == 'r') how = retry, words = 0;
    if (reply == 'a') how = abort, words = 0;
    if (reply == 'b') how = abort, words = setup_.abort_words;
    answer(how, words);
}

void target::answer(ending how, std::uint32_t words) {
    how_ = how;
    words_ = words;
    const unsigned d = devsel_clocks_;
    due_ = address_edge_ + (write_ ? d : std::max(2u, d)) + first_wait_;           // 2.2
    if (how_ == retry) due_ = address_edge_ + d + first_wait_;                     // 2.6
    if (how_ == abort && words_ == 0) due_ = address_edge_ + d + 1 + first_wait_;
}

void target::decode(std::uint64_t address) {
    if (!claims(address)) return;
    busy_ = true;
    stopped_ = false;
    address_edge_ = n_;
    write_ = is_write(pins_.low.cbe.value());
    address_ = address & ~3ull;
    unit_ = setup_.wide && pins_.req64.low() ? 8 : 4;
    passed_ = 0;
    words_before_ = noise_.words;
    both_halves_ = pins_.req64.low() && (address_ & 4u);
    // Another target may still drive DEVSEL#, TRDY# and STOP# high: 2.12.
    const bool follows = !was_idle_ && !frame_was_low_;
    devsel_clocks_ = follows && !was_mine_ ? std::max(2u, setup_.devsel) : setup_.devsel;
    plan(address);
    during();
}

void target::during() {
    if (n_ == address_edge_ + 1) look_at_enables(pins_.low.cbe.value());
    if (n_ != address_edge_) {
        const bool moved = trdy_.low() && pins_.irdy.low();
        if (moved && write_) {
            received_.received(pins_.low, ~0u);
            received_word_ = passed_;
        }
        if (moved) { ++passed_; due_ = n_ + 1 + next_wait_; word_passed(pins_.low.cbe.value()); }
        if (stop_.low()) stopped_ = true;
        if (pins_.frame.high() && (moved || stopped_)) { finish(); return; }
    }
    bool devsel = n_ + 1 >= address_edge_ + devsel_clocks_, trdy = false, stop = false;
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
    ack64_.set(devsel && unit_ == 8);
    trdy_.set(trdy);
    stop_.set(stop);
    if (!write_ && n_ + 1 >= address_edge_ + std::max<std::int64_t>(2, devsel_clocks_)) drive_data();
}

void target::finish() {
    busy_ = false;
    tenure_over();
    for (sustained* s : {&devsel_, &trdy_, &stop_, &ack64_}) s->set(false);
    low_.release();
    high_.release();
}

// Once no more words come the last one stays; an answer without any drives 0.
void target::drive_data() {
    if (low_.on && how_ != none && passed_ == words_) return;
    const bool nothing = how_ != none && words_ == 0;
    const bool lane = passed_ != 0 || (!(pins_.low.cbe.value() & 1u) && !both_halves_);
    const noise::hit hit = nothing ? noise::hit{} : noise_.at(words_before_, passed_, lane);
    low_.drive(nothing ? 0 : memory_word(lower_dword(address_, passed_, unit_)) ^ (hit.flip && hit.wrong()),
               hit.wrong() != drives_wrong(passed_));
    if (unit_ == 8) high_.drive(nothing ? 0 : memory_word(upper_dword(address_, passed_)), false);
}

}  // namespace reference::pci
