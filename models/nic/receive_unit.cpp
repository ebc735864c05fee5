#include "nic/receive_unit.h"

#include <algorithm>
#include <cstring>

#include "nicteam/packet/fcs.h"

namespace nicteam::nic {
namespace {

constexpr unsigned type_offset = 12;
constexpr unsigned largest_length = 1500;        // above: a type (IEEE 802.3 3.2.6)

}  // namespace

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
    chip_.ru_probe.change(at, static_cast<std::uint64_t>(s));
    receiver_.unit(s == ru_state::ready  ? receiver::unit_state::ready
                   : s == ru_state::idle ? receiver::unit_state::idle
                                         : receiver::unit_state::waiting);
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
    act_ = act;
    chip_.bus.start(t, act);
}

// ---------------------------------------------------------------- SCB commands
bool receive_unit::start(std::uint32_t offset, ps at) {
    if (state_.latest() == ru_state::ready) return false;
    become(ru_state::ready, at);
    address_ = base_ + offset;
    have_ = false;
    if (phase_ == phase::none) fetch(address_, at);
    else pending_start_ = true;              // an aborted transfer is still on the bus
    return true;
}

bool receive_unit::resume(ps at) {
    if (state_.latest() != ru_state::suspended) return false;
    become(ru_state::ready, at);
    fetch(base_ + descriptor_.link, at);
    return true;
}

bool receive_unit::abort(ps at) {
    const bool was_ready = state_.latest() == ru_state::ready;
    chip_.timers.clear(receive_timer);
    pending_start_ = false;
    if (phase_ == phase::data && untouched()) give_up();
    if (phase_ != phase::none && !aborting_) {
        aborting_ = true;
        chip_.bus.limit(dma_now(), at);
    }
    if (was_ready) {
        receiver_.reset(at);
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
    chip_.timers.clear(receive_timer);
    phase_ = phase::none;
    given_up_.fill(false);               // the bus has forgotten all orders
    have_ = aborting_ = pending_start_ = false;
    done_ = 0;
    if (!selective) base_ = 0;
    become(ru_state::idle, at);
    receiver_.reset(at);
}

// ---------------------------------------------------------------- descriptors
void receive_unit::fetch(std::uint32_t address, ps act) {
    address_ = address;
    have_ = false;
    dma(phase::descriptor, pci::command::memory_read_line, address_, receive_descriptor::bytes, rfd_, act);
}

void receive_unit::fetched(ps at) {
    descriptor_ = receive_descriptor::of(rfd_);
    if (descriptor_.flexible || descriptor_.header_only) {
        chip_.count.refused_descriptor.add();
        return leave_ready(ru_state::no_resources, at);
    }
    // A descriptor without room at the end of the list is a stop mark: it is not touched.
    if (descriptor_.size == 0 && descriptor_.end_of_list) return leave_ready(ru_state::no_resources, at);
    have_ = true;
    done_ = 0;
    truncated_ = false;
    look(at + chip_.clock());
}

// ---------------------------------------------------------------- what comes next for the front frame
void receive_unit::changed(ps at) {
    const ps earliest = std::max(busy_until_, chip_.bus.clock().after(at));
    if (phase_ == phase::data && !aborting_ && act_ > earliest && untouched()) {
        // A burst is ordered for later: the link may have changed its mind about the frame.
        ps when;
        if (burst_next(earliest, when) && when == act_) return;
        give_up();
    }
    if (have_ && phase_ == phase::none) look(earliest);
}

// The burst that is ordered never takes place. False: too many such orders, this one must be waited for.
bool receive_unit::give_up() {
    for (unsigned i = 0; i < transfers_.size(); ++i) {
        if (i == present_ || given_up_[i]) continue;
        given_up_[present_] = true;
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
    if (room() && path_.front().taken < path_.total(path_.front())) {
        when = path_.next_request(earliest);
        return true;
    }
    when = path_.end_seen(earliest);
    return false;
}

void receive_unit::look(ps earliest) {
    if (!have_ || phase_ != phase::none) return;
    if (path_.empty() || path_.front().match == receive_path::verdict::no_match) return chip_.timers.clear(receive_timer);
    ps when;
    const bool burst = burst_next(earliest, when);
    // Orders ahead of time save a kernel event a burst.
    const bool now = when == earliest && when == busy_until_;
    if (when != never && path_.front().match == receive_path::verdict::match && (now || (burst && final(path_.front())))) {
        chip_.timers.clear(receive_timer);
        return burst ? start_burst(when) : judge(when);
    }
    chip_.timers.set(receive_timer, when);
}

void receive_unit::due(ps at) { act(at); }

void receive_unit::act(ps at) {
    receive_path::arrival& a = path_.front();
    if (!receiver_.matches(a)) return;       // goes when its end comes
    ps when;
    const bool burst = burst_next(at, when);
    if (when != at) return chip_.timers.set(receive_timer, when);
    if (burst) start_burst(at);
    else judge(at);
}

// ---------------------------------------------------------------- data
void receive_unit::start_burst(ps act) {
    receive_path::arrival& a = path_.front();
    if (done_ == 0) chip_.station.passed(a.data->id, row(rx_dma_start_stage), act);
    chip_.shadow.mark(address(), std::min(room(), path_.whole_length(a)), a.data->id);
    source_ = a.data;
    const auto left = static_cast<std::uint32_t>(a.data->data.size()) - std::min(done_, static_cast<std::uint32_t>(a.data->data.size()));
    dma(phase::data, pci::command::memory_write, address(), std::min(room(), left), const_cast<std::uint8_t*>(a.data->data.data()) + done_, act);
}

pci::attempt receive_unit::decide(const pci::transfer& t, ps decision) {
    if (&t != &dma_now()) {
        given_up_[static_cast<std::size_t>(&t - transfers_.data())] = false;
        return {t.command, 0};
    }
    if (aborting_) {
        // Nobody waits for it any more.
        aborting_ = false;
        phase_ = phase::none;
        if (pending_start_) {
            pending_start_ = false;
            fetch(address_, decision + chip_.clock());
        }
        return {t.command, 0};
    }
    if (phase_ != phase::data) return {t.command, t.bytes - t.done};
    receive_path::arrival& a = path_.front();
    const std::uint32_t first = done_ + t.done;
    const std::uint32_t left = descriptor_.size - first;
    const std::uint64_t to = t.address + t.done;
    std::uint32_t n = path_.take(decision, first, left, to);
    if (n == 0) {                            // the link took it back
        phase_ = phase::none;
        done_ = first;
        busy_until_ = decision + 2 * chip_.clock();
        chip_.timers.set(receive_timer, busy_until_);
        return {t.command, 0};
    }
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
    if (path_.current().fcs_to_memory && !a.data->fcs_known && a.taken + packet::fcs_octets > path_.whole_length(a)) packet::ensure_fcs(*a.data);
    dma_now().bytes = t.done + n;
    source_ = a.data;
    dma_now().data = const_cast<std::uint8_t*>(a.data->data.data()) + done_;   // a write: memory only reads from it
    return {how, n};
}

void receive_unit::planned(const pci::transfer& t, ps at) {
    if (&t != &dma_now() || phase_ != phase::data || aborting_) return;
    const pci::pci_extension& x = pci::extension_of(*t.under_way);
    path_.planned(done_ + t.done, static_cast<unsigned>((t.address + t.done) % x.word_bytes), x.word_bytes, x.data);
    receiver_.sample(at);
}

void receive_unit::ended(const pci::transfer& t, pci::transfer_result r, ps at) {
    if (&t != &dma_now()) return;
    count_abort(chip_, r);
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
    case phase::none: break;
    case phase::descriptor:
        if (r != pci::transfer_result::done) std::memset(rfd_ + dma_now().done, 0xFF, sizeof rfd_ - dma_now().done);
        fetched(at);
        break;
    case phase::data: burst_ended(r, at); break;
    case phase::count:
        put16(word_, status_);
        dma(phase::status, pci::command::memory_write, address_, 2, word_, next);
        break;
    case phase::status: status_written(at); break;
    }
}

void receive_unit::burst_ended(pci::transfer_result r, ps at) {
    receive_path::arrival& a = path_.front();
    if (r != pci::transfer_result::done) path_.give(done_ + dma_now().done, at);
    chip_.station.crossed(a.data->id, chip_.bus.bus_path(), dma_now().bytes, at);
    done_ += dma_now().bytes;
    if (room() == 0 && path_.whole_length(a) > done_) {
        truncated_ = true;
        path_.truncate(at);
    }
    receiver_.sample(at);
    look(busy_until_);
}

// ---------------------------------------------------------------- the end of a frame
std::uint16_t receive_unit::status_of(const receive_path::arrival& a, bool truncated) const {
    unsigned s = rfd_complete;
    const std::uint32_t octets = a.length;
    const bool is_short = octets < path_.current().minimum_octets;
    const bool bad = a.how != wire::wire_end::good;
    if (a.overrun) s |= rfd_overrun;
    else if (is_short) s |= rfd_short;
    else if (bad) s |= rfd_crc;
    if (truncated) s |= rfd_no_room;
    if (!a.overrun && !is_short && !bad && !truncated) s |= rfd_ok;
    const bytes& d = a.data->data;
    if (d.size() > type_offset + 1 && (d[type_offset] << 8 | d[type_offset + 1]) > static_cast<int>(largest_length)) s |= rfd_type;
    const auto m = static_cast<address_match>(a.filter);
    if (m == address_match::promiscuous) s |= rfd_no_match;
    if (m != address_match::individual) s |= rfd_not_individual;
    return static_cast<std::uint16_t>(s);
}

void receive_unit::judge(ps act) {
    receive_path::arrival& a = path_.front();
    const ps at = act - chip_.clock();
    const std::uint32_t octets = a.length;
    const bool is_short = octets < path_.current().minimum_octets;
    const bool bad = a.how != wire::wire_end::good;
    const bool too_long = octets > wire::maximum_frame && !chip_.setup.get(field::long_receive);
    if (room() == 0 && path_.whole_length(a) > done_ && !truncated_) truncated_ = true;
    // One error each: overrun, then short, then CRC (SDM 6.3.2.2).
    bool keep = true;
    outcome_row why = rx_bad_fcs_outcome;
    const bool save = chip_.setup.get(field::save_bad_frames);
    if (a.overrun) {
        chip_.hardware.add(statistic::rx_overrun);
        chip_.count.rx_overruns.add();
        keep = save || chip_.setup.get(field::pass_overruns);
        why = rx_overrun_outcome;
    } else if (is_short) {
        chip_.hardware.add(statistic::rx_short);
        chip_.count.rx_short.add();
        keep = save || !path_.current().discard_short;
        why = rx_short_outcome;
    } else if (bad) {
        chip_.hardware.add(statistic::rx_crc);
        chip_.count.rx_crc_errors.add();
        keep = save;
    } else if (too_long) {
        chip_.count.rx_long.add();
        keep = save;
        why = rx_long_outcome;
    }
    if (!keep) {
        chip_.station.ended(a.data->id, row(why), at);
        return reclaim(at);
    }
    chip_.station.passed(a.data->id, row(rx_dma_done_stage), at);
    status_ = status_of(a, truncated_);
    put16(word_, (done_ & 0x3FFFu) | receive_descriptor::count_filled | receive_descriptor::count_eof);
    dma(phase::count, pci::command::memory_write, address_ + receive_descriptor::count_offset, 2, word_, act);
}

// The frame was not worth its descriptor: the next one gets it.
void receive_unit::reclaim(ps at) {
    path_.pop();
    receiver_.sample(at);
    done_ = 0;
    truncated_ = false;
    look(std::max(busy_until_, at + chip_.clock()));
}

void receive_unit::status_written(ps at) {
    receive_path::arrival& a = path_.front();
    const trace_id id = a.data->id;
    if (status_ & rfd_ok) {
        chip_.hardware.add(statistic::rx_good);
        chip_.count.rx_frames.add();
        chip_.count.rx_bytes.add(done_);
    }
    if (truncated_) chip_.count.rx_truncated.add();
    chip_.station.passed(id, row(status_written_stage), at);
    chip_.station.passed(id, row(interrupt_stage), at);
    if (chip_.host_capture.on()) chip_.host_capture.take(a.data, at, sim::direction::in, status_ & rfd_ok ? nullptr : "given to the host with an error");
    path_.pop();
    receiver_.sample(at);
    have_ = false;
    chip_.irq.raise(at, fr_cause);
    if (descriptor_.end_of_list) leave_ready(ru_state::no_resources, at);
    else if (descriptor_.suspend) leave_ready(ru_state::suspended, at);
    else fetch(base_ + descriptor_.link, at + chip_.clock());
}

}  // namespace nicteam::nic
