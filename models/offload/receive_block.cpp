#include "nicteam/offload/receive_block.h"

#include <deque>
#include <optional>
#include <stdexcept>

#include "nicteam/ipsec/drops.h"
#include "nicteam/offload/association_cache.h"
#include "nicteam/offload/bubble_gate.h"
#include "nicteam/offload/engine_bank.h"
#include "nicteam/offload/engine_set.h"
#include "nicteam/offload/ipsec_logic_21a.h"
#include "nicteam/offload/multiplexer_120.h"
#include "nicteam/offload/receiver_ip_logic_22b.h"
#include "nicteam/offload/receive_buffer_142.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "offload/carried.h"
#include "offload/crypto_tables.h"
#include "offload/loop_watch.h"
#include "offload/outlet.h"
#include "offload/watched_input.h"

namespace nicteam::offload {
namespace {

constexpr unsigned step_slot = 0, probe_slot = 1, slots = 2;

const packet::overlap_policy& overlap_policy_of(overlaps o) {
    return o == overlaps::discard_all ? packet::discard_all() : o == overlaps::first_wins ? packet::first_wins() : packet::last_wins();
}

carried& of(item& i) { return static_cast<carried&>(i); }
// What a reset makes anew.
struct parts {
    receive_buffer_142 in_142;
    feedback_buffer_140 back_140;
    bubble_gate gate_130;
    watched_input input_130, input_122, past_21a;
    multiplexer_120 mux_120;
    ipsec_logic_21a logic_21a;
    receiver_ip_logic_22b logic_22b;
    outlet out;
    association_cache cache;
    packet::reassembler again;

    template <class Owner>
    parts(const crypto_config& c, const clock_domain& clock, engine_pool& engines, Owner& o, receive_block_user& user)
        : in_142({clock, c.word_octets, c.buffer_142, c.crossing, c.bypass, c.bypass_room}, [&o](item& i, ps at) { o.lost(i, crypto_outcome::lost_142, at); }),
          back_140(clock, c.word_octets, c.buffer_140), gate_130(in_142.output_130()),
          input_130(gate_130, [&o](item& i, ps at) { o.taken(i, multiplexer_input::feedforward_130, at); }),
          input_122(back_140, [&o](item& i, ps at) { o.taken(i, multiplexer_input::feedback_122, at); }),
          past_21a(in_142.output_past_21a(), [&o](item& i, ps at) { o.passed_by(i, at); }), mux_120(input_130, input_122, policy_of(c.priority)),
          logic_21a({clock, c.word_octets, c.places, {}, &engines}, [&o](item& i, ps at) { return o.visit_21a(i, at); }),
          logic_22b({clock, c.word_octets, c.when_140_full}, [&o](item& i, ps at) { return o.visit_22b(i, at); },
                    [&o](item& i, ps at) { o.lost(i, crypto_outcome::lost_140, at); }),
          out(clock, c.word_octets, user),
          cache(c.cache_entries, c.cache_ways, policy_of(c.cache_replacement)), again({c.contexts, c.fragments, c.reassembly_memory, c.reassembly_timeout}, overlap_policy_of(c.overlaps)) {
        const bool shared = c.feedback_input == feedback_input::mux_120;
        stream_sink& inputs = shared ? static_cast<stream_sink&>(mux_120) : logic_21a;
        in_142.connect(inputs);
        back_140.connect(inputs, logic_22b);
        mux_120.connect(logic_21a);
        if (c.bubble_rule) gate_130.ask([this](ps at) { return logic_21a.free(at) + back_140.free(at) >= 2; });
        logic_21a.connect(shared ? static_cast<stream_source&>(mux_120) : input_130, logic_22b);
        if (!shared) logic_21a.connect_150(input_122, policy_of(c.priority));
        logic_21a.watch(&o);
        logic_22b.connect(logic_21a, back_140, out);
        if (c.bypass) in_142.connect_past_21a(logic_22b), logic_22b.connect_past_21a(past_21a);
        logic_22b.watch([&o](item& i, ps at, next_stop next) { o.settled(i, at, next); });
        out.connect(logic_22b);
    }
    timed* blocks[5] = {&in_142, &back_140, &logic_21a, &logic_22b, &out};
    ps next() const {
        ps t = never;
        for (const timed* b : blocks) t = std::min(t, b->next());
        return t;
    }
};

}  // namespace

struct receive_block::machinery : ipsec_logic_21a::observer {
    machinery(receive_block& b, const crypto_config& c, receive_block_user& u)
        : config(checked(c)), clock(c.period), user(u), station(sim::bind_station(b)), count(b), engines(c.engines, c.coupling), bank(clock, engines.groups()),
          table(c.associations),
          timers("timers", b, slots) {
        for (unsigned i = 0; i < static_cast<unsigned>(crypto_probe::count); ++i) probes[i] = &sim::bind_probe(b, crypto_info.probes.rows[i]);
        station.holding = [this](const sim::station::claim& k) { claim(k); };
        make();
    }
    void make() {
        all.reset();
        // What both directions share goes on: the other one may be at it.
        if (!config.engines_shared) bank.pool = engine_pool(clock, engines.groups());
        all = std::make_unique<parts>(config, clock, bank.pool, *this, user);
    }

    // ---------------------------------------------------------------- time
    void plan() {
        const ps next = all->next(), fragments = all->again.next_timeout();
        timers.set(step_slot, std::min(next, fragments));
    }
    void step(ps at) {
        if (all->again.next_timeout() <= at) {
            all->again.expire(at);
            give_up(at);
        }
        for (bool again = true; again;) {
            again = false;
            for (timed* b : all->blocks)
                if (b->next() == at) b->advance(at), again = true;
        }
        show(at);
        plan();
    }

    // ---------------------------------------------------------------- what is done to a packet
    security_work visit_21a(item& i, ps at) {
        carried& p = of(i);
        security_work w;
        if (!p.is_ip) return w;
        if (!p.packet.fed_back) strip(p);
        const std::size_t before = p.packet.steps.size();
        const std::uint32_t taken_before = p.packet.taken_off;
        visit_ipsec_logic_21a(table, p.packet, at);
        if (p.packet.steps.size() > before || p.packet.security == ipsec::passage::no_association) w.lookup = config.lookup_clocks + fetches(p.packet, before, at);
        for (std::size_t n = before; n < p.packet.steps.size(); ++n) {
            const ipsec::applied& s = p.packet.steps[n];
            const bool other = bank.other_key(way::in, s.association);
            w.engines.push_back(engines.inbound(serving.at(s.association.index), table.find(s.association)->parameters(), s.work, other));
        }
        if (p.packet.security != ipsec::passage::pass && p.packet.security != ipsec::passage::fragment) count_refusal(p.packet);
        count.associations_taken_off.add(p.packet.taken_off - taken_before);
        p.opened = p.opened || p.packet.taken_off > taken_before;
        p.octets = p.frame_octets();
        return w;
    }
    // Its FCS and what fills up the frame end here.
    static void strip(carried& p) {
        const bytes& f = p.arrived->data;
        p.packet.packet.assign(f.begin() + packet::ethernet_header, f.end() - packet::fcs_octets);
    }
    // Clocks of the look-ups of this visit that find nothing at hand.
    std::uint32_t fetches(const received& r, std::size_t before, ps at) {
        if (!all->cache.there()) return 0;
        std::uint32_t misses = 0;
        bool hit = false;
        for (std::size_t n = before; n < r.steps.size(); ++n) {
            const association_cache::result found = all->cache.look_up(r.steps[n].association);
            hit = found == association_cache::result::hit;
            if (hit) count.cache_hits.add();
            else ++misses;
            if (found == association_cache::result::evicted) count.cache_evictions.add();
        }
        if (r.security == ipsec::passage::no_association) ++misses, hit = false;
        count.cache_misses.add(misses);
        change(crypto_probe::association_cache, at, hit ? 1 : 2);
        return misses * config.cache_miss_clocks;
    }
    // Of the numbered steps those that are new.
    void count_steps(carried& p) {
        const step_list& way = p.packet.way;
        const bool prior = config.return_path == return_path::host;
        for (; p.counted < way.size(); ++p.counted) {
            const std::optional<offload::step> s = prior ? prior_art(way[p.counted]) : way[p.counted];
            for (std::size_t n = 0; s && n < count.steps.size(); ++n)
                if (flow_chart().rows[n].number == *s) count.steps[n]->add();
        }
    }
    void count_refusal(const received& r) {
        ipsec::passed p;
        p.how = r.security;
        p.why = r.why;
        if (const std::size_t row = ipsec::drop_row(p); row < ipsec::drop_rows) count.drops[row]->add();
    }
    void worked(const item& i, ps started, ps done) override {
        if (started == done) return;
        count.engine_visits.add();
        count.engine_clocks.add(static_cast<std::uint64_t>((done - started) / clock.period()));
        station.passed(i.id, row(crypto_stage::engines_start), started);
        station.passed(i.id, row(crypto_stage::engines_done), done);
        if (!probe(crypto_probe::engines).watched() && !probe(crypto_probe::packet_21a).watched()) return;
        busy.push_back({started, done, i.id});
        timers.set(probe_slot, std::min(timers.planned(probe_slot), std::max(started, sim::now())));
    }

    transport_work visit_22b(item& i, ps at) {
        carried& p = of(i);
        transport_work w;
        w.clocks = config.transport_clocks;
        if (!p.is_ip) return w;
        if (p.past_21a) {
            strip(p);
            p.packet.way.push_back(step::is_fragmented_200);
        }
        if (left_to_host(p)) {
            p.packet.way.push_back(step::fragmented_after_encryption_706);
            count_steps(p);
            return w;
        }
        const transport_visit v = visit_receiver_logic_22b(table, all->again, p.packet, at, p.id);
        w.next = v.next;
        if (v.reassembly == packet::reassembly_step::complete) complete(p, v.parts, at);
        give_up(at);
        if (v.next == next_stop::dropped && v.reassembly == packet::reassembly_step::complete) count_refusal(p.packet);
        dropped_as = v.reassembly;
        count_steps(p);
        p.octets = p.frame_octets();
        return w;
    }
    // FIG. 7: what is still encrypted and a fragment goes on as it is.
    bool left_to_host(const carried& p) const {
        if (config.return_path != return_path::host || p.packet.security != ipsec::passage::fragment) return false;
        const auto v = packet::ip_view::parse({p.packet.packet.data(), p.packet.packet.size()});
        return v && (v->protocol == packet::ip_protocol::esp || v->protocol == packet::ip_protocol::ah);
    }
    // The datagram is a packet of its own, made of its parts.
    void complete(carried& p, const packet::trace_ids& parts, ps at) {
        count.reassembled.add();
        p.reassembled = true;
        p.fed_back = p.fed_back || p.packet.fed_back;
        for (std::size_t n = 0; n < held.size();) {
            const bool joins = std::find(parts.begin(), parts.end(), held[n]) != parts.end();
            if (joins) held[n] = held.back(), held.pop_back();
            else ++n;
        }
        if (!p.id) return;
        const trace_id whole = station.next_id();
        station.born(whole, p.id, p.frame_octets(), at);
        for (const trace_id part : parts) station.ended(part, row(crypto_outcome::joined), at);
        p.id = whole;
    }
    void give_up(ps at) {
        for (const packet::expired& e : all->again.take_expired()) {
            count.reassembly_given_up.add();
            for (const trace_id id : e.parts) {
                station.ended(id, row(crypto_outcome::reassembly_refused), at);
                held.erase(std::remove(held.begin(), held.end(), id), held.end());
            }
        }
    }

    // ---------------------------------------------------------------- where it goes
    void taken(item& i, multiplexer_input from, ps at) {
        const bool back = from == multiplexer_input::feedback_122;
        (back ? count.visits_122 : count.visits_130).add();
        const unsigned own = back, other = !back;
        const ps offered = (back ? all->input_122 : all->input_130).since();
        if (passed_until[other] > offered && config.feedback_input == feedback_input::mux_120) (back ? count.waits_for_feedforward : count.waits_for_feedback).add();
        passed_until[own] = i.words.last();
        station.passed(i.id, row(back ? crypto_stage::mux_122 : crypto_stage::mux_130), at);
    }
    void passed_by(item& i, ps at) {
        count.past_21a.add();
        station.passed(i.id, row(crypto_stage::past_21a), at);
    }
    void settled(item& i, ps at, next_stop next) {
        carried& p = of(i);
        switch (next) {
            case next_stop::held:
                count.fragments_held.add();
                if (dropped_as == packet::reassembly_step::duplicate) station.ended(p.id, row(crypto_outcome::duplicate), at);
                else if (p.id) held.push_back(p.id);
                break;
            case next_stop::dropped:
                if (dropped_as == packet::reassembly_step::complete) {
                    count.unfit_for_140.add();
                    station.ended(p.id, row(crypto_outcome::unfit_for_140), at);
                    break;
                }
                count.reassembly_drops.add();
                station.ended(p.id, row(crypto_outcome::reassembly_refused), at);
                break;
            case next_stop::feed_back:
                count.fed_back.add();
                station.passed(p.id, row(crypto_stage::fed_back), at);
                break;
            case next_stop::deliver: deliver(p, at); break;
        }
    }
    void deliver(carried& p, ps at) {
        using ipsec::passage;
        const bool encrypted = p.packet.security != passage::pass;
        (encrypted ? count.delivered_encrypted : p.packet.steps.empty() ? count.delivered_plain : count.delivered_clear).add();
        station.passed(p.id, row(crypto_stage::delivered_22b), at);
        p.make_frame();
        p.result.way = config.return_path == return_path::host ? prior_art(p.packet.way) : std::move(p.packet.way);
        if (p.opened && p.id) {        // what was inside is a packet of its own
            const trace_id inner = station.next_id();
            station.born(inner, p.id, static_cast<std::uint32_t>(p.result.frame->data.size()), at);
            station.ended(p.id, row(crypto_outcome::taken_off), at);
            p.id = inner;
        }
        if (p.opened || p.reassembled) const_cast<frame&>(*p.result.frame).id = p.id;      // nobody has seen it yet
        p.octets = static_cast<std::uint32_t>(p.result.frame->data.size() - packet::fcs_octets + p.result.record.octets());
    }
    void lost(item& i, crypto_outcome why, ps at) {
        (why == crypto_outcome::lost_142 ? count.lost_142 : count.lost_140).add();
        // Of a frame that is still on the wire the end is told when it has passed.
        if (why == crypto_outcome::lost_142) {
            lost_arriving = item_ref(&i);
            if (!of(i).needs_21a()) count.lost_plain.add();
        } else station.ended(i.id, row(why), at);
    }

    // ---------------------------------------------------------------- for observers
    void claim(const sim::station::claim& k) const {
        const auto each = [&k](const item& i) { k(i.id); };
        all->in_142.for_each(each);
        all->back_140.for_each(each);
        all->logic_21a.for_each(each);
        all->logic_22b.for_each(each);
        all->out.for_each(each);
        if (lost_arriving) k(lost_arriving->id);
        for (const trace_id id : held) k(id);
    }
    sim::probe& probe(crypto_probe p) const { return *probes[static_cast<unsigned>(p)]; }
    void change(crypto_probe p, ps at, std::uint64_t v) {
        std::uint64_t& shown_now = shown[static_cast<unsigned>(p)];
        if (shown_now == v) return;
        shown_now = v;
        probe(p).change(at, v);
    }
    void show(ps at) {
        count.level_142.set(at, all->in_142.level(at));
        count.level_140.set(at, all->back_140.held(at + 1));
        count.locked_up.set(at, stands_still(all->logic_21a, all->logic_22b, all->back_140, at));
        draw(at);
    }
    // At more instants when somebody looks: no metric may depend on that.
    void draw(ps at) {
        change(crypto_probe::mux_select, at, !all->logic_21a.receives(0, at) ? 0 : all->mux_120.selected() == multiplexer_input::feedback_122 ? 2 : 1);
        change(crypto_probe::input_150, at, all->logic_21a.receives(1, at));
        const ps offered = all->in_142.output_130().offered();
        change(crypto_probe::request_130, at, offered <= at);
        if (offered > at && offered != never && probe(crypto_probe::request_130).watched()) timers.set(probe_slot, std::min(timers.planned(probe_slot), offered));
        change(crypto_probe::request_122, at, all->back_140.offered() <= at);
        change(crypto_probe::level_142, at, all->in_142.level(at));
        change(crypto_probe::level_140, at, all->back_140.held(at + 1));
        const ipsec_logic_21a& l = all->logic_21a;
        change(crypto_probe::logic_21a, at,
               l.free(at + 1) == 0 ? 4 : l.offered() != never ? 3 : l.receiving(at) ? 1 : l.held() ? 2 : 0);
        change(crypto_probe::logic_22b, at, static_cast<std::uint64_t>(all->logic_22b.now()));
        change(crypto_probe::contexts, at, all->again.contexts());
        change(crypto_probe::locked_up, at, static_cast<std::uint64_t>(count.locked_up.value()));
    }
    void show_engines(ps at) {
        bool works = false;
        ps next = all->in_142.output_130().offered();      // rises then, if somebody draws it
        if (next <= at || !probe(crypto_probe::request_130).watched()) next = never;
        for (std::size_t n = 0; n < busy.size();) {
            const work& w = busy[n];
            if (w.done <= at) {
                busy.erase(busy.begin() + static_cast<std::ptrdiff_t>(n));
                continue;
            }
            if (w.started <= at) {
                works = true;
                change(crypto_probe::packet_21a, at, w.id & ((1ull << 40) - 1));
                next = std::min(next, w.done);
            } else {
                next = std::min(next, w.started);
            }
            ++n;
        }
        change(crypto_probe::engines, at, works);
        timers.set(probe_slot, next);
    }

    crypto_config config;
    clock_domain clock;
    receive_block_user& user;
    sim::station& station;
    crypto_metrics count;
    engine_set engines;
    engine_bank bank;
    ipsec::association_table table;
    std::vector<engine_set::choice> serving;          // by the association's index
    sim::agenda timers;
    sim::probe* probes[static_cast<unsigned>(crypto_probe::count)];
    std::uint64_t shown[static_cast<unsigned>(crypto_probe::count)] = {};
    std::unique_ptr<parts> all;
    packet::reassembly_step dropped_as = packet::reassembly_step::whole;      // of the packet that 22b has in hand
    std::vector<trace_id> held;                       // fragments in contexts
    item_ref lost_arriving;                           // found no room, and is on the wire still
    ps passed_until[2] = {-1, -1};                    // by input: the last word of its latest packet
    struct work {
        ps started, done;
        trace_id id;
    };
    std::vector<work> busy;                           // of the engines; only while somebody draws it
};

receive_block::receive_block(sc_core::sc_module_name n, const crypto_config& c, receive_block_user& u)
    : sc_module(n), machinery_(std::make_unique<machinery>(*this, c, u)) {}
receive_block::~receive_block() = default;

void receive_block::due(unsigned slot, ps at) {
    if (slot == step_slot) return machinery_->step(at);
    machinery_->draw(at);
    machinery_->show_engines(at);
}

void receive_block::begin(const frame_ref& f, const span& octets) {
    ref<carried> p(new carried);
    p->arrived = f;
    p->id = f->id;
    p->octets = static_cast<std::uint32_t>(octets.units());
    p->past_21a = machinery_->config.bypass && !p->needs_21a();
    machinery_->all->in_142.begin(p, octets, sim::now());
    machinery_->plan();
}

void receive_block::replan(const span& octets) {
    machinery_->all->in_142.replan(octets);
    machinery_->plan();
}

bool receive_block::arriving() const { return machinery_->all->in_142.arriving() || machinery_->lost_arriving; }

void receive_block::end(const frame_ref& f, bool good) {
    machinery& m = *machinery_;
    const ps at = sim::now();
    if (const item_ref& p = m.all->in_142.arrives()) {
        of(*p).arrived = f;
        if (good) of(*p).look();
    }
    m.all->in_142.end(good, at);
    if (!m.lost_arriving && good) {
        m.count.frames.add();
        m.station.passed(f->id, row(crypto_stage::in_142), at);
    } else if (m.lost_arriving) {
        if (good) m.station.ended(f->id, row(crypto_outcome::lost_142), at);
        else {                                  // the MAC has a reason of its own
            m.count.lost_142.take_back();
            if (!of(*m.lost_arriving).needs_21a()) m.count.lost_plain.take_back();
        }
        m.lost_arriving = {};
    }
    m.show(at);
    m.plan();
}

void receive_block::room_again() {
    machinery_->all->out.offers_changed(sim::now());
    machinery_->plan();
}

void receive_block::reset(ps at) {
    machinery& m = *machinery_;
    m.claim([&](trace_id id) { m.station.ended(id, row(crypto_outcome::block_reset), at); });
    m.held.clear();
    m.busy.clear();
    m.lost_arriving = {};
    m.passed_until[0] = m.passed_until[1] = -1;
    m.make();
    m.show(at);
    m.show_engines(at);
    m.plan();
}

std::string receive_block::install(const ipsec::association_parameters& p, ps at, ipsec::payload_kind payload) {
    machinery& m = *machinery_;
    engine_set::choice with = m.engines.serving(p, way::in);
    if (!with.refused.empty()) return with.refused;
    const auto added = m.table.add(p, at, 0, payload);
    if (!added.refused.empty()) return added.refused;
    if (m.serving.size() <= added.handle.index) m.serving.resize(added.handle.index + 1);
    m.serving[added.handle.index] = std::move(with);
    return {};
}

ipsec::association_table& receive_block::associations() { return machinery_->table; }

engine_bank& receive_block::engines() { return machinery_->bank; }
void receive_block::serve() { machinery_->timers.serve(); }

}  // namespace nicteam::offload
