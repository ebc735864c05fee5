#include "nic/receive/receive_unit.h"

#include <algorithm>

#include "nicteam/packet/fcs.h"

namespace nicteam::nic {

receive_unit::receive_unit(chip& c, receiver& r) : chip_(c), receiver_(r), path_(r.path()) {
    for (pci::transfer& t : transfers_) {
        t.tag = receive_channel;
        t.priority = priority_of[receive_channel];
    }
    receiver_.on_change([this](ps at) { changed(at); });
}

void receive_unit::become(ru_state s, ps at) {
    if (state_.latest() == s) return;
    state_.set(at, s);
    show(at);
    receiver_.unit(s == ru_state::ready  ? receiver::unit_state::ready
                   : s == ru_state::idle ? receiver::unit_state::idle
                                         : receiver::unit_state::waiting);
}

// The rows of the probe: the four states, then all but idle without buffers.
void receive_unit::show(ps at) {
    const auto s = static_cast<std::uint64_t>(state_.latest());
    chip_.ru_probe.change(at, no_buffers_.latest() && s ? s + 3 : s);
}

void receive_unit::leave_ready(ru_state s, ps at) {
    have_ = false;
    become(s, at);
    chip_.irq.raise(at, rnr_cause);
}

void receive_unit::dma(phase p, pci::command c, std::uint32_t address, std::uint32_t bytes, std::uint8_t* data, ps act) {
    phase_ = p;
    pci::transfer& t = dma_now();
    t.address = address;
    t.bytes = bytes;
    t.data = data;
    t.command = c;
    t.withdrawn = false;
    t.attempts = 0;
    t.priority = priority_of[receive_channel];
    act_ = act;
    if (chip_.yield.on()) chip_.yield.wants(receive_channel, act, chip_.bus);
    chip_.bus.start(t, act);
}

// ---------------------------------------------------------------- SCB commands
bool receive_unit::start(std::uint32_t offset, ps at) {
    if (state_.latest() == ru_state::ready) return false;
    become(ru_state::ready, at);
    forget_buffers(at);
    address_ = base_ + offset;
    linked_ = have_ = false;
    if (phase_ == phase::none) fetch(address_, at);
    else if (phase_ != phase::again || aborting_) pending_start_ = true;     // what is of no more use is still on the bus
    return true;
}

bool receive_unit::resume(ps at) {
    if (state_.latest() != ru_state::suspended) return false;
    become(ru_state::ready, at);
    address_ = base_ + descriptor_.link;
    linked_ = true;
    if (phase_ == phase::none) fetch(address_, at);          // else RBD resume goes on with it
    return true;
}

bool receive_unit::abort(ps at) {
    const bool was_ready = state_.latest() == ru_state::ready;
    keep_room_left(at);
    chip_.timers.clear(receive_timer);
    pending_start_ = false;
    forget_buffers(at);
    if (phase_ == phase::data && untouched() && act_ > at) give_up();
    if (phase_ == phase::redirect) phase_ = phase::none;
    closing_ = phase_ == phase::status && !aborting_;
    if (phase_ != phase::none && !aborting_ && !closing_) {
        aborting_ = true;
        aborted_at_ = at;
        if (chip_.yield.on()) chip_.yield.wants(receive_channel, never, chip_.bus);     // its limit is the abort's from now on
        chip_.bus.limit(dma_now(), at);
    }
    if (was_ready) {
        receiver_.reset(at, closing_);
        leave_ready(ru_state::idle, at);
    } else {
        become(ru_state::idle, at);
    }
    return true;
}

bool receive_unit::load_base(std::uint32_t v, ps) {
    if (state_.latest() == ru_state::ready) return false;
    base_ = v;
    return true;
}

void receive_unit::reset(ps at, bool selective) {
    keep_room_left(at);
    chip_.timers.clear(receive_timer);
    if (phase_ == phase::status && chip_.bus.undecided(dma_now()))
        unsettled_ = {&dma_now(), path_.front().data->id, done_, address_, (status_ & rfd_ok) != 0, listed_};
    phase_ = phase::none;
    given_up_.fill(false);               // the bus has forgotten all orders
    have_ = aborting_ = closing_ = pending_start_ = false;
    done_ = 0;
    forget_buffers(at);
    early(0);
    bundle_.reset();
    if (!selective) base_ = header_size_ = 0;
    become(ru_state::idle, at);
    receiver_.reset(at, false, unsettled_.id);
}

void receive_unit::forgotten(const pci::transfer& t, std::uint32_t octets, ps at) {
    if (unsettled_.by != &t) return;
    const unsettled_frame f = std::exchange(unsettled_, {});
    if (octets) {
        if (f.good) chip_.count.rx_frames.add(), chip_.count.rx_bytes.add(f.bytes);
        if (f.listed) descriptors_.mark(f.descriptor, receive_descriptor::bytes, f.id);
        chip_.station.passed(f.id, row(status_written_stage), at);
    } else {
        chip_.count.rx_aborted.add();
        chip_.station.ended(f.id, row(rx_aborted_outcome), at);
    }
}

// ---------------------------------------------------------------- descriptors
void receive_unit::fetch(std::uint32_t address, ps act) {
    address_ = address;
    have_ = false;
    dma(phase::descriptor, pci::command::memory_read_line, address_, receive_descriptor::bytes, rfd_, act);
}

// No target claimed it, or one aborted.
void receive_unit::refuse_descriptor(ps at) {
    chip_.count.refused_descriptor.add();
    leave_ready(ru_state::no_resources, at);
}

bool receive_unit::been_here() const { return linked_ && chip_.loops.stop() && (get16(rfd_) & rfd_complete); }

void receive_unit::fetched(ps at) {
    if (been_here()) {
        chip_.loops.stopped({descriptor_stop::kind::receive_frame, address_, at});
        return leave_ready(ru_state::no_resources, at);
    }
    descriptor_ = receive_descriptor::of(rfd_);
    if (header_size_ == 0) descriptor_.header = false;       // disregarded, SDM 6.4.3.1.2
    // A descriptor without room at the end of the list is a stop mark: it is not touched. A flexible one has its room elsewhere.
    if (descriptor_.size == 0 && descriptor_.end_of_list && !descriptor_.flexible && !descriptor_.header) return leave_ready(ru_state::no_resources, at);
    have_ = true;
    open_descriptor();
    if (descriptor_.flexible) list_fetched(at);
    if (pending_buffers_) return read_again(at + chip_.clock());
    look(at + chip_.clock());
}

// ---------------------------------------------------------------- what comes next for the front frame
void receive_unit::changed(ps at) {
    const ps earliest = std::max(busy_until_, chip_.bus.clock().after(at));
    if (phase_ == phase::data && !aborting_ && act_ > earliest && untouched()) {
        // A burst is ordered for later: the link may have changed its mind about the frame.
        ps when;
        if (!order_is_void() && burst_next(earliest, when) && when == act_) return;
        give_up();
    }
    if (have_ && phase_ == phase::none) look(earliest);
}

// The burst that is ordered never takes place. False: too many such orders, this one must be waited for.
bool receive_unit::give_up() {
    for (unsigned i = 0; i < transfers_.size(); ++i) {
        if (i == present_ || given_up_[i]) continue;
        given_up_[present_] = true;
        if (chip_.yield.on()) chip_.yield.wants(receive_channel, never, chip_.bus);
        present_ = i;
        phase_ = phase::none;
        return true;
    }
    return false;
}

// Nothing but the link itself can still change when this frame's bytes come.
bool receive_unit::final(const receive_path::arrival& a) const {
    return a.match == receive_path::verdict::match && (a.ended || path_.safe());
}

// The edge of the next burst's request (true) or of the frame's completion (false).
bool receive_unit::burst_next(ps earliest, ps& when) {
    if ((room() || more_buffers() || starving()) && path_.front().taken < path_.total(path_.front())) {
        when = path_.next_request(earliest);
        return true;
    }
    when = path_.end_seen(earliest);
    return false;
}

// Data go into the present buffer, or a buffer is fetched for them.
void receive_unit::next_data(ps act) {
    if (room()) start_burst(act);
    else if (more_buffers()) fetch_buffer(act);
    else starve(act);
}

void receive_unit::look(ps earliest) {
    if (!have_ || phase_ != phase::none) return;
    if (path_.empty() || path_.front().match == receive_path::verdict::no_match) return chip_.timers.clear(receive_timer);
    ps when;
    const bool burst = burst_next(earliest, when);
    // Orders ahead of time save a kernel event a burst.
    const bool now = when == earliest && when == busy_until_;
    if (when != never && path_.front().match == receive_path::verdict::match &&
        (now ? !burst || room() || more_buffers() : burst && room() && final(path_.front()))) {
        chip_.timers.clear(receive_timer);
        return burst ? next_data(when) : judge(when);
    }
    chip_.timers.set(receive_timer, when);
}

// While a burst is under way the timer watches for the early receive interrupt, else for the next thing to do.
void receive_unit::due(ps at) { phase_ == phase::data ? tell_early(at) : act(at); }

void receive_unit::act(ps at) {
    if (!have_ || phase_ != phase::none || path_.empty()) return;
    receive_path::arrival& a = path_.front();
    if (!receiver_.matches(a)) return;       // goes when its end comes
    ps when;
    const bool burst = burst_next(at, when);
    if (when != at) return chip_.timers.set(receive_timer, when);
    if (burst) next_data(at);
    else judge(at);
}

// ---------------------------------------------------------------- data
void receive_unit::start_burst(ps act) {
    receive_path::arrival& a = path_.front();
    ordered_ = a.number;
    if (done_ == 0) chip_.station.passed(a.data->id, row(rx_dma_start_stage), act);
    const std::uint32_t whole = std::min(path_.whole_length(a), a.own);
    const std::uint32_t octets = std::min(room(), whole - std::min(done_, whole));
    if (chip_.doubt.raised()) mark_in_doubt(a, octets, act);
    else chip_.shadow.mark(address(), octets, a.data->id);
    source_ = a.data;
    const auto left = static_cast<std::uint32_t>(a.data->data.size()) - std::min(done_, static_cast<std::uint32_t>(a.data->data.size()));
    dma(phase::data, pci::command::memory_write, address(), std::min(room(), left), const_cast<std::uint8_t*>(a.data->data.data()) + done_, act);
}

// What lies there may be a packet that nobody looks at any more.
void receive_unit::mark_in_doubt(const receive_path::arrival& a, std::uint32_t octets, ps act) {
    std::vector<trace_id> before;
    chip_.shadow.each(address(), octets, [&](trace_id id, std::uint32_t) { before.push_back(id); });
    chip_.shadow.mark(address(), octets, a.data->id);
    for (const trace_id id : before) chip_.doubt.settle(id, chip_.station, row(rx_untold_outcome), act);
}

pci::attempt receive_unit::decide(const pci::transfer& t, ps decision) {
    if (&t != &dma_now()) {
        given_up_[static_cast<std::size_t>(&t - transfers_.data())] = false;
        return {t.command, 0};
    }
    // Decided before the abort: it goes to the bus, which ends it early. What it would carry is still in `source_`.
    if (aborting_ && decision <= aborted_at_) return {t.command, t.bytes - t.done};
    if (aborting_) {
        // Nobody waits for it any more.
        if (chip_.yield.on()) chip_.yield.wants(receive_channel, never, chip_.bus);
        aborting_ = false;
        phase_ = phase::none;
        if (pending_start_) {
            pending_start_ = false;
            fetch(address_, decision + chip_.clock());
        }
        return {t.command, 0};
    }
    if (phase_ != phase::data) return {t.command, t.bytes - t.done};
    const std::uint32_t first = done_ + t.done;
    const std::uint32_t left = area_.first + area_.bytes - first;
    const std::uint64_t to = t.address + t.done;
    std::uint32_t n = order_is_void() ? 0 : path_.take(decision, first, left, to);
    if (n == 0) {                            // the link took it back
        if (chip_.yield.on()) chip_.yield.wants(receive_channel, never, chip_.bus);
        phase_ = phase::none;
        done_ = first;
        busy_until_ = decision + 2 * chip_.clock();
        chip_.timers.set(receive_timer, busy_until_);
        return {t.command, 0};
    }
    receive_path::arrival& a = path_.front();
    // Whole cache lines go by memory write and invalidate if all of SDM 4.2.2's conditions hold.
    const pci::configuration_space& c = chip_.bus.configuration();
    const std::uint32_t line = c.cache_line_bytes();
    pci::command how = pci::command::memory_write;
    if (line && to % line == 0 && n >= line && c.write_and_invalidate_enabled() && chip_.setup.get(field::mwi_enable)) {
        how = pci::command::memory_write_and_invalidate;
        n -= n % line;
    } else if (line && chip_.setup.get(field::terminate_on_line)) {
        n = std::min<std::uint32_t>(n, line - static_cast<std::uint32_t>(to % line));
    }
    a.taken = first + n;
    if (a.taken > a.own) {
        const std::uint32_t own = a.own - std::min(a.own, first);
        chip_.shadow.mark(to + own, n - own, 0);
    }
    if (path_.current().fcs_to_memory && !a.data->fcs_known && a.taken + packet::fcs_octets > a.length) packet::ensure_fcs(*a.data);
    dma_now().bytes = t.done + n;
    source_ = a.data;
    dma_now().data = const_cast<std::uint8_t*>(a.data->data.data()) + done_;   // a write: memory only reads from it
    return {how, n};
}

void receive_unit::planned(const pci::transfer& t, ps at) {
    if (&t != &dma_now() || phase_ != phase::data || aborting_) return;
    const pci::pci_extension& x = pci::extension_of(*t.under_way);
    path_.planned(done_ + t.done, static_cast<unsigned>((t.address + t.done) % x.word_bytes), x.word_bytes, x.data);
    if (early_) watch_early();
    receiver_.sample(at);
    if (chip_.yield.on()) chip_.yield.bursts(receive_channel, dma_now(), chip_.bus);
}

void receive_unit::ended(const pci::transfer& t, pci::transfer_result r, ps at) {
    if (&t != &dma_now()) return;
    count_abort(chip_, r);
    if (chip_.yield.on()) chip_.yield.wants(receive_channel, never, chip_.bus);
    const ps next = at + chip_.clock();
    busy_until_ = next;
    const phase was = phase_;
    phase_ = phase::none;
    source_ = {};
    if (aborting_) {
        aborting_ = false;
        if (pending_start_) {
            pending_start_ = false;
            fetch(address_, next);
        }
        return;
    }
    switch (was) {
    case phase::none: case phase::redirect: break;
    case phase::descriptor:
        if (r == pci::transfer_result::done) fetched(at);
        else refuse_descriptor(at);
        break;
    case phase::data: burst_ended(r, at); break;
    case phase::extension: write_counts(next); break;
    case phase::buffer: buffer_fetched(r, at); break;
    case phase::buffer_count: write_counts(next); break;
    case phase::again: read_again_done(r, at); break;
    case phase::count:
        put16(word_, status_);
        dma(phase::status, pci::command::memory_write, address_, 2, word_, next);
        break;
    case phase::status: status_written(r, at); break;
    }
}

void receive_unit::burst_ended(pci::transfer_result r, ps at) {
    receive_path::arrival& a = path_.front();
    if (r != pci::transfer_result::done) path_.give(done_ + dma_now().done, at);
    const std::uint32_t end = done_ + dma_now().bytes, own = std::min(end, a.own) - std::min(done_, a.own);
    if (dma_now().attempts) chip_.station.crossed(a.data->id, chip_.bus.bus_path(), own, at);
    done_ += dma_now().bytes;
    if (early_) tell_early(at);
    if (room() == 0 && area_.header && header_done(at)) return receiver_.sample(at);
    if (room() == 0 && !more_buffers() && path_.whole_length(a) > done_) truncate(at);
    receiver_.sample(at);
    look(busy_until_);
}

void receive_unit::truncate(ps at) {
    truncated_ = true;
    path_.truncate(at);
}

}  // namespace nicteam::nic
