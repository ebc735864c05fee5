#include "reference/pci/master.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "reference/kernel.h"

namespace reference::pci {

void master::driven::drive(bool ad_on, std::uint32_t v, unsigned n, bool wrong_parity) {
    on = ad_on;
    wrong = wrong_parity;
    value = v;
    enables = n;
    if (on) of.ad.drive(ad, v);
    else of.ad.release(ad);
    of.cbe.drive(cbe, static_cast<std::uint8_t>(n));
}

void master::driven::release() {
    on = false;
    of.ad.release(ad);
    of.cbe.release(cbe);
}

void master::driven::parity() {
    if (on) of.par.drive(par, (odd(value) != odd(enables)) != wrong);
    else if (par_on) of.par.release(par);
    par_on = on;
}

master::master(sc_core::sc_module_name name, const setup& s, unsigned number, pins& p, rising_clock& clock, noise& wrong, std::string& log)
    : sc_module(name), setup_(s), own_(s.masters[number]), number_(number), pins_(p), noise_(wrong), log_(log), work_(own_.items),
      frame_(p.frame), irdy_(p.irdy), req64_(p.req64), perr_(p.perr), low_(p.low), high_(p.high), idsel_(p.idsel.add_driver()) {
    SC_METHOD(edge);
    sensitive << clock.edge;
    dont_initialize();
}

void master::edge() {
    ++n_;
    now_ = setup_.phase + n_ * setup_.period;
    low_.parity();
    high_.parity();
    if (const bool bad = received_.wrong(pins_.low) && wrong_word(received_dword_); bad || !perr_.quiet()) perr_.set(bad);
    if (written_before_.on && pins_.perr.low()) perr_seen(written_before_.came_so);
    written_before_ = std::exchange(written_last_, {});
    each_edge();
    if (busy_) { during(!pins_.gnt[number_].read()); return; }
    choose();
    const bool may_start = !pins_.gnt[number_].read() && pins_.idle();
    if (has_work()) {
        if (may_start) { begin(); return; }                                       // 1.3
        if (!req_low_) { req_low_ = true; request_ = n_ + 1; pins_.req[number_].write(false); }   // 1.1
    } else if (req_low_ && may_start) {                                           // 1.5: nothing left to do
        req_low_ = false;
        pins_.req[number_].write(true);
    }
    if (!frame_.quiet()) frame_.set(false);
    if (!req64_.quiet()) req64_.set(false);
    if (!irdy_.quiet()) irdy_.set(false);
    park(may_start);
}

// Whoever has GNT# on an idle bus keeps AD, C/BE# and PAR from floating (PCI 2.2, 3.4.3).
void master::park(bool here) {
    if (here == low_.on) return;
    if (here) low_.drive(true, 0, 0);      // PAR is right: nothing is meant by it
    else low_.release();
}

void master::frame(bool low) {
    frame_.set(low);
    req64_.set(low && wide_);
}

void master::begin() {
    const item& i = work_[next_];
    command_ = i.repeat ? i.repeat : i.command;
    bytes_ = i.bytes;
    if (command_ == memory_write_and_invalidate) {                                // whole lines only, PCI 2.2, 3.1.1
        const unsigned line = own_.cache_line;
        if (line == 0 || i.address % line != 0 || bytes_ < line) command_ = memory_write;
        else bytes_ -= bytes_ % line;
    }
    if (!req_low_) request_ = n_ + 1;
    req_low_ = false;
    pins_.req[number_].write(true);                                               // 1.2
    busy_ = true;
    wide_ = setup_.wide && own_.wide && is_memory(command_) && words_of(i.address, bytes_, 8) >= 2;     // 2.10
    unit_ = wide_ ? 8 : 4;
    const bool dual = is_memory(command_) && i.address >> 32 != 0;
    address_edge_ = n_ + 1;
    origin_ = address_edge_ + dual;
    words_ = words_of(i.address, bytes_, unit_);
    passed_ = 0;
    last_ = words_ - 1;
    why_last_ = ending_ = {};
    claimed_ = false;
    data_.clear();
    frame(true);
    irdy_.set(false);
    const auto address = static_cast<std::uint32_t>(is_configuration(command_) ? i.address & 0x7FCu
                                                    : is_io(command_)          ? i.address
                                                                               : i.address & ~3ull);
    words_before_ = noise_.words;
    low_.drive(true, address, dual ? dual_address_cycle : command_, noise_.wrong_address());
    if (wide_) high_.drive(true, static_cast<std::uint32_t>(i.address >> 32), dual ? command_ : 0);
    if (is_configuration(command_)) pins_.idsel.drive(idsel_, 1u << (i.address >> 11 & 31u));
}

void master::second_address() {
    low_.drive(true, static_cast<std::uint32_t>(work_[next_].address >> 32), command_);
    frame(true);
    irdy_.set(false);
}

void master::during(bool granted) {
    if (n_ == address_edge_) pins_.idsel.release(idsel_);
    if (n_ < origin_) { second_address(); return; }
    const bool moved = irdy_.low() && pins_.trdy.low();
    if (moved) {
        const std::uint64_t dword = lower_dword(work_[next_].address, passed_, unit_);
        data_.push_back(now_);
        ++passed_;
        ++noise_.words;
        if (is_write(command_)) {
            written_last_ = {true, came_wrong(dword)};
        } else {
            received_.received(pins_.low, lanes_of(pins_.low.cbe.value()));
            received_dword_ = dword;
        }
    }
    if (pins_.devsel.low() && !claimed_) {
        claimed_ = true;
        if (wide_) settle_width();
    }
    if (!ending_.empty()) { finish(ending_); return; }
    if (moved && !frame_.low()) {                                                 // the last data phase, 2.3
        finish(passed_ == words_ ? std::string_view("completed") : why_last_, granted);
        return;
    }
    std::string_view stopped;
    if (pins_.stop.low()) stopped = !pins_.devsel.low() ? "target_abort" : passed_ ? "disconnect" : "retry";   // 2.6
    else if (!claimed_ && n_ == origin_ + 5) stopped = "master_abort";            // 2.7
    if (!stopped.empty()) {
        if (!frame_.low()) { finish(stopped); return; }
        ending_ = stopped;
        frame(false);
        irdy_.set(true);
        if (moved) drive_word();
        return;
    }
    if (frame_.low()) {
        const item& i = work_[next_];
        if (n_ >= address_edge_ + own_.latency_timer && !granted) decide_last("latency_timer");             // 2.4
        if (stops(i) || (i.limit >= 0 && n_ >= address_edge_ + i.limit)) decide_last("limited");                         // 2.5
    }
    frame(frame_.low() && passed_ < last_);
    irdy_.set(true);
    if (moved || n_ == origin_) drive_word();
}

// A 32-bit target takes the words one by one from the lower half.
void master::settle_width() {
    if (pins_.ack64.low()) return;
    unit_ = 4;
    words_ = words_of(work_[next_].address, bytes_, unit_);
    last_ = words_ - 1;
    const std::string_view why = why_last_;
    why_last_ = {};
    const std::uint32_t passed = passed_;
    passed_ = 0;                                                                  // decided before any word
    if (!why.empty()) decide_last(why);
    passed_ = passed;
    high_.release();
}

// Takes effect if it ends the tenure earlier than what is decided already; at the same word the latency timer is the cause
// rather than a limit: 2.8.
void master::decide_last(std::string_view why) {
    const item& i = work_[next_];
    std::uint32_t word = passed_;
    if (command_ == memory_write_and_invalidate)
        while ((i.address / unit_ * unit_ + unit_ * (std::uint64_t{word} + 1)) % own_.cache_line != 0) ++word;
    const bool sooner = word < last_, same = word == last_ && why_last_ == "limited" && why == "latency_timer";
    if (sooner || same) { last_ = word; why_last_ = why; }
}

void master::finish(std::string_view why, bool granted) {
    busy_ = false;
    item& i = work_[next_];
    char text[160];
    const auto at = [&](std::int64_t n) { return static_cast<long long>(setup_.phase + n * setup_.period); };
    std::snprintf(text, sizeof text, "%u %X%s %08llX %u %lld %lld ", number_, command_, claimed_ && unit_ == 8 ? "/64" : "",
                  static_cast<unsigned long long>(i.address), claimed_ || !wide_ ? words_ : words_of(i.address, bytes_), at(request_),
                  at(address_edge_));
    log_ += text;
    log_ += runs_of(data_);
    std::snprintf(text, sizeof text, " %lld %u %s\n", at(n_ + 1), passed_, std::string(why).c_str());
    log_ += text;

    const unsigned target = target_of(setup_, i.command, i.address);
    const std::uint32_t bytes =
        passed_ ? static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes_, std::uint64_t{passed_} * unit_ - i.address % unit_)) : 0;
    i.address += bytes;
    i.bytes -= bytes;
    i.repeat = why == "retry" ? command_ : 0;
    const bool over = i.bytes == 0 || why == "target_abort" || why == "master_abort";
    if (over) ++next_;
    attempt_over(i, over, why);
    if (over && why == "completed" && granted && may_follow(target)) {            // 2.12
        high_.release();
        begin();
        return;
    }
    frame(false);
    irdy_.set(false);
    low_.release();
    high_.release();
}

bool master::may_follow(unsigned target) const {
    if (own_.follow == 0 || !is_write(command_) || pins_.stop.low() || !has_work()) return false;
    const item& i = work_[next_];
    return own_.follow == 2 || (target != no_target && target_of(setup_, i.command, i.address) == target);
}

void master::drive_word() {
    const std::uint64_t address = work_[next_].address;
    const std::uint32_t word = std::min(passed_, words_ - 1);
    const std::uint64_t low = lower_dword(address, word, unit_);
    const bool lane = !(byte_enables(low) & 1u) && !(word == 0 && wide_ && (address & 4u));
    const noise::hit hit = is_write(command_) ? noise_.at(words_before_, word, lane) : noise::hit{};
    low_.drive(is_write(command_), written(low) ^ (hit.flip && hit.wrong()), byte_enables(low), hit.wrong() != came_wrong(low));
    if (!wide_ || unit_ != 8) return;
    const std::uint64_t high = upper_dword(address, word);
    high_.drive(is_write(command_), written(high), byte_enables(high));
}

bool master::came_wrong(std::uint64_t dword) const {
    const auto& wrong = work_[next_].wrong;
    return std::find(wrong.begin(), wrong.end(), dword) != wrong.end();
}

// What lies in lanes that are not enabled is 0.
std::uint32_t master::written(std::uint64_t dword) const {
    const std::int64_t fixed = work_[next_].data;
    return (fixed < 0 ? written_word(dword) : static_cast<std::uint32_t>(fixed)) & lanes_of(byte_enables(dword));
}

// Low for each lane used.
unsigned master::byte_enables(std::uint64_t dword) const {
    const item& i = work_[next_];
    if (dword >= i.address && dword + 4 <= i.address + bytes_) return 0;
    unsigned n = 0xF;
    for (unsigned lane = 0; lane < 4; ++lane)
        if (dword + lane >= i.address && dword + lane < i.address + bytes_) n &= ~(1u << lane);
    return n;
}

}  // namespace reference::pci
