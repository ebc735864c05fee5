#include "reference/pci/bridge.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "reference/clock.h"
#include "reference/kernel.h"
#include "reference/pci/arbiter.h"

namespace reference::pci {
namespace {

// The n-th edge of a bus strictly later than t.
std::int64_t edge_after(const setup& s, std::int64_t t, unsigned n) {
    std::int64_t k = (t - s.phase) / s.period;
    if (s.phase + k * s.period > t) --k;
    return s.phase + (k + n) * s.period;
}

constexpr unsigned detected = 0x8000, signalled = 0x4000, as_master = 0x0100;     // of both status registers; 14 below: received

bool listed(const std::vector<std::uint64_t>& dwords, std::uint64_t one) {
    return std::find(dwords.begin(), dwords.end(), one) != dwords.end();
}

}  // namespace

// Decided where it is known, or `crossing` clocks later by the other side; driven from there, sampled one clock on.
void bridge_errors::system_error(const side& from, std::int64_t known) {
    if (!serr) return;
    above.status |= signalled;
    serr_at.insert((&from == &above ? known : edge_after(*upper, known, crossing)) + upper->period);
}

// ---------------------------------------------------------------- asking
bridge_target::bridge_target(sc_core::sc_module_name name, const target_setup& t, pins& p, rising_clock& clock, noise& wrong,
                             const bridge_setup& b, const setup& here, const setup& there, bool downstream, way& mine, way& opposite,
                             bridge_errors& e)
    : target(name, t, p, clock, wrong),
      bridge_(b),
      here_(here),
      there_(there),
      downstream_(downstream),
      way_(mine),
      opposite_(opposite),
      errors_(e),
      side_(downstream ? e.above : e.below),
      here_pins_(p),
      pair_(downstream ? here.masters.size() - 1 : 0) {
    way_.reads.resize(b.delayed);
}

std::int64_t bridge_target::after(std::int64_t t) const { return edge_after(there_, t, bridge_.crossing); }

bool bridge_target::claims(std::uint64_t address) const {
    if (!is_memory(command())) return false;
    const bool behind = address >= bridge_.base && address < bridge_.base + bridge_.size;
    return behind == downstream_ && address >> 32 == 0;
}

void bridge_target::offer(std::uint64_t words) {
    if (words == 0) answer(retry, 0);
    else answer(with_data, static_cast<std::uint32_t>(words));
}

void bridge_target::plan(std::uint64_t address) {
    start_ = address;
    command_ = command();
    address_time_ = now();
    bytes_ = 0;
    doing_ = nothing;
    wrong_.clear();
    posted_ = nullptr;
    end_ = downstream_ ? bridge_.base + bridge_.size : address < bridge_.base ? bridge_.base : 1ull << 32;
    offer(0);                                // known when the byte enables are
}

// One clock behind the address; what it decides on is what was known at the address.
void bridge_target::look_at_enables(unsigned enables) {
    unsigned skip = 0, first = 0;
    while (skip < 4 && enables >> skip & 1u) ++skip;
    for (unsigned lane = skip; lane < 4 && !(enables >> lane & 1u); ++lane) ++first;
    start_ += skip;
    first_ = first;
    if (is_write(command_)) {
        while (way_.over && way_.writes.front().room_at < address_time_) {
            way_.writes.pop_front();
            --way_.over;
        }
        std::uint32_t used = 0;
        for (const way::write& w : way_.writes) used += (w.bytes + 3) / 4 * 4;
        const std::uint64_t at = start_ / 4 * 4;
        std::uint64_t words = way_.writes.size() == bridge_.posted_writes ? 0 : (bridge_.posted_bytes - used) / 4;
        const bool lines = command_ == memory_write_and_invalidate && bridge_.line && bridge_.line <= bridge_.posted_bytes;
        if (lines) words = ((at + 4 * words) / bridge_.line * bridge_.line - at) / 4;
        if (words) doing_ = posting;
        offer(std::min(words, (end_ - at) / 4));
        return;
    }
    for (std::size_t n = 0; n < way_.reads.size(); ++n) {
        const way::read& r = way_.reads[n];
        if (r.now == way::free || r.command != command_ || r.address != start_ || r.first != first_) continue;
        if (r.now == way::ready && r.ready_at < address_time_ && opposite_.carried_out >= r.pushes) {
            doing_ = delivering;
            which_ = n;
            offer((start_ % 4 + r.have + 3) / 4);
        }
        return;
    }
    for (std::size_t n = 0; n < way_.reads.size(); ++n)
        if (way_.reads[n].now == way::free) {
            doing_ = asking;
            which_ = n;
            return;
        }
}

void bridge_target::word_passed(unsigned enables) {
    for (unsigned lane = 0; lane < 4; ++lane) bytes_ += !(enables >> lane & 1u);
}

std::uint32_t bridge_target::to_fetch(unsigned first) const {
    if (downstream_ || !bridge_.line || command_ == memory_read) return first;
    const unsigned lines = command_ == memory_read_multiple ? bridge_.multiple_prefetch : bridge_.line_prefetch;
    if (lines == 0) return first;
    const std::uint64_t word = start_ / 4 * 4;
    const std::uint64_t end =
        std::min({(start_ / bridge_.line + lines) * bridge_.line, end_, word + std::max(1u, bridge_.read_bytes / 4) * 4});
    return std::max(first, static_cast<std::uint32_t>(end - start_));
}

// FRAME# and IRDY# will be sampled high at the next edge.
void bridge_target::tenure_over() {
    const std::int64_t idle = now() + here_.period, act = after(idle);
    if (doing_ == posting && bytes_) {
        way::write w;
        w.bytes = bytes_;
        w.what = {act, command_, start_, bytes_, -1, -1, 0, wrong_};
        const bool lines = bridge_.line && start_ % bridge_.line == 0 && bytes_ % bridge_.line == 0;
        if (!lines) w.what.command = memory_write;
        way_.writes.push_back(w);
        posted_ = &way_.writes.back();
        ++way_.accepted;
    } else if (doing_ == asking) {
        way::read& r = way_.reads[which_];
        r = {};
        r.now = way::held;
        r.command = command_;
        r.address = start_;
        r.first = first_;
        r.have = to_fetch(first_);
        r.what = {act, r.have > first_ ? command_ : unsigned{memory_read}, start_, r.have, -1, -1, 0, {}};
        r.turn = act;
        r.behind = way_.accepted;
    } else if (doing_ == delivering && bytes_) {
        way_.reads[which_] = {};
    }
}

bool bridge_target::wrong_word(std::uint32_t k) {
    side_.status |= detected;
    (posted_ ? posted_->what.wrong : wrong_).push_back(start_ / 4 * 4 + 4 * std::uint64_t{k});
    return side_.response;
}
bool bridge_target::drives_wrong(std::uint32_t k) const {
    return doing_ == delivering && listed(way_.reads[which_].wrong, start_ / 4 * 4 + 4 * std::uint64_t{k});
}

// Only the upper side has SERR# as an output.
bool bridge_target::wrong_address() {
    if (own_) return false;
    side_.status |= detected;
    if (!side_.response || !errors_.serr) return false;
    if (downstream_) side_.status |= signalled;
    else side_.tell = true;
    return downstream_;
}

void bridge_target::each_edge() {
    if (idle_begins_ && std::exchange(side_.tell, false)) errors_.system_error(side_, now());
    const bool idle = here_pins_.idle();
    if (idle_ && !idle) own_ = granted_;
    idle_begins_ = idle && !idle_;
    idle_ = idle;
    granted_ = !here_pins_.gnt[pair_].read();
    if (downstream_ || !here_pins_.serr.driven()) return;
    side_.status |= signalled;
    side_.tell = side_.tell || errors_.forwards;
}

// ---------------------------------------------------------------- carrying out
bridge_master::bridge_master(sc_core::sc_module_name name, const setup& there, unsigned number, pins& p, rising_clock& clock, noise& wrong,
                             std::string& log, const bridge_setup& b, const setup& here, way& mine, way& opposite, bridge_errors& e,
                             bool downstream)
    : master(name, there, number, p, clock, wrong, log),
      bridge_(b),
      here_(here),
      way_(mine),
      opposite_(opposite),
      errors_(e),
      side_(downstream ? e.below : e.above) {}

std::int64_t bridge_master::after(std::int64_t t) const { return edge_after(here_, t, bridge_.crossing); }

// Posted writes in order and before all else; then whoever has waited longest.
void bridge_master::choose() {
    clear();
    const std::int64_t t = now();
    if (way_.writes.size() > way_.over && way_.writes[way_.over].what.arrival <= t) {
        posted_ = true;
        take(way_.writes[way_.over].what);
        return;
    }
    const way::read* best = nullptr;
    for (std::size_t n = 0; n < way_.reads.size(); ++n) {
        way::read& r = way_.reads[n];
        if (r.now == way::held && r.behind <= way_.carried_out) r.now = way::asked;
        if (r.now != way::asked || r.what.arrival > t || (best && best->turn <= r.turn)) continue;
        best = &r;
        which_ = n;
    }
    if (!best) return;
    posted_ = false;
    take(best->what);
}

// `i`: what is left of it. The bus is idle at the next edge.
void bridge_master::attempt_over(const item& i, bool finished, std::string_view why) {
    const std::int64_t idle = now() + period();
    tell_at_ = idle + period();
    if (posted_) {
        way_.writes[way_.over].what = i;
        if (!finished) return;
        way_.writes[way_.over].room_at = after(idle);
        ++way_.over;
        ++way_.carried_out;
        return;
    }
    way::read& r = way_.reads[which_];
    r.what = i;
    if (why == "retry") r.turn = idle;
    if (!finished) return;
    r.now = way::ready;
    r.ready_at = after(idle);
    r.pushes = opposite_.accepted;
}

bool bridge_master::wrong_word(std::uint64_t dword) {
    side_.status |= detected | (side_.response ? as_master : 0);
    way_.reads[which_].wrong.push_back(dword);
    return side_.response;
}

// Who sent what was posted is gone; what came wrong he has heard of.
void bridge_master::perr_seen(bool came_so) {
    if (!side_.response) return;
    side_.status |= as_master;
    tell_ = tell_ || (!came_so && errors_.both());
}
void bridge_master::each_edge() {
    if (now() == tell_at_ && std::exchange(tell_, false)) errors_.system_error(side_, now());
}

// ---------------------------------------------------------------- both buses
namespace {

// Every edge at which PERR# or SERR# is sampled low.
struct listener : sc_core::sc_module {
    SC_HAS_PROCESS(listener);
    listener(sc_core::sc_module_name name, const setup& s, pins& p, rising_clock& clock)
        : sc_module(name), period(s.period), now(s.phase - s.period), on(p) {
        SC_METHOD(edge);
        sensitive << clock.edge;
        dont_initialize();
    }
    void edge() {
        now += period;
        if (on.perr.low()) perr.insert(now);
        if (on.serr.driven()) serr.insert(now);
    }
    std::string text() const {
        std::string s;
        for (std::int64_t t : perr) s += "PERR# " + std::to_string(t) + '\n';
        for (std::int64_t t : serr) s += "SERR# " + std::to_string(t) + '\n';
        return s;
    }
    std::int64_t period, now;
    pins& on;
    std::set<std::int64_t> perr, serr;
};

// One of the two buses, under a name of its own.
struct side : sc_core::sc_module {
    side(sc_core::sc_module_name name, const setup& s)
        : sc_module(name),
          clock("clock", s.period, s.phase),
          p(s.masters.size()),
          arb("arbiter", s, p, clock),
          heard("heard", s, p, clock),
          wrong(s) {}
    rising_clock clock;
    pins p;
    arbiter arb;
    listener heard;
    noise wrong;
};

}  // namespace

two_logs run_bridged(const setup& upper, const setup& lower, const bridge_setup& b) {
    kernel context;
    two_logs logs;
    {
        side above("above", upper), below("below", lower);
        pins &upper_pins = above.p, &lower_pins = below.p;
        rising_clock &upper_clock = above.clock, &lower_clock = below.clock;
        bridge_errors errors;
        errors.above.response = b.response_above;
        errors.below.response = b.response_below;
        errors.serr = b.serr;
        errors.forwards = b.forwards_serr;
        errors.upper = &upper;
        errors.crossing = b.crossing;
        way down, up;
        target_setup medium;
        std::deque<master> masters;
        std::deque<target> targets;
        const auto add = [&](const setup& s, pins& p, rising_clock& c, noise& wrong, std::string& log, unsigned first, unsigned last) {
            for (unsigned m = first; m < last; ++m) masters.emplace_back(sc_core::sc_gen_unique_name("master"), s, m, p, c, wrong, log);
            for (const target_setup& t : s.targets) targets.emplace_back(sc_core::sc_gen_unique_name("target"), t, p, c, wrong);
        };
        const auto last = static_cast<unsigned>(upper.masters.size() - 1);
        add(upper, upper_pins, upper_clock, above.wrong, logs.upper, 0, last);
        add(lower, lower_pins, lower_clock, below.wrong, logs.lower, 1, static_cast<unsigned>(lower.masters.size()));
        bridge_target from_above("from_above", medium, upper_pins, upper_clock, above.wrong, b, upper, lower, true, down, up, errors);
        bridge_target from_below("from_below", medium, lower_pins, lower_clock, below.wrong, b, lower, upper, false, up, down, errors);
        bridge_master to_below("to_below", lower, 0, lower_pins, lower_clock, below.wrong, logs.lower, b, upper, down, up, errors, true);
        bridge_master to_above("to_above", upper, last, upper_pins, upper_clock, above.wrong, logs.upper, b, lower, up, down, errors,
                               false);
        sc_core::sc_start(picoseconds(upper.until));
        above.heard.serr.insert(errors.serr_at.begin(), errors.serr_at.end());
        logs.upper_errors = above.heard.text();
        logs.lower_errors = below.heard.text();
        logs.status = std::to_string(errors.above.status) + ' ' + std::to_string(errors.below.status);
    }
    return logs;
}

}  // namespace reference::pci
