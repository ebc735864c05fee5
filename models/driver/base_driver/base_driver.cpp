#include "nicteam/driver/base_driver.h"

#include <stdexcept>
#include <utility>

#include "driver/base_driver/machinery.h"
#include "nicteam/packet/addresses.h"
#include "nicteam/sim/descriptor_shadow.h"

namespace nicteam::driver {
using namespace i82559;

constexpr unsigned longest_line = 128;            // of a cache: who fetches a descriptor with what lies behind it fetches nothing but descriptors

base_driver_memory take_memory(host::memory& m, const base_driver_config& c) {
    base_driver_memory taken;
    taken.blocks = m.allocate(static_cast<std::size_t>(c.transmit_ring) * block_bytes, 32);
    taken.dump_area = m.allocate(counter_bytes + 4, 16);
    const bool scattered = c.receive_mode == 1;
    const std::size_t descriptor = c.checksum_offload ? rfd_extended_data : rfd_data;
    const std::size_t buffer = (c.receive_buffer + (c.receive_records ? most_record : 0u) + 1u) & ~1u;
    for (unsigned n = 0; n < c.receive_ring; ++n) taken.receive.push_back(m.allocate(descriptor + (scattered ? 0 : buffer), 32));
    if (scattered) taken.buffer_descriptors = m.allocate((c.receive_buffers * rbd_bytes + longest_line - 1) / longest_line * longest_line, longest_line);
    for (unsigned n = 0; scattered && n < c.receive_buffers; ++n) taken.buffers.push_back(m.allocate(buffer, 32));
    return taken;
}

base_driver::machinery::machinery(base_driver& d, const base_driver_config& c, const host::place& p)
    : driver(d), config(c), place(p), ram(*p.ram), station(sim::bind_station(d)), shadow(sim::session::current().shadow_of(p.bus_path)),
      descriptors(sim::descriptors_of(p.bus_path)),
      doubt(sim::session::current().doubt_of(p.bus_path)),
      transmit_used(sim::bind_level(d, base_driver_info.metrics.rows[static_cast<unsigned>(driver_level::transmit_used)])),
      receive_posted(sim::bind_level(d, base_driver_info.metrics.rows[static_cast<unsigned>(driver_level::receive_posted)])),
      buffers_posted(sim::bind_level(d, base_driver_info.metrics.rows[static_cast<unsigned>(driver_level::buffers_posted)])),
      transmit_probe(sim::bind_probe(d, base_driver_info.probes.rows[0])), receive_probe(sim::bind_probe(d, base_driver_info.probes.rows[1])),
      ready_probe(sim::bind_probe(d, base_driver_info.probes.rows[2])),
      link_probe(sim::bind_probe(d, base_driver_info.probes.rows[3])) {
    for (unsigned i = 0; i < driver_metric_count; ++i) counters[i] = &sim::bind_counter(d, base_driver_info.metrics.rows[i]);
    const auto mac = nicteam::packet::parse_mac(config.mac);
    if (!mac) throw std::invalid_argument(std::string(d.name()) + ": mac must be six octets in hexadecimal, \"02:00:00:00:00:01\"");
    able.mac = *mac;
    able.transmit_pieces = most_pieces;
    able.services = {"set_filter", "set_mac", "statistics", "identify", "look_at_link"};
    slots.resize(config.transmit_ring);
    const base_driver_memory taken = take_memory(ram, config);
    blocks = taken.blocks;
    dump_area = taken.dump_area;
    places.resize(config.receive_ring);
    list.resize(config.receive_ring);
    for (std::size_t n = 0; n < places.size(); ++n) {
        receive_place& r = places[n];
        r.address = taken.receive[n];
        r.frame.pieces = {{r.address + rfd_data, 0}};
        r.frame.owner = &r;
    }
    buffer_descriptors = taken.buffer_descriptors;
    buffers = taken.buffers;
    buffer_list.resize(buffers.size());
    notified_list.reserve(config.transmit_ring);
    bind_operator();
    station.holding = [this](const sim::station::claim& c) { claim(c); };
    if (config.chimney) chimney = std::make_unique<chimney_driver>("chimney", chimney_driver_config{}, place);
    if (!config.receive_records) return;
    rings = std::make_unique<ring_driver>("rings", ring_driver_config{64, 64, config.transmit_timeout, config.early_interrupt, config.block_poll}, place, ring_window{crypto_window, true});
    rings->on_stuck([this](host::cpu& k) {
        if (!halted && ready) recover(k);
    });
    associations = std::make_unique<unit_associations>(*rings, ram, shadow, config.block_poll, config.block_timeout, [this](host::cpu& k, crypto_job& j) { finished(k, j); });
    associations->on_changed_place([this](host::cpu& k, association_change& r) { tell(k, r); });
}

// What the device has said it is done with, software must know of: a completed command's packet is on the wire or past it.
void base_driver::machinery::claim(const sim::station::claim& c) const {
    const ps now = sim::now();
    for (unsigned n = 0; n < used; ++n) {
        const unsigned at = (clean + n) % static_cast<unsigned>(slots.size());
        const unsigned status = ram.read16(block_of(at), now);
        if (slots[at].sending && (doubt.raised() || !(status & complete) || !(status & okay))) c(slots[at].sending->id);
    }
    for (const slot& s : lost)
        if (s.sending) c(s.sending->id);
    for (const receive_place& p : places)
        if (p.with_user) c(p.frame.id);
    for (unsigned n = 0; n < buffers_used && doubt.raised(); ++n)
        shadow.each(buffers[buffer_list[buffer_slot(n)]], buffer_bytes(), [&](trace_id id, std::uint32_t) { c(id); });
    for (unsigned n = 0; n < list_used; ++n) {
        const receive_place& p = places[list[(list_first + n) % list.size()]];
        if (doubt.raised()) {
            shadow.each(p.address, place_bytes(), [&](trace_id id, std::uint32_t) { c(id); });
            continue;
        }
        std::uint8_t status[2];
        ram.read_posted(p.address, status, sizeof status);      // the device is done with it when the bridge has it
        if ((status[0] | status[1] << 8) & complete) c(id_in(p));
    }
}

void base_driver::machinery::pass(trace_id id, driver_stage s, ps at) const {
    station.passed(id, base_driver_info.stages.rows[static_cast<unsigned>(s)], at);
}

void base_driver::machinery::end(const packet& p, driver_outcome o, ps at) const {
    station.ended(p.id, base_driver_info.outcomes.rows[static_cast<unsigned>(o)], at);
}

void base_driver::machinery::settle(trace_id id, driver_outcome o, ps at) const { doubt.settle(id, station, base_driver_info.outcomes.rows[static_cast<unsigned>(o)], at); }

// On the interrupt's stack: find out, make the device be quiet, leave the rest to deferred work.
bool base_driver::machinery::interrupt(host::cpu& c) {
    if (halted || !bar) return false;
    const bool expected = rings && rings->ledger().outstanding();
    bool of_rings = expected && rings->interrupt(c);
    const bool of_chimney = chimney && chimney->interrupt(c);
    c.spend(host::of(host::cost::driver_interrupt));
    const std::uint64_t before = commands;        // another CPU may write one while this read is on its way
    if (rings) c.catch_up();
    const ps from = rings ? c.now() : 0;
    const std::uint32_t v = read(c, scb_status, 4);
    const ps waited = rings ? c.now() - from : 0;
    const unsigned seen = v >> event_shift & 0xFFu;
    if (polling && !unmasking && v != no_answer && seen && !(v >> mask_shift & mask_all)) {      // the mask met an abort
        count(driver_metric::told_again);
        write(c, scb_mask, 1, mask_all | mask_bits());
        if (config.read_back) read(c, scb_status, 1);
        return true;
    }
    if (v == no_answer || !seen || polling) {
        if (rings && !expected) of_rings = rings->interrupt(c);       // what it tells of may have been taken with what was before it
        if (of_rings) rings->came_alone(waited);
        else if (!of_chimney) count(driver_metric::not_mine);
        return of_rings || of_chimney;
    }
    if (!(v >> 16 & 0xFFu) && before == commands) command_pending = false;
    count(driver_metric::interrupts);
    if (config.policy == 0) {
        write(c, scb_ack, 1, seen);
        events |= seen;
    } else {
        write(c, scb_mask, 1, mask_all | mask_bits());
        polling = true;
    }
    if (config.read_back) read(c, scb_status, 1);
    schedule(c);
    return true;
}

void base_driver::machinery::schedule(host::cpu& c) {
    if (scheduled) return;
    scheduled = true;
    c.post(c.now(), [this](host::cpu& k) { work(k); });
}

void base_driver::machinery::work(host::cpu& c) {
    c.catch_up();
    scheduled = false;
    if (halted) return;
    unsigned seen = events;
    events = 0;
    if (polling) {
        const std::uint32_t v = read(c, scb_status, 4);
        if (v == no_answer) return schedule(c);   // it says nothing about the rings: ask again
        seen = v >> 8 & 0xFFu;
        if (!(v >> 16 & 0xFFu)) command_pending = false;
        if (seen) write(c, scb_ack, 1, seen);
    }
    if (seen & rnr) receiver_stopped = true;
    const unsigned frames = drain(c);
    reap(c);
    if (mislaid) lay_out_anew(c);
    if (receiver_stopped && list_used && frames < config.budget) {
        count(driver_metric::receiver_restarts);
        start_receiver(c);
    }
    kick(c);
    if (frames == config.budget || (polling && seen)) return schedule(c);
    if (polling) {
        unmasking = true;
        write(c, scb_mask, 1, mask_bits());
        polling = unmasking = false;              // an interrupt before the write is another device's
    }
}

// The device is stopped first: afterwards memory says what completed. Whatever users call from their completions is not done.
// A removed one as well, if somebody answers in its place: another may have been put in and set up meanwhile.
void base_driver::machinery::halt(host::cpu& c, halt_reason reason) {
    failed_to_start = false;
    if (halted) return;
    c.catch_up();
    if (bar && (reason != halt_reason::removed || read(c, scb_status, 4) != no_answer)) {
        write(c, scb_mask, 1, mask_all);
        take_associations_home(c);
        reset(c, port_selective_reset);
        // Pushes what the device had posted. One that does not answer has not stopped: it may go on with what is given up here.
        if (read(c, scb_status, 4) == no_answer) doubt.raise(place.bus_path);
    }
    if (chimney) chimney->end(c);
    if (rings) {
        rings->end(c);
        associations->lost(c.now());
    }
    const bool ran = ready;
    halted = true;
    ready = false;
    ready_probe.change(c.now(), 0);
    if (ran) {
        receiver_stopped = true;
        while (drain(c)) {}
    }
    reap(c, true);                                // also when a reset has failed before: the device had been running until then
    show_transmit(c.now());
    show_receive(c.now());
    notified_list.clear();
    packet_list& left = lists.take();
    for (const slot& s : std::exchange(lost, {})) {
        if (s.sending) give_up(*s.sending, c.now(), left);
        if (s.request) finish(c, *s.request, status::not_done, "halted");
    }
    hand_back(c, left, status::not_done);
    lists.put(left);
    while (!dumps.empty()) {
        control& r = *dumps.front();
        dumps.pop_front();
        finish(c, r, status::not_done, "halted");
    }
    tell_gone(c);
}

// Once, until a look at its link finds that it answers again.
void base_driver::machinery::tell_gone(host::cpu& c) {
    able.link_rate = 0;
    if (!link.ready) return;
    link = {false, 0, false, c.now(), false};
    link_probe.change(c.now(), 0);
    if (user) user->changed(c, link);
}

base_driver::base_driver(sc_core::sc_module_name name, const base_driver_config& config, const host::place& place) : sc_module(name) {
    if (!place.cpu || !place.ram || !place.interrupts) throw std::invalid_argument(std::string(this->name()) + ": no place in a host");
    machinery_ = std::make_unique<machinery>(*this, config, place);
    if (place.slots) place.slots->tell(place.bus, place.device, *this);
    place.cpu->attach(place.interrupts->line_of(place.bus, place.device), *this);
}
base_driver::~base_driver() = default;

void base_driver::start_of_simulation() {
    const auto start = [m = machinery_.get()](host::cpu& c) { m->initialise(c); };
    if (machinery_->place.boot) machinery_->place.boot->then(machinery_->home(), start);
    else machinery_->home().post(0, start);
}

const char* base_driver::adapter_name() const { return name(); }
void base_driver::bind(adapter_user& u) { machinery_->user = &u; }
const capabilities& base_driver::able() const { return machinery_->able; }
state::handle base_driver::hold(const ipsec::association_parameters& p, std::uint64_t iv_seed, ipsec::payload_kind payload, direction d, ipsec::association* numbers,
                                bool at_bring_up) {
    return machinery_->hold(p, iv_seed, payload, d, numbers, at_bring_up);
}
const unit_associations* base_driver::associations() const { return machinery_->associations.get(); }
offload_port* base_driver::offload() { return machinery_->chimney.get(); }
bool base_driver::ready() const { return machinery_->ready; }
bool base_driver::interrupt(host::cpu& c) { return machinery_->interrupt(c); }
void base_driver::inserted(host::cpu& c) { machinery_->start_again(c); }
void base_driver::removed(host::cpu& c) { machinery_->halt(c, halt_reason::removed); }
void base_driver::request(host::cpu& c, control& r) { machinery_->request(c, r); }
void base_driver::halt(host::cpu& c, halt_reason r) { machinery_->halt(c, r); }

void base_driver::send(host::cpu& c, const packet_list& packets, const send_how& how) {
    machinery& m = *machinery_;
    for (packet* p : packets) {
        status refusal = status::done;
        if (m.halted) refusal = status::not_done;
        else if (!m.fits(*p)) refusal = status::refused;
        else if (!m.ready || m.room() < m.blocks_for(*p)) refusal = status::no_room;
        if (refusal == status::done) {
            m.append_packet(c, *p);
            continue;
        }
        if (refusal == status::not_done) m.end(*p, driver_outcome::not_done, c.now());
        m.count(refusal == status::no_room ? driver_metric::no_room : refusal == status::refused ? driver_metric::refused : driver_metric::not_done);
        if (!m.user) continue;
        packet_list& list = m.lists.take();       // the user may send from within
        list.assign(1, p);
        m.user->sent(c, list, refusal);
        m.lists.put(list);
    }
    if (!how.more_follows) m.kick(c);
}

void base_driver::submit(host::cpu& c, job& j) { machinery_->submit(c, j); }

void base_driver::give_back(host::cpu& c, const packet_list& packets) {
    machinery& m = *machinery_;
    c.catch_up();
    for (packet* p : packets) {
        const auto n = static_cast<std::size_t>(static_cast<machinery::receive_place*>(p->owner) - m.places.data());
        if (n >= m.places.size() || !m.places[n].with_user) throw std::logic_error(std::string(name()) + ": a packet was given back that was not handed up");
        if (m.halted || m.mislaid) m.places[n].with_user = false;
        else m.append_place(static_cast<unsigned>(n), c.now());
    }
    if (m.receiver_stopped && m.ready && m.list_used && !m.scheduled) m.schedule(c);
}

}  // namespace nicteam::driver
