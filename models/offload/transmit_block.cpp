#include "nicteam/offload/transmit_block.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "nicteam/ipsec/lifetimes.h"
#include "nicteam/offload/engine_bank.h"
#include "nicteam/offload/path_152.h"
#include "nicteam/offload/receive_block.h"
#include "nicteam/offload/transmit_fifo_output.h"
#include "nicteam/offload/transmitter_ip_logic_22a.h"
#include "nicteam/offload/work_observer.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "offload/crypto_tables.h"
#include "nicteam/offload/engine_faults.h"
#include "offload/engine_watch.h"
#include "offload/exit_21a.h"
#include "offload/frame_buffer_input.h"
#include "offload/transmit_tables.h"
#include "offload/watched_input.h"

namespace nicteam::offload {
namespace {

constexpr unsigned step_slot = 0, engines_slot = 1, slots = 2;

// A frame on its way out.
struct outgoing final : item {
    ref<frame> sent;                          // in clear until 21a
    state::handle association;
    std::optional<bytes> after;               // what 21a makes of it
    ipsec::sealed_later later;                // … and is whole behind 21a
    engine_work work, work_with_key;          // of the engines: with the key of the packet before, or with another
    engine_work self_test;
    engine_health::judgement engines;
};
outgoing& of(item& i) { return static_cast<outgoing&>(i); }

// What a reset makes anew.
struct parts {
    transmit_fifo_output fifo;
    transmitter_ip_logic_22a logic_22a;
    ipsec_logic_21a logic_21a;
    frame_buffer_input buffer;
    // With path 152.
    std::unique_ptr<watched_input> from_22a, from_140;
    std::unique_ptr<multiplexer_120> path_152;
    exit_21a exit{logic_21a};

    template <class Owner>
    parts(const crypto_config& c, const clock_domain& clock, engine_pool& engines, Owner& o, receive_end_152* back, transmit_block_user& user)
        : fifo({clock, c.word_octets, c.crossing}, [&user](ps at) { user.left_fifo(at); }),
          logic_22a({clock, c.word_octets, c.package_clocks, lane_of_21a(c, o.count.link_to_21a_)}, [&o](item& i, ps at) { o.packaged(i, at); }),
          logic_21a({clock, c.word_octets, c.places, {}, lane_of_21a(c, o.count.link_from_21a_), &engines}, [&o](item& i, ps at) { return o.visit_21a(i, at); }),
          buffer(clock, [&user](std::uint32_t octets, ps edge) { return user.room(octets, edge); }, [&o](item_ref i, ps at) { o.buffered(*i, at); }) {
        fifo.connect(logic_22a);
        logic_21a.watch(&o);
        if (back) {
            join(policy_of(c.priority), *back, o);
            return;
        }
        logic_22a.connect(fifo, logic_21a);
        logic_21a.connect(logic_22a, buffer);
        buffer.connect(logic_21a);
    }
    template <class Owner> void join(const multiplexer_policy& first, receive_end_152& back, Owner& o) {
        from_22a = std::make_unique<watched_input>(logic_22a, [this, &o](item& i, ps) { o.passes_152(i, *from_22a); });
        from_140 = std::make_unique<watched_input>(back.datagrams(), [this, &o](item& i, ps) { o.passes_152(i, *from_140); });
        path_152 = std::make_unique<multiplexer_120>(*from_22a, *from_140, first);
        logic_22a.connect(fifo, *path_152);
        path_152->connect(logic_21a);
        logic_21a.connect(*path_152, exit);
        exit.connect(buffer, o);
        buffer.connect(exit.output_16a());
    }
    timed* blocks[4] = {&fifo, &logic_22a, &logic_21a, &buffer};
};

}  // namespace

struct transmit_block::machinery : ipsec_logic_21a::observer, transmit_end_152, stream_sink {
    machinery(transmit_block& b, const crypto_config& c, receive_block* shares, transmit_block_user& u)
        : config(checked(c)), clock(c.period), user(u), receive(c.engines_shared || over_152(c.feedback_input) ? shares : nullptr), station(sim::bind_station(b)), count(b),
          protection(c.associations, shares ? static_cast<std::uint32_t>(shares->associations().capacity()) : 0, c.longest_packet,
                     engine_set(transmit_engines_of(c), c.coupling)),
          own(b, clock, engines), bank(receive && c.engines_shared ? receive->engines() : own), health(health_of(c)), timers("timers", b, slots) {
        for (unsigned i = 0; i < static_cast<unsigned>(transmit_probe::count); ++i) probes[i] = &sim::bind_probe(b, crypto_transmit_info.probes.rows[i]);
        bind_engine_faults(b, health);
        if (c.duplicates) protection.known().table.take_copies();
        station.holding = [this](const sim::station::claim& k) { claim(k); };
        sim::session::current().bind_keeper(b.name(), [this](ps) {
            return std::vector<sim::held_place>{{"table of associations", protection.known().table.found_by_spi(), {}, protection.known().table.size()}};
        });
        sim::bind_fault(b, crypto_transmit_info.faults.rows[crypto_transmit_info.faults.count - 1],
                        [this, n = sim::fault_count()](bool begin, std::int64_t, ps) mutable {
                            if (n.change(begin)) protection.repeat_numbers(begin);
                        });
        if (over_152(c.feedback_input)) {
            if (!receive) throw std::invalid_argument("crypto.feedback_input: path 152 needs the receive side");
            back = &receive->join_152(*this);
        }
        make();
    }
    void make() {
        all.reset();
        passed_until[0] = passed_until[1] = -1;
        if (!config.engines_shared) own.stop(sim::now());
        all = std::make_unique<parts>(config, clock, bank.pool, *this, back, user);
        all->fifo.on_made_taken([this](ps at) {
            if (made_taken) made_taken(at);
        });
    }

    // ---------------------------------------------------------------- time
    void plan() {
        ps next = never;
        for (const timed* b : all->blocks) next = std::min(next, b->next());
        timers.set(step_slot, next);
    }
    void step(ps at) {
        if (receive) receive->serve();            // of what asks for engines at one edge it goes first
        for (bool again = true; again;) {
            again = false;
            for (timed* b : all->blocks)
                if (b->next() == at) b->advance(at), again = true;
        }
        show(at);
        plan();
        if (back) back->transmit_acted(at);
    }

    // ---------------------------------------------------------------- path 152
    void passes_152(const item& i, const watched_input& in) {
        if (passed_until[!i.came_in] > in.since()) (i.came_in ? count.waits_for_transmit_ : count.waits_for_received_).add();
        passed_until[i.came_in] = i.words.last();
    }
    void offers_152(ps at) override {
        if (!all) return;
        all->path_152->offers_changed(at);
        plan();
    }
    stream_source& returned() override { return all->exit.output_22b(); }
    bool full_of_received() const override { return all->logic_21a.full_behind(true); }
    void receive_acted() override { plan(); }
    void passes_link(std::uint32_t words) override { count.link_to_21a_.add(words); }
    void offers_changed(ps at) override { back->offers_22b(at); }        // of 21a to 22b
    void forget_received(ps at) override {
        all->logic_21a.for_each([&](const item& i) {
            if (i.came_in) station.ended(i.id, row(transmit_outcome::block_reset), at);
        });
        all->logic_21a.forget_received(at);
        plan();
    }

    // ---------------------------------------------------------------- what is done to a packet
    void packaged(item& i, ps at) { station.passed(i.id, row(transmit_stage::packaged_22a), at); }

    security_work visit_21a(item& i, ps at) {
        if (i.came_in) return back->visit_152(i, bank, health, at);
        outgoing& p = of(i);
        security_work w;
        if (!p.after) return w;
        w.lookup = config.lookup_clocks;
        const bool other = bank.other_key(way::out, p.association) || p.engines.tested;
        append_engine_work(w.engines, p.engines, p.self_test, other ? p.work_with_key : p.work, config.engine_watchdog);
        if (p.engines.failed()) {                 // nothing of it goes out; a word passes on, and tells
            p.octets = 1;
            return w;
        }
        p.octets = static_cast<std::uint32_t>(p.after->size());
        const ref<frame> out = frame::make();
        out->data = std::move(*p.after);
        packet::pad_to_minimum(out->data);
        packet::append_lazy_fcs(*out);
        p.sent = out;
        p.after.reset();
        if (!p.id) return w;
        out->id = station.next_id();
        out->parent = p.id;
        station.born(out->id, p.id, static_cast<std::uint32_t>(out->data.size()), at);
        station.ended(p.id, row(transmit_outcome::put_on), at);
        p.id = out->id;
        return w;
    }
    void worked(const item& i, ps started, ps done) override {
        if (started == done) return;
        const auto clocks = static_cast<std::uint64_t>((done - started) / clock.period());
        if (i.came_in) {
            back->worked_152(i, started, done);
            count.received_clocks_.add(clocks);
        } else {
            count.engine_visits_.add();
            count.engine_clocks_.add(clocks);
            station.passed(i.id, row(transmit_stage::engines_start), started);
            station.passed(i.id, row(transmit_stage::engines_done), done);
        }
        if (!probe(transmit_probe::engines).watched() && !probe(transmit_probe::packet_21a).watched()) return;
        watch.add(started, done, i.id);
        timers.set(engines_slot, std::min(timers.planned(engines_slot), std::max(started, sim::now())));
    }
    void buffered(item& i, ps at) {
        if (i.came_in) throw std::logic_error("what was received goes to 16a");      // source document 004, 28: never
        outgoing& p = of(i);
        if (p.engines.failed()) return station.ended(p.id, row(transmit_outcome::not_protected), at);
        p.later.finish(p.sent->data);
        count.buffered_.add();
        station.passed(p.id, row(transmit_stage::frame_buffer), at);
        user.comes(p.sent, p.octets, p.words, at);
    }

    // ---------------------------------------------------------------- for observers
    template <class F> void each(F f) const {
        all->fifo.for_each(f);
        all->logic_22a.for_each(f);
        all->logic_21a.for_each(f);
    }
    void claim(const sim::station::claim& k) const {
        each([&k](const item& i) { k(i.id); });
    }
    sim::probe& probe(transmit_probe p) const { return *probes[static_cast<unsigned>(p)]; }
    void change(transmit_probe p, ps at, std::uint64_t v) {
        if (std::exchange(shown[static_cast<unsigned>(p)], v) != v) probe(p).change(at, v);
    }
    void show(ps at) {
        const std::size_t waiting = all->fifo.waiting();
        count.fifo_frames_.set(at, static_cast<std::int64_t>(waiting));
        change(transmit_probe::fifo_frames, at, waiting);
        change(transmit_probe::logic_22a, at, static_cast<std::uint64_t>(all->logic_22a.now()));
        const ipsec_logic_21a& l = all->logic_21a;
        change(transmit_probe::logic_21a, at, l.free(at + 1) == 0 ? 4 : l.offered() != never ? 3 : l.receiving(at) ? 1 : l.held() ? 2 : 0);
    }
    void show_engines(ps at) {
        const engine_watch::view now = watch.look(at);
        if (now.began) change(transmit_probe::packet_21a, at, now.began & ((1ull << 40) - 1));
        change(transmit_probe::engines, at, now.works);
        timers.set(engines_slot, now.next);
    }

    crypto_config config;
    clock_domain clock;
    transmit_block_user& user;
    receive_block* receive;                   // with which engines are shared, or which path 152 comes from
    receive_end_152* back = nullptr;          // with path 152
    ps passed_until[2] = {-1, -1};            // on it: the last word of the latest packet that is to be sent, and that was received
    sim::station& station;
    transmit_metrics count;
    transmit_protection protection;
    ipsec::lifetimes lifetimes{{&count.soft_lifetimes_, &count.hard_lifetimes_, &count.numbers_used_up_}};
    const engine_set& engines = protection.known().engines();
    engine_bank own;
    engine_bank& bank;
    engine_health health;
    sim::agenda timers;
    sim::probe* probes[static_cast<unsigned>(transmit_probe::count)];
    std::uint64_t shown[static_cast<unsigned>(transmit_probe::count)] = {};
    std::function<void(ps)> made_taken;
    work_observer* worker = nullptr;
    engine_watch watch;                       // only while somebody draws it
    std::unique_ptr<parts> all;
};

transmit_block::transmit_block(sc_core::sc_module_name n, const crypto_config& c, receive_block* shares, transmit_block_user& u)
    : sc_module(n), machinery_(std::make_unique<machinery>(*this, c, shares, u)) {}
transmit_block::~transmit_block() = default;

void transmit_block::due(unsigned slot, ps at) {
    if (slot == step_slot) return machinery_->step(at);
    machinery_->show_engines(at);
}

transmit_refusal transmit_block::add(const ref<frame>& f, std::uint32_t octets, const std::optional<protection_order>& order, ipsec::outcome& why) {
    machinery& m = *machinery_;
    const ps at = sim::now();
    const ref<outgoing> p(new outgoing);
    p->sent = f;
    p->id = f->id;
    p->octets = octets;
    if (order) {
        if (m.health.out_of_use()) {
            m.count.without_engines_.add();
            m.station.ended(p->id, row(transmit_outcome::not_protected), at);
            return transmit_refusal::without_engines;
        }
        protected_frame done = m.protection.protect(*order, {f->data.data(), octets}, at);
        why = done.why;
        if (const ipsec::association* a = m.protection.known().table.find(order->association)) m.lifetimes.look(order->association, *a, at);
        if (done.refused != transmit_refusal::none) {
            m.count.of(done.refused).add();
            m.station.ended(p->id, row(transmit_outcome::not_protected), at);
            return done.refused;
        }
        if (!m.health.untroubled()) p->engines = m.health.next(at);
        m.count.protected_.add();
        if (done.soft_expired) m.count.soft_expired_.add();
        const ipsec::association_parameters& with = m.protection.known().table.find(order->association)->parameters();
        const engine_set::choice& by = m.protection.known().serving(order->association);
        p->association = order->association;
        if (m.worker) m.worker->worked(with, done.work), m.worker->passed(way::out, octets - packet::ethernet_header);
        p->work = m.engines.outbound(by, with, done.work, false);
        p->work_with_key = m.engines.outbound(by, with, done.work, true);
        if (p->engines.tested) m.count.self_tests_.add();
        if (p->engines.tested) p->self_test = m.engines.outbound(by, with, self_test_work(), true);
        if (p->engines.failed()) m.count.engine_failures_.add();
        if (p->engines.what == engine_health::finding::wrong) {
            done.later.finish(done.octets);
            spoil(done.octets);
        }
        p->after = std::move(done.octets);
        p->later = std::move(done.later);
    }
    m.count.frames_.add();
    m.station.passed(p->id, row(transmit_stage::whole_in_fifo), at);
    m.all->fifo.add(p, at);
    m.show(at);
    m.plan();
    return transmit_refusal::none;
}

void transmit_block::watch(work_observer& o) { machinery_->worker = &o; }

void transmit_block::room_again() {
    machinery_->all->buffer.offers_changed(sim::now());
    machinery_->plan();
}

void transmit_block::show_frame_buffer(std::uint32_t octets, ps at) {
    machinery_->count.frame_buffer_.set(at, octets);
    machinery_->change(transmit_probe::frame_buffer, at, octets);
}

void transmit_block::reset(ps at, trace_id hosts) {
    machinery& m = *machinery_;
    m.claim([&](trace_id id) {
        if (id != hosts) m.station.ended(id, row(transmit_outcome::block_reset), at);
    });
    m.watch.clear();
    m.health.reset(at);
    m.make();
    if (m.back) m.all->logic_21a.begins(at);      // buffer 140 is not made anew with it
    m.show(at);
    m.show_engines(at);
    m.plan();
}

bool transmit_block::holds(trace_id id) const {
    bool found = false;
    machinery_->claim([&](trace_id held) { found |= held == id; });
    return found;
}

transmit_protection::added transmit_block::install(const ipsec::association_parameters& p, std::uint64_t iv_seed, ps at, ipsec::payload_kind payload) {
    return machinery_->protection.install(p, at, iv_seed, payload);
}

ipsec::association_table& transmit_block::associations() { return machinery_->protection.known().table; }
served_associations& transmit_block::known() { return machinery_->protection.known(); }
engine_bank& transmit_block::engines() { return machinery_->bank; }
engine_health& transmit_block::health() { return machinery_->health; }
void transmit_block::serve() { machinery_->timers.serve(); }
packet::identification_source& transmit_block::identifications() { return machinery_->protection.identifications(); }
void transmit_block::on_made_taken(std::function<void(ps)> f) { machinery_->made_taken = std::move(f); }

bool transmit_block::has_room_for_made() const { return machinery_->all->fifo.takes_made(); }

void transmit_block::add_made(bytes data, trace_id of) {
    machinery& m = *machinery_;
    const ps at = sim::now();
    const ref<outgoing> p(new outgoing);
    const ref<frame> f = frame::make();
    p->octets = static_cast<std::uint32_t>(data.size());
    f->data = std::move(data);
    packet::pad_to_minimum(f->data);
    packet::append_lazy_fcs(*f);
    f->id = p->id = m.station.next_id();
    m.station.born(f->id, of, static_cast<std::uint32_t>(f->data.size()), at);
    p->sent = f;
    m.count.made_.add();
    m.all->fifo.add_made(p, at);
    m.show(at);
    m.plan();
}

}  // namespace nicteam::offload
