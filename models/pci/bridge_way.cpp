// The asking bus: what comes in, and what it is told.
#include "bridge_way.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "nicteam/pci/parity.h"
#include "nicteam/sim/session.h"

namespace nicteam::pci {

bridge_way::bridge_way(sc_core::sc_module_name name, bridge_way_user& user, const pci_bridge_config& c, const clock_domain& from,
                       const clock_domain& to)
    : sc_module(name),
      user_(user),
      config_(c),
      from_(from),
      side_(to),
      writes_(c.posted_writes),
      delayed_(c.delayed),
      agenda_("agenda", *this, 1),
      posted_(sim::bind_counter(*this, bridge_way_info.metrics.rows[0])),
      posted_bytes_(sim::bind_counter(*this, bridge_way_info.metrics.rows[1])),
      posted_full_(sim::bind_counter(*this, bridge_way_info.metrics.rows[2])),
      delayed_count_(sim::bind_counter(*this, bridge_way_info.metrics.rows[3])),
      delayed_full_(sim::bind_counter(*this, bridge_way_info.metrics.rows[4])),
      retries_(sim::bind_counter(*this, bridge_way_info.metrics.rows[5])),
      fetched_bytes_(sim::bind_counter(*this, bridge_way_info.metrics.rows[6])),
      unused_bytes_(sim::bind_counter(*this, bridge_way_info.metrics.rows[7])),
      discards_(sim::bind_counter(*this, bridge_way_info.metrics.rows[8])),
      lost_writes_(sim::bind_counter(*this, bridge_way_info.metrics.rows[9])),
      posted_level_(sim::bind_level(*this, bridge_way_info.metrics.rows[10])),
      delayed_level_(sim::bind_level(*this, bridge_way_info.metrics.rows[11])),
      posted_probe_(sim::bind_probe(*this, bridge_way_info.probes.rows[0])),
      delayed_probe_(sim::bind_probe(*this, bridge_way_info.probes.rows[1])) {
    for (posted& w : writes_) w.data.reserve(c.posted_bytes);
    for (delayed& d : delayed_) d.data.reserve(c.read_bytes);
}

void bridge_way::show(ps at) {
    const auto waiting =
        static_cast<std::int64_t>(std::count_if(delayed_.begin(), delayed_.end(), [](const delayed& d) { return d.now != stage::free; }));
    if (waiting != delayed_level_.value()) {
        delayed_level_.set(at, waiting);
        delayed_probe_.change(at, static_cast<std::uint64_t>(waiting));
    }
    if (held_bytes_ == posted_level_.value()) return;
    posted_level_.set(at, held_bytes_);
    posted_probe_.change(at, held_bytes_);
}

answer bridge_way::decode(access& a, const passage& p) {
    doing_ = doing::nothing;
    passage_ = p;
    return is_memory(a.command) && a.write() ? post(a, p) : delay(a, p);
}

// ---------------------------------------------------------------- posted writes
// What was carried out leaves its room to edges strictly later than the one at which this side hears of it.
void bridge_way::reclaim(ps at) {
    while (used_ > going_ && writes_[first_].room_at < at) {
        held_bytes_ -= static_cast<std::uint32_t>(writes_[first_].data.size() + 3) & ~3u;
        first_ = (first_ + 1) % config_.posted_writes;
        --used_;
    }
    show(at);
}

answer bridge_way::post(access& a, const passage& p) {
    reclaim(sim::now());
    const unsigned word = a.bus->word_bytes;
    const std::uint64_t first = a.address - a.address % word;
    std::uint64_t words = used_ == config_.posted_writes ? 0 : (config_.posted_bytes - held_bytes_) / word;
    // Whole lines of a write-and-invalidate, so that it may go on as one; a buffer that holds no line takes it as a memory write.
    if (a.command == command::memory_write_and_invalidate && p.line >= word && p.line <= config_.posted_bytes && words < a.bus->words) {
        const std::uint64_t end = (first + words * word) / p.line * p.line;
        words = end > first ? (end - first) / word : 0;
    }
    answer reply;
    if (words == 0) {
        posted_full_.add();
        reply.how = stop::retry;
        reply.words = 0;
        return reply;
    }
    words = std::min(words, (p.end - first) / word);
    if (words < a.bus->words) {
        reply.how = stop::with_data;
        reply.words = static_cast<std::uint32_t>(words);
    }
    doing_ = doing::posting;
    return reply;
}

// ---------------------------------------------------------------- delayed transactions
bridge_way::delayed* bridge_way::find(const access& a, unsigned first, std::uint32_t written) {
    for (delayed& d : delayed_)
        if (d.now != stage::free && d.what == a.command && d.from_address == a.address && d.first == first && d.written == written)
            return &d;
    return nullptr;
}

// A target knows the address, the command, the first word's byte enables and, of a write, its data; not how much is wanted.
answer bridge_way::delay(access& a, const passage&) {
    const ps at = sim::now();
    const unsigned word = a.bus->word_bytes;
    first_bytes_ = std::min<std::uint32_t>(a.bytes, word - static_cast<std::uint32_t>(a.address % word));
    std::uint32_t written = 0;
    for (unsigned i = 0; a.write() && i < first_bytes_ && i < 4; ++i) written |= static_cast<std::uint32_t>(a.data[i]) << 8 * i;
    answer reply;
    reply.how = stop::retry;
    reply.words = 0;
    wrong_request_ = a.write() && a.bus->errors && a.bus->errors->wrong(0);
    // It looks at PAR of what is written before it answers, and takes nothing that is wrong: it goes no further (bridge
    // specification 1.1, 6.2).
    if (a.write() && user_.responds(*this)) {
        reply.first_wait = 1;
        if (wrong_request_) {
            reply.how = stop::with_data;
            reply.words = 1;
            return reply;
        }
    }
    at_work_ = find(a, first_bytes_, written);
    if (at_work_) {
        at_work_->met |= !a.bus->again;
        if (at_work_->now == stage::ready && at_work_->ready_at < at && opposite_->carried_out_ >= at_work_->pushes) {
            if (at_work_->met) user_.old_answer(*this);
            return deliver(a, *at_work_, reply.first_wait);
        }
        retries_.add();
        return reply;
    }
    for (delayed& d : delayed_)
        if (d.now == stage::free && !at_work_) at_work_ = &d;
    if (!at_work_) {
        delayed_full_.add();
        return reply;
    }
    at_work_->written = written;
    doing_ = doing::asking;
    return reply;
}

answer bridge_way::deliver(access& a, delayed& d, unsigned first_wait) {
    answer reply;
    reply.first_wait = first_wait;
    doing_ = doing::delivering;
    const bool aborted = d.result != transfer_result::done;
    if (aborted && (d.result == transfer_result::target_abort || user_.aborts_as_errors())) {
        reply.how = stop::abort;
        reply.words = 0;
        return reply;
    }
    const unsigned word = a.bus->word_bytes;
    const std::uint64_t have = aborted ? d.first : d.data.size();
    const std::uint64_t words = (a.address % word + have + word - 1) / word;
    if (!a.write()) {
        if (aborted) std::fill_n(a.data, d.first, std::uint8_t{0xFF});
        else std::copy_n(d.data.begin(), std::min<std::size_t>(d.data.size(), a.bytes), a.data);
    }
    if (words < a.bus->words) {
        reply.how = stop::with_data;
        reply.words = static_cast<std::uint32_t>(words);
    }
    if (!d.wrong.empty()) reply.wrong = &d.wrong;
    return reply;
}

std::uint32_t bridge_way::to_fetch(const access& a, const passage& p, unsigned first) const {
    if (!p.prefetchable || !p.line || a.write() || !is_memory(a.command)) return first;
    const unsigned lines = a.command == command::memory_read_multiple ? config_.multiple_prefetch
                           : a.command == command::memory_read_line   ? config_.line_prefetch
                                                                      : 0;
    if (lines == 0) return first;
    const unsigned word = a.bus->word_bytes;
    const std::uint64_t start = a.address - a.address % word;          // whole words: who asks takes no less
    const std::uint64_t end =
        std::min({(a.address / p.line + lines) * p.line, p.end, start + std::max(config_.read_bytes / word, 1u) * word});
    return std::max(first, static_cast<std::uint32_t>(end - a.address));
}

void bridge_way::release(delayed& d) {
    d.now = stage::free;
    d.data.clear();
    d.wrong.clear();
}

// ---------------------------------------------------------------- the tenure's end
void bridge_way::ended(access& a) {
    const ps idle = a.bus->idle;
    latest_ = nullptr;
    const doing what = std::exchange(doing_, doing::nothing);
    if (what == doing::posting && a.bus->done) {
        const std::uint32_t bytes = a.bytes_in(a.bus->done);
        posted& w = writes_[(next_ + going_) % config_.posted_writes];
        w.data.assign(a.data, a.data + bytes);
        w.what = transfer{};
        w.what.address = passage_.address;
        w.what.bytes = bytes;
        w.what.data = w.data.data();
        w.wrong.clear();
        w.what.wrong = &w.wrong;
        latest_ = &w;
        const bool lines = passage_.line && w.what.address % passage_.line == 0 && bytes % passage_.line == 0;
        w.what.command = a.command == command::memory_write_and_invalidate && lines ? a.command : command::memory_write;
        w.act = side_.after(idle, config_.crossing);
        w.room_at = never;
        held_bytes_ += (bytes + 3) & ~3u;
        ++used_;
        ++going_;
        ++accepted_;
        posted_.add();
        posted_bytes_.add(bytes);
        start_posted();
    } else if (what == doing::asking) {
        delayed& d = *at_work_;
        d.now = stage::held;
        d.what = a.command;
        d.from_address = a.address;
        d.first = first_bytes_;
        d.data.resize(to_fetch(a, passage_, first_bytes_));
        if (a.write()) std::copy_n(a.data, first_bytes_, d.data.begin());
        d.fetch = transfer{};
        d.fetch.address = passage_.address;
        d.fetch.bytes = static_cast<std::uint32_t>(d.data.size());
        d.fetch.data = d.data.data();
        if (wrong_request_) {
            d.wrong.assign(1, 0);
            d.fetch.wrong = &d.wrong;
            user_.wrong_request(*this);
        }
        d.fetch.command =
            is_configuration(a.command) || a.write() || d.data.size() > first_bytes_ || is_io(a.command) ? a.command : command::memory_read;
        d.act = d.turn = side_.after(idle, config_.crossing);
        d.behind = accepted_;
        d.enough = d.perr = d.met = false;
        delayed_count_.add();
        rank();
        start_delayed();
    } else if (what == doing::delivering && (a.bus->done || a.bus->why == ending::target_abort)) {
        const std::uint32_t taken = a.bytes_in(a.bus->done);
        if (!a.write() && at_work_->result == transfer_result::done && taken < at_work_->data.size())
            unused_bytes_.add(at_work_->data.size() - taken);
        release(*at_work_);
    }
    if (what == doing::delivering) watch_discard();
    show(sim::now());
}

void bridge_way::came_wrong(std::uint32_t word) {
    if (latest_) latest_->wrong.push_back(word);
}

// ---------------------------------------------------------------- nobody fetches it
bool bridge_way::may_be_discarded(const delayed& d) const {
    return d.now == stage::ready && !(doing_ == doing::delivering && at_work_ == &d);
}

void bridge_way::watch_discard() {
    ps first = never;
    for (const delayed& d : delayed_)
        if (may_be_discarded(d)) first = std::min(first, d.ready_at + user_.discard_after(*this) + 1);
    agenda_.set(0, std::max(first, sim::now()));           // overdue once its fetching has come to nothing
}

void bridge_way::due(unsigned, ps at) {
    for (delayed& d : delayed_) {
        if (!may_be_discarded(d) || d.ready_at + user_.discard_after(*this) >= at) continue;
        discards_.add();
        unused_bytes_.add(is_write(d.what) ? 0 : d.data.size());
        release(d);
        user_.discarded(*this, at);
    }
    show(at);
    watch_discard();
}

void bridge_way::overlay(std::uint64_t address, std::uint8_t* data, std::size_t n) const {
    for (unsigned i = 0; i < going_; ++i) {
        const posted& w = writes_[(next_ + i) % config_.posted_writes];
        const std::uint64_t first = std::max(address, w.what.address), end = std::min(address + n, w.what.address + w.data.size());
        if (first < end) std::memcpy(data + (first - address), w.data.data() + (first - w.what.address), end - first);
    }
}

void bridge_way::reset(ps at) {
    to_->reset(at);
    first_ = next_ = used_ = going_ = 0;
    started_ = false;
    held_bytes_ = 0;
    carried_out_ = accepted_;
    for (delayed& d : delayed_) release(d);
    doing_ = doing::nothing;
    agenda_.clear(0);
    show(at);
}

}  // namespace nicteam::pci
