// The unit's processor: questions, frames and timers, one after the other.
#include "nicteam/rings/offload_unit.h"

#include "nicteam/rings/framed_segment.h"
#include "nicteam/rings/offload_registers.h"
#include "nicteam/sim/session.h"

namespace nicteam::rings {
namespace {

using config = offload_unit_config;
constexpr const char* ours = "own design, no real device";
constexpr parameter_info parameters[] = {
    {"enable", quantity::flag, "false", nullptr, nullptr, nullptr, "the nic runs TCP connections that a host hands to it", "source document 002", store<&config::enable>},
    {"processor", quantity::choice, "microcontroller", nullptr, nullptr, "microcontroller|state_machine", "what runs them: the cycles of each step are in docs/timing.md", ours,
     store<&config::processor>},
    {"clock", quantity::period, "133 MHz", "100 ps", "1 us", nullptr, "clock of the processor", "choice: four times the clock of the bus", store<&config::period>},
    {"neighbours", quantity::count, "64", "1", "1000000", nullptr, "next hops that it holds at most", ours, store<&config::neighbours>},
    {"paths", quantity::count, "256", "1", "1000000", nullptr, "paths that it holds at most", ours, store<&config::paths>},
    {"connections", quantity::count, "1024", "1", "1000000", nullptr, "connections that it holds at most", ours, store<&config::connections>},
    {"most_window", quantity::size, "1 GiB", "536 B", "1 GiB", nullptr, "largest receive window of a connection that it takes", ours, store<&config::most_window>},
    {"send_queue", quantity::size, "65535 B", "536 B", "1 GiB", nullptr, "octets of a connection that are not acknowledged or not yet sent", "as host.tcp.send_queue",
     store<&config::send_capacity>},
    {"frames", quantity::count, "64", "1", "65536", nullptr, "received frames that wait for the processor at most, further ones are lost; and frames that wait for the line", ours,
     store<&config::frames>},
    {"questions", quantity::count, "8", "1", "4096", nullptr, "questions of the host that are read ahead", ours, store<&config::questions>},
    {"buffers", quantity::count, "16", "1", "4096", nullptr, "addresses of buffers that are read ahead", ours, store<&config::buffers>},
    {"ring_depth", quantity::count, "4096", nullptr, nullptr, "2|4|8|16|32|64|128|256|512|1024|2048|4096|8192|16384|32768|65536", "entries of the largest ring", ours,
     store<&config::ring_depth>},
    {"longest_question", quantity::size, "1 MiB", "4 KiB", "64 MiB", nullptr, "octets of a list that a question may point to; a longer one is refused", ours,
     store<&config::longest_question>},
};

enum : unsigned { questions_row, answers_row, segments_in_row, segments_out_row, dropped_row, read_row, written_row, busy_row };
constexpr metric_info metrics[] = {
    {"questions", "questions", "questions of the host that it has done"},
    {"answers", "entries", "entries written into the ring of answers"},
    {"segments_in", "segments", "segments from the line that are for its connections"},
    {"segments_out", "segments", "segments of its connections that went to the line"},
    {"dropped", "frames", "frames for its connections that found no room in front of the processor"},
    {"octets_read", "B", "octets read from memory: questions and what they point to, addresses of buffers"},
    {"octets_written", "B", "octets written to memory: answers and what fills the buffers"},
    {"busy", "ps", "time for which its processor worked"},
};

std::uint32_t ability_bits(const chimney::abilities& a) {
    namespace r = offload_registers;
    return (a.ipv6 ? r::ipv6 : 0u) | (a.sack ? r::sack : 0u) | (a.window_scaling ? r::window_scaling : 0u) | (a.timestamps ? r::timestamps : 0u) |
           (a.keep_alive ? r::keep_alive : 0u) | (a.urgent ? r::urgent : 0u);
}

bool power_of_two(std::uint32_t n) { return n && (n & (n - 1)) == 0; }
bool good_size(std::uint32_t n, std::uint32_t depth) { return n >= 2 && n <= depth && power_of_two(n); }

constexpr std::uint32_t least_buffer = 64, largest_buffer = 65'536;

}  // namespace

const block_info offload_unit_info = {"chimney", "a nic's Offload Target: docs/offload.md", parameters, metrics, {}, {}, {}, {}, {}};

namespace offload_registers {
namespace {
constexpr register_row rows[] = {
    format, neighbours, paths, connections, abilities, most_window, send_capacity, ring_depth, question_base_low, question_base_high, question_size, question_head,
    question_tail, answer_base_low, answer_base_high, answer_size, answer_tail, answer_head, buffer_base_low, buffer_base_high, buffer_size, buffer_octets, buffer_tail,
    control, status, interrupt_enable, longest_question,
};
}  // namespace
const table<register_row> all = rows;
}  // namespace offload_registers

offload_unit::offload_unit(sc_core::sc_module_name name, const sc_core::sc_object& owner, const offload_unit_config& c, pci::services& bus, offload_line& l)
    : sc_module(name),
      config_(c),
      bus_(bus),
      line_(l),
      clock_(c.period),
      agenda_("agenda", *this, slots),
      count_questions_(sim::bind_counter(owner, metrics[questions_row])),
      count_answers_(sim::bind_counter(owner, metrics[answers_row])),
      segments_in_(sim::bind_counter(owner, metrics[segments_in_row])),
      segments_out_(sim::bind_counter(owner, metrics[segments_out_row])),
      dropped_(sim::bind_counter(owner, metrics[dropped_row])),
      read_(sim::bind_counter(owner, metrics[read_row])),
      written_octets_(sim::bind_counter(owner, metrics[written_row])),
      busy_time_(sim::bind_counter(owner, metrics[busy_row])) {
    runner_.steps = &sums_;
    runner_.is_nic = true;
    runner_.rules.send_capacity = c.send_capacity;
    random_stream s = sim::stream_of(owner, "secret");
    secret_.first = s.next();
    secret_.second = s.next();
    make_device();
}
offload_unit::~offload_unit() = default;

void offload_unit::make_device() {
    chimney::abilities a;
    a.neighbours = config_.neighbours;
    a.paths = config_.paths;
    a.connections = config_.connections;
    a.most_window = config_.most_window;
    a.send_capacity = config_.send_capacity;
    device_ = std::make_unique<chimney::device>(runner_, a, secret_);
}

// ---------------------------------------------------------------- registers

std::uint32_t offload_unit::read(std::uint32_t offset, unsigned size, ps at) {
    if (size != 4) return 0;
    const chimney::abilities& a = device_->target().able();
    switch (offset) {
        case offload_registers::format.offset: return offload_registers::version;
        case offload_registers::neighbours.offset: return a.neighbours;
        case offload_registers::paths.offset: return a.paths;
        case offload_registers::connections.offset: return a.connections;
        case offload_registers::abilities.offset: return ability_bits(a);
        case offload_registers::most_window.offset: return a.most_window;
        case offload_registers::send_capacity.offset: return a.send_capacity;
        case offload_registers::ring_depth.offset: return config_.ring_depth;
        case offload_registers::question_base_low.offset: return questions_.low;
        case offload_registers::question_base_high.offset: return questions_.high;
        case offload_registers::question_size.offset: return questions_.size;
        case offload_registers::question_head.offset: return question_head_.seen(at);
        case offload_registers::question_tail.offset: return question_tail_.seen(at);
        case offload_registers::answer_base_low.offset: return answers_.low;
        case offload_registers::answer_base_high.offset: return answers_.high;
        case offload_registers::answer_size.offset: return answers_.size;
        case offload_registers::answer_tail.offset: return answer_tail_.seen(at);
        case offload_registers::answer_head.offset: return answer_head_.seen(at);
        case offload_registers::buffer_base_low.offset: return buffers_.low;
        case offload_registers::buffer_base_high.offset: return buffers_.high;
        case offload_registers::buffer_size.offset: return buffers_.size;
        case offload_registers::buffer_octets.offset: return buffer_octets_;
        case offload_registers::buffer_tail.offset: return buffer_tail_.seen(at);
        case offload_registers::status.offset: return status_.seen(at);
        case offload_registers::interrupt_enable.offset: return interrupt_enable_;
        case offload_registers::longest_question.offset: return config_.longest_question;
        default: return 0;
    }
}

void offload_unit::write(std::uint32_t offset, unsigned size, std::uint32_t v, ps at) {
    if (size != 4) return;
    const bool runs = status_.seen(at) & offload_registers::status_running;
    const auto set = [&](std::uint32_t& field) {
        if (!runs) field = v;
    };
    switch (offset) {
        case offload_registers::question_base_low.offset: return set(questions_.low);
        case offload_registers::question_base_high.offset: return set(questions_.high);
        case offload_registers::question_size.offset: return set(questions_.size);
        case offload_registers::answer_base_low.offset: return set(answers_.low);
        case offload_registers::answer_base_high.offset: return set(answers_.high);
        case offload_registers::answer_size.offset: return set(answers_.size);
        case offload_registers::buffer_base_low.offset: return set(buffers_.low);
        case offload_registers::buffer_base_high.offset: return set(buffers_.high);
        case offload_registers::buffer_size.offset: return set(buffers_.size);
        case offload_registers::buffer_octets.offset: return set(buffer_octets_);
        case offload_registers::question_tail.offset: return ring(question_tail_, v, questions_.size - (question_tail_.latest() - question_head_.seen(at)), at);
        case offload_registers::answer_head.offset: return ring(answer_head_, v, answer_tail_.seen(at) - answer_head_.latest(), at);
        case offload_registers::buffer_tail.offset: return ring(buffer_tail_, v, buffers_.size - (buffer_tail_.latest() - buffers_read_), at);
        case offload_registers::control.offset: return control(v, at);
        case offload_registers::status.offset:
            return change_status(status_.latest() & ~(v & (offload_registers::status_answer | offload_registers::status_refused)), at);
        case offload_registers::interrupt_enable.offset:
            interrupt_enable_ = v & offload_registers::status_interrupts;
            return change_status(status_.latest(), at);
        default: return;
    }
}

void offload_unit::control(std::uint32_t bits, ps at) {
    if (resetting_) return;
    if (bits & offload_registers::control_reset) return wake(slot_reset, at);
    if (bits & offload_registers::control_run && !(status_.seen(at) & (offload_registers::status_running | offload_registers::status_dead))) start(at);
}

void offload_unit::start(ps at) {
    const bool good = good_size(questions_.size, config_.ring_depth) && good_size(answers_.size, config_.ring_depth) && good_size(buffers_.size, config_.ring_depth) &&
                      questions_.low % chimney::message_octets == 0 && answers_.low % chimney::message_octets == 0 && buffers_.low % 8 == 0 &&
                      buffer_octets_ >= least_buffer && buffer_octets_ <= largest_buffer;
    if (!good) return change_status(status_.latest() | offload_registers::status_refused, at);
    for (auto* r : {&question_head_, &question_tail_, &answer_head_, &answer_tail_, &buffer_tail_}) r->set(at, 0);
    buffers_read_ = 0;
    left_behind_.clear();                            // this write has had the bus behind them
    change_status(status_.latest() | offload_registers::status_running, at);
}

// A doorbell: at most so many more than before.
void offload_unit::ring(edged<std::uint32_t>& tail, std::uint32_t v, std::uint32_t at_most, ps at) {
    if (!(status_.seen(at) & offload_registers::status_running) || v - tail.latest() > at_most) return change_status(status_.latest() | offload_registers::status_refused, at);
    tail.set(at, v);
    wake(slot_fetch, at);
    wake(slot_store, at);
}

void offload_unit::change_status(std::uint32_t v, ps at) {
    status_.set(at, v);
    const bool on = v & interrupt_enable_;
    if (on == asserted_) return;
    asserted_ = on;
    bus_.interrupt(on, at);
}

// Whose entry it was nobody knows.
void offload_unit::die(ps at) { change_status((status_.latest() & ~offload_registers::status_running) | offload_registers::status_dead, at); }

void offload_unit::reset(ps at) {
    fetch_open_ = store_open_ = resetting_ = false;
    for (unsigned s = 0; s < slots; ++s) agenda_.clear(s);
    make_device();
    if (!said_.empty()) left_behind_.push_back(std::move(said_.front().octets));
    left_behind_.push_back(std::move(coming_.octets));
    left_behind_.push_back(std::move(addresses_));
    coming_ = {};
    addresses_ = {};
    asked_.clear();
    frames_.clear();
    free_buffers_.clear();
    effects_ = {};
    made_.clear();
    out_.clear();
    said_.clear();
    written_ = 0;
    busy_ = false;
    fetching_ = fetching::nothing;
    storing_ = storing::nothing;
    fetched_ = stored_ = never;
    questions_ = answers_ = buffers_ = {};
    buffer_octets_ = interrupt_enable_ = buffers_read_ = 0;
    for (auto* r : {&question_head_, &question_tail_, &answer_head_, &answer_tail_, &buffer_tail_}) r->set(at, 0);
    change_status(0, at);
}

void offload_unit::due(unsigned slot, ps at) {
    if (resetting_ && slot != slot_reset) return;
    switch (slot) {
        case slot_reset:
            // Behind a master that others use too nothing can be forgotten: what is under way ends first.
            resetting_ = fetch_open_ || store_open_;
            if (!resetting_) reset(at);
            return;
        case slot_store: return store(at);
        case slot_line: return send(at);
        case slot_fetch: return fetch(at);
        default: return busy_ && until_ <= at ? finish(at) : process(at);
    }
}

// ---------------------------------------------------------------- the processor

void offload_unit::wake_processor(ps at) {
    if (busy_) return;
    const ps deadline = device_->next_deadline();
    const bool waits = !asked_.empty() || !frames_.empty();
    const ps edge = clock_.after(at);
    if (waits) agenda_.set(slot_work, std::min(agenda_.planned(slot_work), edge));
    else agenda_.set(slot_work, deadline == never ? never : std::max(edge, clock_.at_or_after(deadline)));
}

std::uint64_t offload_unit::cycles_taken() {
    std::uint64_t cycles = 0;
    for (std::size_t i = 0; i < tcp::step_kinds; ++i) {
        const auto s = static_cast<tcp::step>(i);
        const std::uint64_t n = sums_[s] - charged_[s];
        if (n) cycles += cycles_of(config_.processor, s, n), charged_.count(s, n);
    }
    return cycles;
}

// A timer that is due first; then frames and questions by turns. It takes up nothing while what it made has no room.
void offload_unit::process(ps at) {
    if (busy_ || !(status_.latest() & offload_registers::status_running)) return;
    if (out_.size() >= config_.frames || said_.size() >= config_.frames) return;       // sending and storing wake it
    const auto extra = [&](offload_work w, std::uint64_t n) { return cycles_of(config_.processor, w, n); };
    std::uint64_t cycles = 0;
    if (device_->next_deadline() <= at) {
        device_->on_timer(at, effects_);
    } else if (!frames_.empty() && (frames_next_ || asked_.empty())) {
        frames_next_ = false;
        const bytes frame = std::move(frames_.front());
        frames_.pop_front();
        cycles += extra(offload_work::frame_in, 1);
        if (const auto f = segment_of(frame)) {
            segments_in_.add();
            device_->take(at, f->source, f->destination, f->segment, effects_);
        }
    } else if (!asked_.empty()) {
        frames_next_ = true;
        const work w = std::move(asked_.front());
        asked_.pop_front();
        wake(slot_fetch, at);
        cycles += extra(offload_work::question, 1);
        const bool has_list = w.asked.what == chimney::opcode::offload || w.asked.what == chimney::opcode::upload;
        if (has_list) cycles += extra(offload_work::block, w.octets.size() / state::block_header);
        if (w.failed) device_->refuse(w.asked, chimney::status::malformed, effects_);
        else device_->ask(at, w.asked, w.octets, effects_);
        count_questions_.add();
    } else {
        return wake_processor(at);
    }
    for (const auto& s : effects_.segments) {
        tcp::path* const over = device_->path_to(s.from, s.to);
        if (!over) continue;
        cycles += extra(offload_work::frame_out, 1);
        made_.push_back(frame_around(s.segment, *over, line_.own_address(), device_->cached_of(s)));
    }
    effects_.segments.clear();
    cycles += extra(offload_work::answer, effects_.answers.size()) + cycles_taken();
    busy_ = true;
    until_ = at + static_cast<ps>(std::max<std::uint64_t>(cycles, 1)) * clock_.period();
    busy_time_.add(static_cast<std::uint64_t>(until_ - at));
    agenda_.set(slot_work, until_);
}

void offload_unit::finish(ps at) {
    busy_ = false;
    for (auto& a : effects_.answers) said_.push_back(std::move(a));
    effects_.answers.clear();
    for (bytes& f : made_) out_.push_back(std::move(f));
    made_.clear();
    if (!said_.empty()) wake(slot_store, at);
    if (!out_.empty()) wake(slot_line, at);
    process(at);
}

// ---------------------------------------------------------------- the line

offload_unit::verdict offload_unit::frame(packet::octets f, ps at) {
    if (!(status_.latest() & offload_registers::status_running)) return verdict::not_ours;
    const auto s = segment_of(f);
    if (!s || !device_->between(s->source, s->destination, s->segment)) return verdict::not_ours;
    if (frames_.size() >= config_.frames) return dropped_.add(), verdict::no_room;
    frames_.emplace_back(f.data, f.data + f.size);
    wake_processor(at);
    return verdict::taken;
}

void offload_unit::send(ps at) {
    bool any = false;
    while (!out_.empty()) {
        const ps room = line_.room_for(static_cast<std::uint32_t>(out_.front().size()), at);
        if (room > at) {
            agenda_.set(slot_line, room);
            break;
        }
        line_.take(out_.front(), at);
        out_.pop_front();
        segments_out_.add();
        any = true;
    }
    if (any) wake_processor(at);
}

void offload_unit::may_transmit(ps at) {
    if (!out_.empty()) wake(slot_line, at);
}

}  // namespace nicteam::rings
