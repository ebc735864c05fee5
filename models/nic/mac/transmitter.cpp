#include "nic/mac/transmitter.h"

#include <algorithm>
#include <utility>

#include "nic/mac/crypto_transmit.h"
#include "nic/mac/half_duplex.h"
#include "nicteam/packet/fcs.h"

namespace nicteam::nic {
namespace {

constexpr unsigned dual_port_bytes = 128, limit_unit = 4;     // of the dual-port FIFO, SDM 6.4.2.3
constexpr unsigned gap_unit_bits = 16;           // Configure byte 12, SDM 6.4.2.3
constexpr unsigned adaptive_gap_clocks = 8;      // of PCI a unit of Configure byte 2
constexpr unsigned preambles[] = {1, 3, 7, 15}, delimiter_octets = 1;      // octets, by Configure byte 10 bits 5:4

}  // namespace

transmitter::transmitter(chip& c, wire::medium_access::draw d) : chip_(c), medium_(std::move(d)) { configured(); }

void transmitter::plug(wire::wire_source& s) {
    out_ = &s;
    configured();
}

void transmitter::configured() {
    transmit_setup s;
    s.pci = chip_.bus.clock();
    s.octet = clock_domain(wire::octets_time(1, out_ ? out_->bits_per_second() : chip_.config.link_rate));
    s.fifo_bytes = chip_.config.tx_fifo;
    s.dual_port = dual_port_bytes - chip_.setup.get(field::tx_fifo_limit) * limit_unit;
    s.gap_octets = chip_.setup.get(field::gap) * gap_unit_bits / 8;
    s.two_frames = chip_.setup.get(field::two_frames) ? 2 : 1;
    s.jam_octets = wire::jam_octets;
    s.preamble_octets = preambles[chip_.setup.get(field::preamble_length)] + delimiter_octets;
    s.stage_clocks = chip_.config.tx_stage_clocks;
    s.extra_gap = chip_.setup.get(field::adaptive_ifs) * adaptive_gap_clocks * chip_.clock();
    const bool was = half_duplex_;
    half_duplex_ = shares_medium(chip_.setup, out_);
    if (half_duplex_) {
        s.medium = &medium_;
        s.wait_after_win = chip_.setup.get(field::wait_after_win);
        s.priority_slots = chip_.setup.get(field::linear_priority);
        medium_.setup(s.octet, s.gap_octets, chip_.setup.get(field::linear_priority_mode) ? s.priority_slots : 0);
        path_.forget_pause();
        forget_low_priority_pause(sim::now());
        if (!was) medium_.listen_anew();
    }
    if (crypto_) s = crypto_->configured(s);
    path_.setup(s);
    if (half_duplex_ == was) return;
    if (duplex_) duplex_(half_duplex_);
    if (!half_duplex_ && out_ && std::exchange(waits_since_, never) != never) out_->waits(never);
    path_.medium_changed(sim::now());
    arm();
}

void transmitter::carry(crypto_transmit& c) {
    crypto_ = &c;
    path_.hold(c.frames());
    configured();
}

transmit_path& transmitter::fifo() { return crypto_ ? crypto_->fifo() : path_; }

void transmitter::buffer(const ref<frame>& f, std::uint32_t octets, std::uint32_t threshold, const span& words, unsigned word_octets, ps at) {
    transmit_frame t;
    t.bytes = octets;
    t.octets = static_cast<std::uint32_t>(f->data.size());
    t.threshold = threshold;
    t.data = f;
    path_.open(t);
    path_.take(at, 0, octets);
    path_.planned(0, 0, word_octets, words);
    path_.loaded();
    sample(at);
    arm();
}

void transmitter::left_fifo(ps at) {
    sample(at);
    if (room_) room_(at);
}

void transmitter::add_made(const ref<frame>& f, std::uint32_t octets, ps at) {
    constexpr unsigned word = 4;
    span words;
    words.append({at + chip_.clock(), chip_.clock(), (octets + word - 1) / word});
    buffer(f, octets, octets, words, word, at);
}

void transmitter::open(const ref<frame>& f, std::uint32_t bytes, std::uint32_t threshold) {
    transmit_frame t;
    t.bytes = bytes;
    t.octets = static_cast<std::uint32_t>(f->data.size());
    t.threshold = threshold;
    t.retry = chip_.setup.get(field::underrun_retry);
    t.data = f;
    fifo().open(t);
}

void transmitter::planned(const pci::transfer& t, std::uint32_t first) {
    const pci::pci_extension& x = pci::extension_of(*t.under_way);
    fifo().planned(first, static_cast<unsigned>((t.address + t.done) % x.word_bytes), x.word_bytes, x.data);
    arm();
}

void transmitter::give(std::uint32_t first, ps at) {
    fifo().give(first, at);
    arm();
}

void transmitter::loaded(ps at) {
    fifo().loaded();
    sample(at);
    if (made_room_) made_room_(at);
}

void transmitter::sample(ps at) {
    const std::uint32_t level = fifo().level(at + 1);
    if (crypto_) crypto_->show(path_.level(at + 1), at);
    chip_.count.tx_fifo.set(at, level);
    chip_.tx_level_probe.change(at, level);
}

void transmitter::arm() {
    chip_.timers.set(mac_step_timer, path_.next_step());
    if (half_duplex_) tell_waiting();
}

void transmitter::step(ps at) {
    if (half_duplex_) count_priority(at);
    const transmit_step what = path_.advance(at);
    const ref<frame>& f = path_.sending().data;
    switch (what) {
    case transmit_step::start:
        if (half_duplex_) count_medium(what, at);
        chip_.tx_active_probe.change(at, 1);
        chip_.station.passed(f->id, row(tx_fifo_start_stage), at);
        f->preamble_octets = static_cast<std::uint8_t>(path_.preamble_octets());
        if (out_) out_->begin(frame_ref(f), path_.octets());
        break;
    case transmit_step::underrun:
        underrun_ = true;
        chip_.count.tx_underruns.add();
        chip_.hardware.add(statistic::tx_underruns);
        if (out_) out_->replan(path_.octets());
        break;
    case transmit_step::collision:
        count_medium(what, at);
        if (out_) out_->replan(path_.octets());
        break;
    case transmit_step::control: begin_control(at); break;
    case transmit_step::control_sent: end_control(at); break;
    default: finish(what, at);
    }
    arm();
    if (what < transmit_step::good) return;
    if (crypto_) return crypto_->room_again();
    if (room_) room_(at);
    if (made_room_) made_room_(at);
}

ref<frame> transmitter::jammed(const frame& f, std::uint32_t bytes) const {
    ref<frame> j = frame::make();
    j->data.assign(f.data.begin(), f.data.begin() + std::min<std::size_t>(bytes, f.data.size()));
    j->data.insert(j->data.end(), wire::jam_octets, wire::jam_octet);
    j->id = f.id;
    j->parent = f.parent;
    j->preamble_octets = f.preamble_octets;
    return j;
}

void transmitter::finish(transmit_step what, ps at) {
    const ref<frame>& f = path_.sending().data;
    const ps first_octet = path_.octets().when(f->preamble_octets);
    chip_.tx_active_probe.change(at, 0);
    if (half_duplex_) count_medium(what, at);
    if (what == transmit_step::good) sent(f, first_octet, at);
    else broken(what, f, first_octet, at);
    sample(at);
}

void transmitter::sent(const ref<frame>& f, ps first_octet, ps at) {
    // Without insertion the last octets are what memory held (NC bit): good only if they are the FCS.
    const bool good = !f->fcs_known || packet::check_fcs(*f);
    chip_.count.tx_frames.add();
    chip_.count.tx_bytes.add(f->data.size());
    chip_.hardware.add(statistic::tx_good);
    chip_.station.passed(f->id, row(wire_tx_stage), at);
    if (chip_.wire_capture.on()) chip_.wire_capture.take(frame_ref(f), first_octet, sim::direction::out);
    if (!out_) chip_.station.ended(f->id, row(tx_no_link_outcome), at);
    else out_->end(frame_ref(f), good ? wire::wire_end::good : wire::wire_end::bad_fcs);
}

void transmitter::broken(transmit_step what, const ref<frame>& f, ps first_octet, ps at) {
    const bool collided = what == transmit_step::back_off || what == transmit_step::too_many || what == transmit_step::late;
    const bool again = what == transmit_step::back_off || what == transmit_step::retry;
    const ref<frame> j = jammed(*f, path_.sent_bytes());
    if (f->id && out_) {                    // first: observers then know that it goes on
        if (again) copy_for_retry(*f, at);
        else if (collided) lost_in_collision(*f, row(what == transmit_step::late ? tx_late_collision_outcome : tx_max_collisions_outcome), at);
    }
    if (chip_.wire_capture.on()) chip_.wire_capture.take(frame_ref(j), first_octet, sim::direction::out, collided ? "collision" : "transmit underrun");
    if (out_) out_->end(frame_ref(j), collided ? wire::wire_end::collided : wire::wire_end::cut);
    if (!again && chip_.setup.get(field::tno_interrupt)) chip_.irq.raise(at, cx_cause);      // transmit not OK (SDM 6.3.2)
    if (what == transmit_step::given_up) {
        chip_.count.tx_given_up.add();
        if (!out_) chip_.station.ended(j->id, row(tx_underrun_outcome), at);
    }
}

void transmitter::copy_for_retry(const frame& f, ps at) {
    const ref<frame> copy = frame::make();
    copy->data = f.data;
    copy->fcs_known = f.fcs_known;
    copy->preamble_octets = f.preamble_octets;
    copy->parent = f.id;
    copy->id = chip_.station.next_id();
    chip_.station.born(copy->id, copy->parent, path_.sending().octets, at);
    copied_(f, copy);
    path_.replace(copy);
}

void transmitter::hang(bool on, ps at) {
    chip_.timers.serve();                            // what begins at this very edge begins
    path_.hang(on, at);
    arm();
}

// What is on the wire is for the wire to end; the packet's loss is told of a copy that goes nowhere.
void transmitter::lost_in_collision(const frame& f, const outcome_info& why, ps at) {
    const trace_id copy = chip_.station.next_id();
    chip_.station.born(copy, f.id, path_.sending().octets, at);
    chip_.station.ended(copy, why, at);
}

void transmitter::claim(const sim::station::claim& c) const {
    if (crypto_ && crypto_->incomplete()) c(crypto_->incomplete()->data->id);
    path_.for_each_unsent([&](const transmit_frame& t) { c(t.data->id); });
}

bool transmitter::has(trace_id id) const {
    bool found = false;
    claim([&](trace_id held) { found |= held == id; });
    return found || (crypto_ && crypto_->holds(id));
}

bool transmitter::waits(trace_id id) const {
    bool found = false, first = path_.on_wire();
    path_.for_each_unsent([&](const transmit_frame& t) { found |= !std::exchange(first, false) && t.data->id == id; });
    return found || (crypto_ && crypto_->holds(id));
}

void transmitter::reset(ps at, trace_id hosts) {
    bool on_wire = path_.on_wire() && out_;
    if (path_.control_on_wire()) end_control(at);    // a reset lets it out: it is not the host's
    if (path_.on_wire()) {
        const ref<frame> f = path_.current_frame().data;
        span octets = path_.octets();
        octets.cut(at);
        const std::uint64_t gone = octets.units();
        chip_.tx_active_probe.change(at, 0);
        if (out_) {
            out_->replan(octets);
            ref<frame> part = frame::make();
            const std::size_t n = gone > f->preamble_octets ? gone - f->preamble_octets : 0;
            part->data.assign(f->data.begin(), f->data.begin() + std::min(n, f->data.size()));
            part->id = f->id;
            part->preamble_octets = f->preamble_octets;
            out_->end(frame_ref(part), wire::wire_end::cut);
        }
    }
    path_.for_each_unsent([&](const transmit_frame& t) {
        if (!std::exchange(on_wire, false) && t.data->id != hosts) chip_.station.ended(t.data->id, row(tx_reset_outcome), at);
    });
    path_.clear(at);
    if (crypto_) {
        if (const transmit_frame* t = crypto_->incomplete(); t && t->data->id != hosts) chip_.station.ended(t->data->id, row(tx_reset_outcome), at);
        crypto_->reset(at, hosts);
    }
    forget_low_priority_pause(at);
    underrun_ = false;
    sample(at);
    arm();
}

}  // namespace nicteam::nic
