// The side of the unit that writes: in the order of the ring, a job when its engines are done; then its result, then its completion.
#include "nicteam/offload/engine_faults.h"
#include "nicteam/rings/ring_unit.h"

namespace nicteam::rings {

void ring_unit::store(ps at) {
    if (!(status_.latest() & status_running)) return;
    if (storing_ == storing::link) return transmit(at);
    if (storing_ != storing::nothing) {
        if (stored_ == at) wake(slot_store, at);     // just now: for the next edge
        if (stored_ >= at) return;
        stored_ = never;
        if (storing_ == storing::result) {
            if (store_failed_) queue_.front().outcome.completion.reason = reason::bus_error;
            return write_completion(at);
        }
        completed(at);
    }
    begin_store(at);
}

void ring_unit::begin_store(ps at) {
    if (queue_.empty() || !(status_.latest() & status_running)) return;
    inside_entry& e = queue_.front();
    if (e.ready > at) return agenda_.set(slot_store, e.ready);
    if (!e.done) {
        // Here it happens: numbers are drawn and windows move in the order of the ring, and no abort takes it back.
        e.done = true;
        if (e.spoiled && e.command.flags & inbound) offload::spoil(e.packet);
        e.outcome = processor_.process(e.command, e.job, e.packet, at);
        if (e.spoiled && !(e.command.flags & inbound) && !e.outcome.written.empty()) offload::spoil(e.outcome.written);
        if (e.outcome.completion.was_executed() && e.command.opcode != opcode::digest) (e.command.flags & inbound ? jobs_in_ : jobs_out_).add();
    }
    if (e.outcome.written.empty()) return write_completion(at);
    if (e.command.opcode == opcode::process_and_transmit) return transmit(at);
    storing_ = storing::result;
    store_ = pci::transfer{};
    store_.address = is_job(e.command.opcode) ? e.job.destination : e.command.address;
    store_.bytes = static_cast<std::uint32_t>(e.outcome.written.size());
    store_.data = e.outcome.written.data();
    store_.command = pci::command::memory_write;
    store_open_ = true;
    if (early_) told_ = true, tell(at);
    bus_.start(store_, at);
}

// Its completion says that the link has it, not that it has left.
void ring_unit::transmit(ps at) {
    storing_ = storing::link;
    if (transmitter_->take(queue_.front().outcome.written, queue_.front().job, at)) write_completion(at);
}

void ring_unit::write_completion(ps at) {
    const std::uint32_t n = completion_tail_.latest();
    completion c = queue_.front().outcome.completion;
    c.flags |= phase_of(n, completion_size_);
    completion_ = encode(c);
    storing_ = storing::completion;
    store_ = pci::transfer{};
    store_.address = (std::uint64_t{completion_high_} << 32 | completion_low_) + std::uint64_t{n & (completion_size_ - 1)} * entry_octets;
    store_.bytes = entry_octets;
    store_.data = completion_.data();
    store_.command = pci::command::memory_write;
    store_open_ = true;
    bus_.start(store_, at);
}

void ring_unit::completed(ps at) {
    storing_ = storing::nothing;
    if (store_failed_) return die(at);
    (queue_.front().outcome.completion.was_executed() ? executed_ : not_executed_).add();
    time_.add(at - queue_.front().since);
    queue_.pop_front();
    if (aborting_ && static_cast<std::int32_t>(abort_until_.latest() - completion_tail_.latest()) <= 0) {
        aborting_ = false;
        change_status(status_.latest() & ~status_aborting, at);
    }
    agenda_.set(slot_fetch, at);                     // a place is free
}

// The host asked for it: all that was posted then.
void ring_unit::abort_from_here(ps at) {
    if (abort_until_.seen(at) != abort_until_.latest()) wake(slot_abort, at);
    aborting_ = true;
    abort_inside(at);
}

// All that is inside and not done is not executed. Engines stop. What the reading side holds sees it at its next step.
void ring_unit::abort_inside(ps at) {
    for (inside_entry& e : queue_) {
        if (e.done) continue;
        e.done = true;
        e.outcome = processor_.not_executed(e.command, reason::aborted);
        e.ready = at;
    }
    engines_.stop();
    digest_free_ = 0;
    agenda_.set(slot_store, at);
    agenda_.set(slot_fetch, at);
}

}  // namespace nicteam::rings
