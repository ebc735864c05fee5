#include "nicteam/driver/chimney_driver.h"

#include <algorithm>

#include "nicteam/rings/offload_registers.h"
#include "nicteam/sim/session.h"

namespace nicteam::driver {
namespace {

namespace reg = rings::offload_registers;
using chimney::opcode;
using chimney::status;

enum : unsigned { asked_row, heard_row, down_row, up_row, waited_row, failed_row, lost_row };
constexpr metric_info metrics[] = {
    {"asked", "questions", "questions written into the ring: driver_request for each"},
    {"heard", "entries", "entries taken from the ring of answers: driver_reap for each"},
    {"octets_down", "B", "octets of state and data that questions pointed to"},
    {"octets_up", "B", "octets taken from buffers: copy_byte for each"},
    {"waited", "questions", "questions that found no room in the ring or in the memory for their octets, and went later"},
    {"failed_start", "starts", "units that were not there, had another format, or refused their rings"},
    {"lost", "connections", "that ran in a device when it was reset or gone"},
};

constexpr unsigned address_octets = 8, first_base_register = 0x10;
constexpr std::uint32_t nobody = 0xFFFFFFFF;
constexpr std::size_t ring_align = 4'096;

bool is_list(opcode o) { return o == opcode::offload || o == opcode::upload; }
std::uint16_t number(status s) { return static_cast<std::uint16_t>(s); }

}  // namespace

const block_info chimney_driver_info = {"chimney_driver", "a nic's driver: what it asks of the Offload Target", {}, metrics, {}, {}, {}, {}, {}};

chimney_memory take_memory(host::memory& m, const chimney_driver_config& c) {
    chimney_memory taken;
    taken.questions = m.allocate(std::size_t{c.questions} * chimney::message_octets, ring_align);
    taken.answers = m.allocate(std::size_t{c.answers} * chimney::message_octets, ring_align);
    taken.buffer_ring = m.allocate(std::size_t{c.buffers} * address_octets, ring_align);
    taken.buffers = m.allocate(std::size_t{c.buffers} * c.buffer_octets, ring_align);
    taken.arena = m.allocate(c.room, ring_align);
    return taken;
}

chimney_driver::chimney_driver(sc_core::sc_module_name name, const chimney_driver_config& c, const host::place& p)
    : sc_module(name),
      config_(c),
      place_(p),
      ram_(*p.ram),
      at_(take_memory(*p.ram, c)),
      count_asked_(sim::bind_counter(*this, metrics[asked_row])),
      count_heard_(sim::bind_counter(*this, metrics[heard_row])),
      octets_down_(sim::bind_counter(*this, metrics[down_row])),
      octets_up_(sim::bind_counter(*this, metrics[up_row])),
      waited_(sim::bind_counter(*this, metrics[waited_row])),
      failed_(sim::bind_counter(*this, metrics[failed_row])),
      lost_(sim::bind_counter(*this, metrics[lost_row])) {}
chimney_driver::~chimney_driver() = default;

// ---------------------------------------------------------------- what the layers ask

chimney::dispatch_table chimney_driver::table() {
    chimney::dispatch_table t;
    t.offload = [this](ps, chimney::ticket n, state::block_list l, bool whole) {
        bytes octets = l.encode();
        asked_[n] = {opcode::offload, {}, false, std::move(l)};
        ask(opcode::offload, n, {}, std::move(octets), whole ? 1 : 0);
    };
    t.upload = [this](ps, chimney::ticket n, state::block_list l) {
        bytes octets = l.encode();
        asked_[n] = {opcode::upload, {}, false, std::move(l)};
        ask(opcode::upload, n, {}, std::move(octets));
    };
    t.write = [this](ps, chimney::ticket n, state::handle h, state::part p, bytes b) {
        asked_[n] = {opcode::write, h, p == state::part::delegated, {}};
        ask(opcode::write, n, h, std::move(b), static_cast<std::uint8_t>(p));
    };
    t.write_data = [this](ps, chimney::ticket n, state::handle h, bytes b) {
        asked_[n] = {opcode::write_data, h, false, {}};
        ask(opcode::write_data, n, h, std::move(b));
    };
    t.update = [this](ps, chimney::ticket n, state::handle h, bytes b) {
        asked_[n] = {opcode::update, h, false, {}};
        ask(opcode::update, n, h, std::move(b));
    };
    t.relink = [this](ps, chimney::ticket n, state::handle path, state::handle to) {
        asked_[n] = {opcode::relink, path, false, {}};
        ask(opcode::relink, n, path, chimney::handle_as_octets(to));
    };
    t.query = [this](ps, chimney::ticket n, state::handle h, state::part p) {
        asked_[n] = {opcode::query, h, false, {}};
        ask(opcode::query, n, h, {}, static_cast<std::uint8_t>(p));
    };
    t.forward = [this](ps, chimney::ticket n, state::handle h, packet::ip_address from, packet::ip_address to, bytes segment) {
        asked_[n] = {opcode::forward, h, false, {}};
        ask(opcode::forward, n, h, chimney::forward_octets(from, to, segment));
    };
    t.send = [this](ps, state::handle h, bytes b) { ask(opcode::send, 0, h, std::move(b)); };
    t.consume = [this](ps, state::handle h, std::size_t n) { ask(opcode::consume, 0, h, {}, 0, static_cast<std::uint32_t>(n)); };
    t.close = [this](ps, state::handle h) { ask(opcode::close, 0, h, {}); };
    t.abort = [this](ps, state::handle h) { ask(opcode::abort, 0, h, {}); };
    t.able = [this]() -> const chimney::abilities& { return able_; };
    return t;
}

void chimney_driver::ask(opcode what, chimney::ticket n, state::handle h, bytes octets, std::uint8_t argument, std::uint32_t length) {
    waiting w;
    w.asked.cookie = n;
    w.asked.handle = h;
    w.asked.what = what;
    w.asked.argument = argument;
    w.asked.length = octets.empty() ? length : static_cast<std::uint32_t>(octets.size());
    w.octets = std::move(octets);
    pending_.push_back(std::move(w));
}

// As much as there is room for; the rest when there is.
void chimney_driver::flush(host::cpu& c) {
    if (flushing_) return;
    flushing_ = true;
    if (!ready_) {
        refuse_all(c.now());
    } else {
        c.mask_interrupts();
        while (!pending_.empty() && put(c, pending_.front())) pending_.pop_front();
        if (told_ != posted_) {
            told_ = posted_;
            write(c, reg::question_tail, posted_);
        }
        c.unmask_interrupts();
    }
    flushing_ = false;
    if (pending_.empty() || looks_) return;
    waited_.add();
    looks_ = true;
    place_.cpu->post(c.now() + config_.poll, [this](host::cpu& k) {
        looks_ = false;
        if (ready_) question_head_ = read(k, reg::question_head);
        free_places(k);
        flush(k);
    });
}

bool chimney_driver::put(host::cpu& c, const waiting& w) {
    const auto n = static_cast<std::uint32_t>(w.octets.size());
    std::uint32_t at = 0;
    if (n > longest_ || n > config_.room) {              // a list that no memory takes: told, and nothing of it is asked
        const auto it = asked_.find(w.asked.cookie);
        if (it == asked_.end()) return true;
        const outstanding all = std::move(it->second);
        asked_.erase(it);
        answer_as(c.now(), w.asked.cookie, all, status::no_room);
        return true;
    }
    if (posted_ - question_head_ >= question_size_ || (n && !place(n, at))) return false;
    c.spend(host::of(host::cost::driver_request));
    if (n && w.asked.what != opcode::send) c.spend(host::of(host::cost::copy_byte), n);       // what is sent lies in the application's own memory
    c.catch_up();
    chimney::question q = w.asked;
    if (n) {
        q.address = at_.arena + at;
        ram_.write(q.address, w.octets.data(), n, c.now());
        used_.push_back({posted_, at, n});
        octets_down_.add(n);
    }
    const chimney::message m = chimney::encode(q);
    ram_.write(at_.questions + std::uint64_t{posted_++ & (question_size_ - 1)} * chimney::message_octets, m.data(), m.size(), c.now());
    count_asked_.add();
    return true;
}

// Room for that many octets in a row, behind what is in use; the arena is a ring.
bool chimney_driver::place(std::uint32_t octets, std::uint32_t& at) {
    constexpr std::uint32_t align = 8;
    const std::uint32_t room = (octets + align - 1) / align * align;
    if (used_.empty()) return at = 0, room <= config_.room;
    const std::uint32_t first = used_.front().first, end = (used_.back().first + used_.back().octets + align - 1) / align * align;
    if (used_.back().first >= first) {
        if (end + room <= config_.room) return at = end, true;
        return at = 0, room < first;
    }
    return at = end, end + room < first;
}

void chimney_driver::free_places(host::cpu&) {
    while (!used_.empty() && static_cast<std::int32_t>(question_head_ - used_.front().question) > 0) used_.pop_front();
}

// ---------------------------------------------------------------- what the device answers

bool chimney_driver::interrupt(host::cpu& c) {
    if (!ready_) return false;
    c.spend(host::of(host::cost::driver_interrupt));
    write(c, reg::status, reg::status_answer);
    const std::uint32_t s = read(c, reg::status);            // pushes the acknowledgement, and what the device had posted before it
    if (s == nobody) return false;
    if (s & reg::status_dead) {
        end(c);
        return true;
    }
    const std::uint32_t before = taken_;
    reap(c);
    return taken_ != before;
}

void chimney_driver::reap(host::cpu& c) {
    c.mask_interrupts();                                     // their handler reaps as well
    c.catch_up();
    const std::uint32_t before = taken_;
    for (chimney::message m; ready_;) {
        ram_.read(at_.answers + std::uint64_t{taken_ & (answer_size_ - 1)} * chimney::message_octets, m.data(), m.size(), c.now());
        const chimney::answer_entry e = chimney::decode_answer(m);
        if (e.phase != chimney::phase_of(taken_, answer_size_)) break;
        ++taken_;
        count_heard_.add();
        c.spend(host::of(host::cost::driver_reap));
        if (const std::uint32_t n = std::min(e.length, config_.buffer_octets)) {
            c.spend(host::of(host::cost::copy_byte), n);
            c.catch_up();
            const unsigned which = next_buffer_++ % config_.buffers;
            const std::size_t had = coming_.octets.size();
            if (!had) coming_.from = e.said.from;
            coming_.octets.resize(had + n);
            ram_.read(at_.buffers + std::uint64_t{which} * config_.buffer_octets, coming_.octets.data() + had, n, c.now());
            octets_up_.add(n);
            post_buffer(which, c.now());
        }
        if (!e.more) {
            chimney::answer whole = e.said;
            if (!coming_.octets.empty()) whole.from = coming_.from;
            whole.octets = std::move(coming_.octets);
            coming_ = {};
            heard(c, whole);
        }
        c.catch_up();
    }
    if (ready_ && taken_ != before) write(c, reg::answer_head, taken_);
    if (ready_ && buffers_told_ != buffers_posted_) {
        buffers_told_ = buffers_posted_;
        write(c, reg::buffer_tail, buffers_posted_);
    }
    c.unmask_interrupts();
    if (taken_ == before) return;
    if (user_) user_->answered(c);
    flush(c);
}

void chimney_driver::post_buffer(unsigned n, ps at) {
    const std::uint64_t address = at_.buffers + std::uint64_t{n} * config_.buffer_octets;
    std::uint8_t octets[address_octets];
    for (unsigned i = 0; i < address_octets; ++i) octets[i] = static_cast<std::uint8_t>(address >> 8 * i);
    ram_.write(at_.buffer_ring + std::uint64_t{buffers_posted_++ & (config_.buffers - 1)} * address_octets, octets, address_octets, at);
}

// Which connections run there, the driver has to know, should the device be lost.
void chimney_driver::heard(host::cpu& c, const chimney::answer& a) {
    const auto it = asked_.find(a.cookie);
    const bool event = a.kind == chimney::answer_kind::indicated || a.kind == chimney::answer_kind::happened;
    if (!event && it == asked_.end()) return;                // of nothing that was asked
    outstanding was;
    if (!event) {
        was = std::move(it->second);
        asked_.erase(it);
    }
    if (const name n{was.handle.index, was.handle.generation}; was.whole_state && a.why == 0 && granted_.count(n)) there_.insert(n);
    if (!event && is_list(was.what)) {
        std::string why;
        const state::block_list l = state::block_list::decode(a.octets.data(), a.octets.size(), why);
        if (!why.empty() || a.why) return answer_as(c.now(), a.cookie, was, a.why ? static_cast<status>(a.why) : status::malformed);
        for (std::uint32_t n = 0; n < l.size(); ++n) {
            if (l[n].layer != state::layer::connection) continue;
            const name its{l[n].target.index, l[n].target.generation};
            if (was.what == opcode::upload) {
                granted_.erase(its), there_.erase(its);
            } else if (l[n].status == number(status::done)) {
                granted_.insert(its);
                if (!was.list[n].delegated.empty()) there_.insert(its);
            }
        }
    }
    chimney::tell(c.now(), a, *answers_);
}

void chimney_driver::answer_as(ps now, chimney::ticket n, const outstanding& was, status why) {
    chimney::answer a;
    a.cookie = n;
    a.why = static_cast<std::uint8_t>(why);
    a.handle = was.handle;
    switch (was.what) {
        case opcode::offload:
        case opcode::upload: {
            state::block_list l = was.list;
            for (std::uint32_t b = 0; b < l.size(); ++b) {
                l[b].status = number(why);
                l[b].constant.clear(), l[b].cached.clear(), l[b].delegated.clear(), l[b].data.clear();
                const name its{l[b].target.index, l[b].target.generation};
                if (was.what == opcode::upload) granted_.erase(its), there_.erase(its);
            }
            return was.what == opcode::offload ? answers_->offloaded(now, n, std::move(l)) : answers_->uploaded(now, n, std::move(l));
        }
        case opcode::update: a.kind = chimney::answer_kind::updated; break;
        case opcode::query: a.kind = chimney::answer_kind::asked; break;
        case opcode::forward: a.kind = chimney::answer_kind::sent_on; break;
        default: a.kind = chimney::answer_kind::written; break;
    }
    chimney::tell(now, a, *answers_);
}

// ---------------------------------------------------------------- the unit comes and goes

bool chimney_driver::start(host::cpu& c) {
    if (ready_) end(c);
    if (!set_up(c)) return failed_.add(), false;
    ready_ = true;
    if (user_) user_->able_again(c);
    return true;
}

void chimney_driver::listen(host::cpu& c) {
    write(c, reg::status, reg::status_answer);
    write(c, reg::interrupt_enable, reg::status_answer | reg::status_dead);
    reap(c);
}

bool chimney_driver::set_up(host::cpu& c) {
    const unsigned device = place_.bus << 5 | place_.device;
    window_ = c.read_configuration(device, first_base_register + 4 * config_.base_register, 4) & ~0xFu;
    if (!window_ || window_ == (nobody & ~0xFu) || read(c, reg::format) != reg::version) return false;
    const std::uint32_t bits = read(c, reg::abilities);
    able_.neighbours = read(c, reg::neighbours);
    able_.paths = read(c, reg::paths);
    able_.connections = read(c, reg::connections);
    able_.most_window = read(c, reg::most_window);
    able_.send_capacity = read(c, reg::send_capacity);
    able_.ipv6 = bits & reg::ipv6, able_.sack = bits & reg::sack, able_.window_scaling = bits & reg::window_scaling;
    able_.timestamps = bits & reg::timestamps, able_.keep_alive = bits & reg::keep_alive, able_.urgent = bits & reg::urgent;
    longest_ = read(c, reg::longest_question);
    const std::uint32_t depth = read(c, reg::ring_depth);
    question_size_ = std::min(config_.questions, depth);
    answer_size_ = std::min(config_.answers, depth);
    if (config_.buffers > depth) return false;
    posted_ = told_ = taken_ = buffers_posted_ = buffers_told_ = next_buffer_ = question_head_ = 0;
    used_.clear();
    coming_ = {};
    c.catch_up();
    {
        const bytes nothing(std::size_t{answer_size_} * chimney::message_octets);      // no phase of the first round
        ram_.write(at_.answers, nothing.data(), nothing.size(), c.now());
    }
    for (unsigned n = 0; n < config_.buffers; ++n) post_buffer(n, c.now());
    buffers_told_ = buffers_posted_;
    const auto address = [&](const rings::register_row& low, const rings::register_row& high, std::uint64_t a) {
        write(c, low, static_cast<std::uint32_t>(a));
        write(c, high, static_cast<std::uint32_t>(a >> 32));
    };
    address(reg::question_base_low, reg::question_base_high, at_.questions);
    write(c, reg::question_size, question_size_);
    address(reg::answer_base_low, reg::answer_base_high, at_.answers);
    write(c, reg::answer_size, answer_size_);
    address(reg::buffer_base_low, reg::buffer_base_high, at_.buffer_ring);
    write(c, reg::buffer_size, config_.buffers);
    write(c, reg::buffer_octets, config_.buffer_octets);
    write(c, reg::status, reg::status_answer | reg::status_refused);
    write(c, reg::control, reg::control_run);
    write(c, reg::buffer_tail, buffers_posted_);
    return read(c, reg::status) == reg::status_running;
}

// What it told stands in memory; the rest nobody will hear of.
void chimney_driver::end(host::cpu& c) {
    if (!ready_) return;
    reap(c);
    ready_ = false;
    refuse_all(c.now());
    if (user_) user_->answered(c);
}

void chimney_driver::refuse_all(ps now) {
    pending_.clear();
    while (!asked_.empty()) {
        const auto all = std::move(asked_);
        asked_.clear();
        for (const auto& [n, was] : all) answer_as(now, n, was, status::stale_handle);
        pending_.clear();                                    // what layers ask thereupon
    }
    const auto gone = std::move(there_);
    there_.clear();
    granted_.clear();
    for (const auto& [index, generation] : gone) {
        lost_.add();
        answers_->indicated(now, {index, generation}, chimney::reason::lost);
    }
}

std::uint32_t chimney_driver::read(host::cpu& c, const rings::register_row& r) {
    c.catch_up();
    return c.read(window_ + r.offset, 4);
}
void chimney_driver::write(host::cpu& c, const rings::register_row& r, std::uint32_t v) {
    c.catch_up();
    c.write(window_ + r.offset, 4, v);
}

}  // namespace nicteam::driver
