// The side of the unit that reads: entries in the order of the ring, one at a time, and what they point to.
#include <algorithm>

#include "nicteam/offload/engine_faults.h"
#include "nicteam/rings/ring_unit.h"

namespace nicteam::rings {

void ring_unit::fetch(ps at) {
    if (!(status_.seen(at) & status_running)) return;
    if (fetching_ == fetching::turn) {
        take_turn(at);
    } else if (fetching_ != fetching::nothing) {
        if (fetched_ == at) wake(slot_fetch, at);    // just now: for the next edge
        if (fetched_ >= at) return;
        fetched_ = never;
        if (fetching_ == fetching::entry) entry_came(at);
        else if (fetching_ == fetching::block) block_came(at);
        else if (fetching_ == fetching::packet) packet_came(at);
        else execute(at);
    }
    if (fetching_ == fetching::nothing && status_.latest() & status_running) fetch_next(at);
}

void ring_unit::fetch_next(ps at) {
    for (const auto* r : {&tail_, &completion_head_})
        if (r->seen(at) != r->latest()) wake(slot_fetch, at);        // written at this edge, seen from the next
    if (tail_.seen(at) == head_.latest() || queue_.size() >= config_.places) return;
    const std::uint32_t unread = completion_tail_.seen(at) - completion_head_.seen(at);
    if (unread + queue_.size() >= completion_size_) return;          // each entry that is taken up has room for its completion
    current_ = {};
    current_.since = at;
    const std::uint64_t base = std::uint64_t{command_high_} << 32 | command_low_;
    ask(fetching::entry, base + std::uint64_t{head_.latest() & (command_size_ - 1)} * entry_octets, buffer_.data(), entry_octets, at);
}

void ring_unit::ask(fetching what, std::uint64_t address, std::uint8_t* to, std::uint32_t octets, ps at) {
    fetching_ = what;
    fetched_ = never;
    fetch_ = pci::transfer{};
    fetch_.address = address;
    fetch_.bytes = octets;
    fetch_.data = to;
    fetch_.command = pci::read_command(address, octets, bus_.configuration().cache_line_bytes());
    fetch_.priority = 1;                             // what is to be written goes first
    fetch_open_ = true;
    bus_.start(fetch_, at);
}

bool ring_unit::is_to_be_aborted(ps at) const {
    return aborting_ && static_cast<std::int32_t>(abort_until_.seen(at) - (head_.latest() - 1)) > 0;
}

void ring_unit::entry_came(ps at) {
    if (fetch_failed_) return die(at);               // whose entry it was nobody knows
    head_.set(at, head_.latest() + 1);
    current_.command = decode_command(buffer_);
    const command& c = current_.command;
    if (is_to_be_aborted(at)) return enter(processor_.not_executed(c, reason::aborted), at);
    // A job is judged when those before it are done; an association that an earlier entry makes or removes is there or gone by then.
    if (const reason why = processor_.check(c); why != reason::none) return enter(processor_.not_executed(c, why), at);
    if (c.opcode == opcode::abort_all) {
        abort_inside(at);
        return enter(processor_.not_executed(c, reason::none), at);
    }
    if (is_job(c.opcode)) return ask(fetching::block, c.address, buffer_.data(), entry_octets, at);
    fetching_ = fetching::turn;
    take_turn(at);
}

void ring_unit::block_came(ps at) {
    const command& c = current_.command;
    if (is_to_be_aborted(at)) return enter(processor_.not_executed(c, reason::aborted), at);
    if (fetch_failed_) return enter(processor_.not_executed(c, reason::bus_error), at);
    current_.job = decode_job(buffer_);
    if (const reason why = processor_.check(c, current_.job); why != reason::none) return enter(processor_.not_executed(c, why), at);
    current_.packet.resize(current_.job.length);
    ask(fetching::packet, current_.job.source, current_.packet.data(), current_.job.length, at);
}

void ring_unit::packet_came(ps at) {
    const command& c = current_.command;
    if (is_to_be_aborted(at)) return enter(processor_.not_executed(c, reason::aborted), at);
    if (fetch_failed_) return enter(processor_.not_executed(c, reason::bus_error), at);
    const bool of_digest = c.opcode == opcode::digest;
    if (!of_digest && engines_.health(way_of(c)).out_of_use()) return enter(processor_.not_executed(c, reason::without_engines), at);
    current_.ready = bus_.clock().after(of_digest ? digest(current_, at) : work_on(current_, at), config_.crossing);
    fetching_ = fetching::nothing;
    queue_.push_back(std::move(current_));
    wake(slot_store, at);
}

// When the engines are done with it, or the watchdog with them.
ps ring_unit::work_on(inside_entry& e, ps at) {
    const command& c = e.command;
    const offload::way w = way_of(c);
    offload::engine_health& health = engines_.health(w);
    const offload::engine_health::judgement found = health.untroubled() ? offload::engine_health::judgement{} : health.next(at);
    const bool other = engines_.other_key(w, c.handle);
    work_.clear();
    const offload::engine_work self_test = found.tested ? processor_.self_test(c, w) : offload::engine_work{};
    offload::append_engine_work(work_, found, self_test, processor_.work(c, e.packet, other || found.tested), config_.engine_watchdog);
    e.spoiled = found.what == offload::engine_health::finding::wrong;
    if (found.failed()) {
        e.done = true;
        e.outcome = processor_.not_executed(c, reason::engines_failed);
        engine_failures_.add();
    }
    return engines_.run(w, work_, engine_clock_.after(at, config_.crossing) + config_.lookup * engine_clock_.period());
}

// An engine of its own, in order: `lookup` clocks, and so many octets a clock.
ps ring_unit::digest(const inside_entry& e, ps at) {
    const auto clocks = static_cast<ps>(config_.lookup + (e.job.length + config_.digest_octets - 1) / config_.digest_octets);
    digest_free_ = std::max(engine_clock_.after(at, config_.crossing), digest_free_) + clocks * engine_clock_.period();
    return digest_free_;
}

// What changes associations waits until all before it are done; nothing behind it is looked at before it is.
void ring_unit::take_turn(ps at) {
    const command& c = current_.command;
    if (is_to_be_aborted(at)) return enter(processor_.not_executed(c, reason::aborted), at);
    if (!queue_.empty()) return;                     // the writing side wakes this one
    const std::uint32_t n = processor_.octets_of(c);
    parts_.resize(n);
    if (n == 0) return execute(at);
    ask(fetching::parts, c.address, parts_.data(), n, at);
}

void ring_unit::execute(ps at) {
    const command& c = current_.command;
    const bool read = fetching_ == fetching::parts;
    if (read && is_to_be_aborted(at)) enter(processor_.not_executed(c, reason::aborted), at);
    else if (read && fetch_failed_) enter(processor_.not_executed(c, reason::bus_error), at);
    else enter(processor_.execute(c, parts_, at), at);
    std::fill(parts_.begin(), parts_.end(), std::uint8_t{0});        // there may have been keys
}

// Nothing is left to be done for it but its completion.
void ring_unit::enter(outcome_of_entry o, ps at) {
    current_.outcome = std::move(o);
    current_.ready = at;
    current_.done = true;
    fetching_ = fetching::nothing;
    queue_.push_back(std::move(current_));
    wake(slot_store, at);
}

}  // namespace nicteam::rings
