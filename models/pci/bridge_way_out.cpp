// The other bus: what is carried out there, and in which order.
#include "bridge_way.h"

#include <algorithm>
#include <utility>

#include "nicteam/sim/session.h"

namespace nicteam::pci {

void bridge_way::start_posted() {
    if (started_ || going_ == 0) return;
    started_ = true;
    posted& w = writes_[next_];
    w.what.priority = 0;              // before all delayed transactions
    to_->submit(w.what, w.act);
}

// Those that no posted write has to go before.
void bridge_way::start_delayed() {
    for (delayed& d : delayed_) {
        if (d.now != stage::held || d.behind > carried_out_) continue;
        d.now = stage::asked;
        to_->submit(d.fetch, d.act);
    }
}

// What came in one piece so far will do: the target on the other side does not want to give more at a time.
attempt bridge_way::decide(const transfer& t, ps decision) {
    for (delayed& d : delayed_)
        if (&d.fetch == &t && d.enough) {
            d.data.resize(t.done);
            fetched(d, transfer_result::done, decision);
            return {t.command, 0};
        }
    return {t.command, t.bytes - t.done};
}

// Priorities of the delayed transactions, behind 0 of posted writes; at one instant the lower place goes first.
void bridge_way::rank() {
    for (delayed& d : delayed_) {
        unsigned before = 0;
        for (const delayed& o : delayed_) before += o.now != stage::free && (o.turn < d.turn || (o.turn == d.turn && &o < &d));
        d.fetch.priority = 1 + before;
    }
}

void bridge_way::attempt_ended(transfer& t, ending why, ps idle) {
    for (delayed& d : delayed_) {
        if (&d.fetch != &t) continue;
        if (why == ending::retry) {               // others first
            d.turn = idle;
            rank();
        }
        d.enough = why == ending::disconnect && t.done >= d.first;
    }
}

void bridge_way::ended(transfer& t, transfer_result result, ps at) {
    const ps idle = at + side_.period();
    if (result != transfer_result::done) user_.aborted(*this, result);
    for (delayed& d : delayed_) {
        if (&d.fetch != &t) continue;
        // Some of it came before the abort: that much is good.
        if (result != transfer_result::done && t.done >= d.first && !is_write(d.what)) {
            d.data.resize(t.done);
            result = transfer_result::done;
        }
        return fetched(d, result, idle);
    }
    posted_ended(result, idle);
}

// ---------------------------------------------------------------- parity there
// Words count from the first of the tenure: from the one that holds the first byte of the transfer in our books.
namespace {
std::uint32_t of_transfer(const transfer& t, std::uint32_t word) {
    return static_cast<std::uint32_t>((t.address + t.done) / 4 - t.address / 4) + word;
}
}  // namespace

bool bridge_way::parity_error(const transfer* t, std::uint32_t word) {
    for (delayed& d : delayed_)
        if (&d.fetch == t) d.wrong.push_back(of_transfer(*t, word));
    return user_.read_wrong(*this);
}

void bridge_way::perr_seen(const transfer* t, std::uint32_t word) {
    const bool posted_write = t && is_memory(t->command);
    const ps known = t ? extension_of(*t->under_way).idle + side_.period() : sim::now();
    const bool came_so = t && t->wrong && std::binary_search(t->wrong->begin(), t->wrong->end(), of_transfer(*t, word));
    const bool noticed = user_.perr(*this, posted_write && !came_so, known);
    for (delayed& d : delayed_)
        if (&d.fetch == t) d.perr = noticed;
}

void bridge_way::posted_ended(transfer_result result, ps idle) {
    if (result != transfer_result::done) {
        lost_writes_.add();
        user_.lost(*this, writes_[next_].what, result, idle + side_.period());
    }
    writes_[next_].room_at = from_.after(idle, config_.crossing);
    next_ = (next_ + 1) % config_.posted_writes;
    --going_;
    ++carried_out_;
    started_ = false;
    start_posted();
    start_delayed();
}

void bridge_way::fetched(delayed& d, transfer_result result, ps idle) {
    d.result = result;
    d.now = stage::ready;
    d.ready_at = from_.after(idle, config_.crossing);
    d.pushes = opposite_->accepted_;
    if (is_write(d.what)) d.wrong.assign(d.perr ? 1 : 0, 0);
    if (result == transfer_result::done && !is_write(d.what)) fetched_bytes_.add(d.data.size());
    watch_discard();
}

}  // namespace nicteam::pci
