#include "reference/pci/master.h"

#include <algorithm>
#include <cstdio>

#include "reference/kernel.h"

namespace reference::pci {

master::master(sc_core::sc_module_name name, const setup& s, unsigned number, pins& p, rising_clock& clock, std::string& log)
    : sc_module(name), setup_(s), own_(s.masters[number]), number_(number), pins_(p), log_(log), work_(own_.items),
      frame_(p.frame), irdy_(p.irdy), ad_(p.ad.add_driver()), cbe_(p.cbe.add_driver()), par_(p.par.add_driver()),
      idsel_(p.idsel.add_driver()) {
    SC_METHOD(edge);
    sensitive << clock.edge;
    dont_initialize();
}

void master::edge() {
    ++n_;
    now_ = setup_.phase + n_ * setup_.period;
    drive_parity();
    if (busy_) { during(!pins_.gnt[number_].read()); return; }
    if (!frame_.quiet()) frame_.set(false);
    if (!irdy_.quiet()) irdy_.set(false);
    const bool may_start = !pins_.gnt[number_].read() && pins_.idle();
    if (has_work()) {
        if (may_start) { begin(); return; }                                       // 1.3
        if (!req_low_) { req_low_ = true; request_ = n_ + 1; pins_.req[number_].write(false); }   // 1.1
    }
    park(may_start);
}

// Whoever has GNT# on an idle bus keeps AD, C/BE# and PAR from floating (PCI 2.2, 3.4.3).
void master::park(bool here) {
    if (here == ad_on_) return;
    ad_on_ = here;
    ad_value_ = cbe_value_ = 0;
    if (here) {
        pins_.ad.drive(ad_, 0);
        pins_.cbe.drive(cbe_, 0);
    } else {
        pins_.ad.release(ad_);
        pins_.cbe.release(cbe_);
    }
}

void master::begin() {
    const item& i = work_[next_];
    const bool mid_line = own_.cache_line != 0 && i.address % own_.cache_line != 0;
    command_ = i.command;
    if (command_ == memory_write_and_invalidate && mid_line) command_ = memory_write;   // whole lines only, PCI 2.2, 3.1.1
    if (!req_low_) request_ = n_ + 1;
    req_low_ = false;
    pins_.req[number_].write(true);                                               // 1.2
    busy_ = true;
    address_edge_ = n_ + 1;
    words_ = words_of(i.address, i.bytes);
    passed_ = 0;
    last_ = words_ - 1;
    why_last_ = ending_ = {};
    claimed_ = false;
    data_.clear();
    frame_.set(true);
    irdy_.set(false);
    ad_on_ = true;
    ad_value_ = is_configuration(command_) ? i.address & 0x7FFu : is_io(command_) ? i.address : i.address & ~3u;
    pins_.ad.drive(ad_, ad_value_);
    cbe_value_ = command_;
    pins_.cbe.drive(cbe_, static_cast<std::uint8_t>(cbe_value_));
    if (is_configuration(command_)) pins_.idsel.drive(idsel_, 1u << (i.address >> 11 & 31u));
}

void master::during(bool granted) {
    const bool moved = irdy_.low() && pins_.trdy.low();
    if (n_ == address_edge_) pins_.idsel.release(idsel_);
    if (moved) { data_.push_back(now_); ++passed_; }
    if (pins_.devsel.low()) claimed_ = true;
    if (!ending_.empty()) { finish(ending_); return; }
    if (moved && !frame_.low()) {                                                 // the last data phase, 2.3
        finish(passed_ == words_ ? std::string_view("completed") : why_last_);
        return;
    }
    std::string_view stopped;
    if (pins_.stop.low()) stopped = !pins_.devsel.low() ? "target_abort" : passed_ ? "disconnect" : "retry";   // 2.6
    else if (!claimed_ && n_ == address_edge_ + 5) stopped = "master_abort";      // 2.7
    if (!stopped.empty()) {
        if (!frame_.low()) { finish(stopped); return; }
        ending_ = stopped;
        frame_.set(false);
        irdy_.set(true);
        if (moved) drive_word();
        return;
    }
    if (frame_.low()) {
        const item& i = work_[next_];
        if (n_ >= address_edge_ + own_.latency_timer && !granted) decide_last("latency_timer");             // 2.4
        if (i.limit >= 0 && n_ >= address_edge_ + i.limit) decide_last("limited");                         // 2.5
    }
    frame_.set(frame_.low() && passed_ < last_);
    irdy_.set(true);
    if (moved || n_ == address_edge_) drive_word();
}

// Takes effect if it ends the tenure earlier than what is decided already; at the same word the latency timer is the cause
// rather than a limit: 2.8.
void master::decide_last(std::string_view why) {
    const item& i = work_[next_];
    std::uint32_t word = passed_;
    if (command_ == memory_write_and_invalidate && own_.cache_line != 0)
        while (((i.address & ~3u) + 4 * (word + 1)) % own_.cache_line != 0) ++word;
    const bool sooner = word < last_, same = word == last_ && why_last_ == "limited" && why == "latency_timer";
    if (sooner || same) { last_ = word; why_last_ = why; }
}

void master::finish(std::string_view why) {
    frame_.set(false);
    irdy_.set(false);
    ad_on_ = false;
    pins_.ad.release(ad_);
    pins_.cbe.release(cbe_);
    busy_ = false;

    item& i = work_[next_];
    char text[160];
    const auto at = [&](std::int64_t n) { return static_cast<long long>(setup_.phase + n * setup_.period); };
    std::snprintf(text, sizeof text, "%u %X %08X %u %lld %lld ", number_, command_, i.address, words_, at(request_), at(address_edge_));
    log_ += text;
    log_ += runs_of(data_);
    std::snprintf(text, sizeof text, " %lld %u %s\n", at(n_ + 1), passed_, std::string(why).c_str());
    log_ += text;

    const std::uint32_t bytes = passed_ ? std::min(i.bytes, passed_ * 4 - i.address % 4) : 0;
    i.address += bytes;
    i.bytes -= bytes;
    if (i.bytes == 0 || why == "target_abort" || why == "master_abort") ++next_;
}

void master::drive_word() {
    const item& i = work_[next_];
    const std::uint32_t word = std::min(passed_, words_ - 1);
    ad_on_ = is_write(command_);
    if (ad_on_) {
        ad_value_ = written_word((i.address & ~3u) + 4 * word) & lanes_of(byte_enables(word));   // the others carry 0
        pins_.ad.drive(ad_, ad_value_);
    } else {
        pins_.ad.release(ad_);
    }
    cbe_value_ = byte_enables(word);
    pins_.cbe.drive(cbe_, static_cast<std::uint8_t>(cbe_value_));
}

// Low for each lane used.
unsigned master::byte_enables(std::uint32_t word) const {
    const item& i = work_[next_];
    if (word * 4 >= i.address % 4 && word * 4 + 4 - i.address % 4 <= i.bytes) return 0;
    unsigned n = 0xF;
    for (unsigned lane = 0; lane < 4; ++lane) {
        const std::int64_t byte = std::int64_t{word} * 4 + lane - i.address % 4;
        if (byte >= 0 && byte < i.bytes) n &= ~(1u << lane);
    }
    return n;
}

// One clock after the AD value that it covers.
void master::drive_parity() {
    if (ad_on_) pins_.par.drive(par_, odd(ad_value_) != odd(cbe_value_));
    else if (par_on_) pins_.par.release(par_);
    par_on_ = ad_on_;
}

}  // namespace reference::pci
