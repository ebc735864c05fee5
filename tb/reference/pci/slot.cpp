#include "reference/pci/slot.h"

#include <algorithm>
#include <deque>

#include "reference/clock.h"
#include "reference/kernel.h"
#include "reference/pci/arbiter.h"

namespace reference::pci {

slot_state::slot_state(const slot_setup& s, const std::vector<std::int64_t>& rst, const pins& p)
    : off_from_start_(!s.present), off_(!s.present), window_(s.window), ready_after_(s.ready_after), pins_(p) {
    // RST# says nothing to an empty slot; what is put in while it is low is off until it rises.
    bool there = s.present, low = false;
    std::size_t r = 0, c = 0;
    while (r < rst.size() || c < s.changes.size()) {
        const bool line = c == s.changes.size() || (r < rst.size() && rst[r] <= s.changes[c]);
        (line ? low : there) = !(line ? low : there);
        const std::int64_t at = line ? rst[r++] : s.changes[c++];
        if (!line || there) changes_.push_back({at, !there || low});
    }
}

void slot_state::look(std::int64_t t) {
    if (t == looked_) return;
    looked_ = t;
    for (; seen_ < changes_.size() && changes_[seen_].at < t; ++seen_) {
        off_ = changes_[seen_].off_behind;
        command_ = latency_timer_ = cache_line_ = 0;
        base_ = 0;
        ready_from_ = changes_[seen_].at + ready_after_;
        register_ = -1;                          // the access under way touches nothing any more
    }
    if (register_ >= 0 && pins_.irdy.low() && pins_.trdy.low()) write(static_cast<unsigned>(register_), pins_.low.ad.value());
}

void slot_state::write(unsigned reg, std::uint32_t v) {
    if (reg == 0x04) command_ = v & 6u;
    if (reg == 0x0C) latency_timer_ = v >> 8 & 0xFFu, cache_line_ = (v & 0xFFu) * 4;
    if (reg == 0x10) base_ = v & ~(window_ - 1);
}

bool slot_state::keeps(std::int64_t arrival, std::int64_t t, bool inclusive) const {
    bool off = off_from_start_;
    for (const change& c : changes_) {
        if (c.at <= arrival) off = c.off_behind;
        else if (c.at < t || (inclusive && c.at == t)) return false;
    }
    return !off;
}

// ---------------------------------------------------------------- target
slot_target::slot_target(sc_core::sc_module_name name, const target_setup& t, pins& p, rising_clock& clock, noise& wrong, slot_state& s)
    : target(name, t, p, clock, wrong), state_(s) {}

bool slot_target::claims(std::uint64_t address) const {
    state_.look(now());
    if (!is_configuration(command())) return is_memory(command()) && state_.memory_at(address);
    return !state_.off() && selected();
}

void slot_target::plan(std::uint64_t address) {
    if (!is_configuration(command())) return target::plan(address);
    no_waits();
    const bool ready = state_.ready(now());
    answer(ready ? with_data : retry, ready ? 1 : 0);
    if (ready && is_write(command())) state_.configured(address & 0xFCu);
}

void slot_target::tenure_over() {
    state_.look(now());
    state_.configured_no_more();
}

// ---------------------------------------------------------------- master
slot_master::slot_master(sc_core::sc_module_name name, const setup& s, unsigned number, pins& p, rising_clock& clock, noise& wrong,
                         std::string& log, slot_state& state, master_setup& own)
    : master(name, s, number, p, clock, wrong, log), state_(state), own_(own) {}

void slot_master::each_edge() {
    state_.look(now());
    if (!past_address()) own_.latency_timer = state_.latency_timer();
}
void slot_master::choose() {
    own_.cache_line = state_.cache_line();
    while (in_hand() && in_hand()->arrival <= now() && !state_.keeps(in_hand()->arrival, now(), false)) skip();
}
// As soon as it is gone or reset, and at the address edge at the earliest.
bool slot_master::stops(const item& i) const { return !state_.keeps(i.arrival, now(), true); }

// ---------------------------------------------------------------- the bus
std::string run_slots(setup s, const std::vector<slot_setup>& slots, const std::vector<std::int64_t>& rst) {
    kernel context;
    std::string log;
    const std::size_t plain = s.masters.size();
    std::deque<target_setup> answers;
    for (const slot_setup& one : slots) {
        s.masters.push_back(one.own);
        answers.push_back(one.answers);
        answers.back().device = one.device;
    }
    {
        rising_clock clock("clock", s.period, s.phase);
        pins p(s.masters.size());
        noise none(s);
        arbiter arb("arbiter", s, p, clock);
        std::deque<slot_state> states;
        for (const slot_setup& one : slots) states.emplace_back(one, rst, p);
        std::deque<master> masters;
        std::deque<slot_master> own;
        std::deque<target> targets;
        std::deque<slot_target> windows;
        for (unsigned m = 0; m < plain; ++m) masters.emplace_back(sc_core::sc_gen_unique_name("master"), s, m, p, clock, none, log);
        for (const target_setup& t : s.targets) targets.emplace_back(sc_core::sc_gen_unique_name("target"), t, p, clock, none);
        for (std::size_t i = 0; i < slots.size(); ++i) {
            own.emplace_back(sc_core::sc_gen_unique_name("own"), s, static_cast<unsigned>(plain + i), p, clock, none, log, states[i],
                             s.masters[plain + i]);
            windows.emplace_back(sc_core::sc_gen_unique_name("window"), answers[i], p, clock, none, states[i]);
        }
        sc_core::sc_start(picoseconds(s.until));
    }
    return log;
}

}  // namespace reference::pci
