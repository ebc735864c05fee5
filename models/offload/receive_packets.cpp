#include "offload/receive_machinery.h"

#include <algorithm>
#include <optional>

#include "nicteam/ipsec/drops.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/offload/work_observer.h"
#include "nicteam/packet/fcs.h"

namespace nicteam::offload {

security_work receive_block::machinery::visit_21a(item& i, const those& by, ps at) {
    carried& p = of(i);
    security_work w;
    if (!p.is_ip) return w;
    if (!p.packet.fed_back) strip(p);
    const engine_health::judgement engines_are = judge_engines(p, by.health, at);
    if (engines_are.failed()) return without_engines(p, by, engines_are, at);
    if (config.cache_miss == cache_miss::to_host && !has_a_place(p, at)) return left_alone(p);
    const std::size_t before = p.packet.steps.size();
    const auto octets = static_cast<std::uint32_t>(p.packet.packet.size());
    const std::uint32_t taken_before = p.packet.taken_off;
    const bool wrong = engines_are.what == engine_health::finding::wrong;
    if (wrong) spoil(p.packet.packet);
    if (source) as_it_was = p.packet;
    visit_ipsec_logic_21a(table, p.packet, at);
    if (wrong && p.packet.security == ipsec::passage::refused) spoil(p.packet.packet);      // it goes on as it came
    if (p.packet.steps.size() > before || p.packet.security == ipsec::passage::no_association) w.lookup = config.lookup_clocks + fetches(p.packet, before, at);
    for (std::size_t n = before; n < p.packet.steps.size(); ++n) {
        const ipsec::applied& s = p.packet.steps[n];
        const bool other = by.bank.other_key(way::in, s.association);
        const engine_set::choice& choice = by.served.serving(s.association);
        const ipsec::association& a = *table.find(s.association);
        lifetimes.look(s.association, a, at);
        const ipsec::association_parameters& with = a.parameters();
        const bool tested = engines_are.tested && n == before;
        append_engine_work(w.engines, {engine_health::finding::good, tested, engines_are.times}, tested ? by.served.engines().inbound(choice, with, self_test_work(), true) : engine_work{},
                           by.served.engines().inbound(choice, with, s.work, other || tested), config.engine_watchdog);
    }
    if (p.packet.security != ipsec::passage::pass && p.packet.security != ipsec::passage::fragment) count_refusal(p.packet);
    count.associations_taken_off.add(p.packet.taken_off - taken_before);
    if (p.packet.fed_back && p.packet.taken_off > taken_before) count.opened_fed_back.add();
    const bool first = !p.opened && p.packet.taken_off > taken_before;
    p.opened = p.opened || first;
    p.octets = p.frame_octets();
    if (w.waits = !missing.empty(); w.waits) ask_for_missing(at + clock.period() * static_cast<ps>(config.lookup_clocks));
    else if (worker) tell_work(p, before, first ? octets : 0);
    return w;
}

void receive_block::machinery::foresee(const carried& p) {
    const bytes& d = p.arrived->data;
    if (d.size() > packet::ethernet_header + packet::fcs_octets)
        ipsec::foresee(table, {d.data() + packet::ethernet_header, d.size() - packet::ethernet_header - packet::fcs_octets});
}

void receive_block::machinery::tell_work(const carried& p, std::size_t before, std::uint32_t octets) const {
    for (std::size_t n = before; n < p.packet.steps.size(); ++n) worker->worked(table.find(p.packet.steps[n].association)->parameters(), p.packet.steps[n].work);
    if (octets) worker->passed(way::in, octets);
}

// Of a whole packet that has an association here.
const ipsec::association* receive_block::machinery::served(const carried& p, state::handle& h) const {
    const auto v = packet::ip_view::parse({p.packet.packet.data(), p.packet.packet.size()});
    if (!v || v->is_fragment()) return nullptr;
    const auto header = ipsec::find_security_header(*v);
    if (!header) return nullptr;
    h = table.find(header->spi, v->destination, header->protocol);
    return table.find(h);
}

engine_health::judgement receive_block::machinery::judge_engines(const carried& p, engine_health& health, ps at) {
    state::handle h;
    if (health.untroubled() || !served(p, h)) return {};
    const engine_health::judgement j = health.next(at);
    if (j.tested) count.self_tests.add();
    if (j.failed()) (j.what == engine_health::finding::out_of_use ? count.without_engines : count.engine_failures).add();
    return j;
}

// It goes on as it came, and its association knows nothing of it.
security_work receive_block::machinery::without_engines(carried& p, const those& by, const engine_health::judgement& j, ps) {
    security_work w;
    state::handle h;
    const ipsec::association* a = served(p, h);
    const engine_set::choice& choice = by.served.serving(h);
    w.lookup = config.lookup_clocks;
    const auto clocks = [&](bool new_key) { return by.served.engines().inbound(choice, a->parameters(), self_test_work(), new_key); };
    append_engine_work(w.engines, j, clocks(true), clocks(false), config.engine_watchdog);
    p.packet.engines_failed = true;
    p.packet.security = ipsec::passage::refused;
    if (!p.packet.fed_back) p.packet.way.push_back(step::is_fragmented_200);
    return w;
}

// Inline use is for associations that have a place; the packets of others are for secondary use (US 7,124,293). What it comes wrapped in decides.
bool receive_block::machinery::has_a_place(const carried& p, ps at) {
    state::handle h;
    if (!served(p, h)) return true;
    const association_cache::result found = all->cache.look_up(h);
    const bool hit = found == association_cache::result::hit;
    (hit ? count.cache_hits : count.cache_misses).add();
    if (found == association_cache::result::evicted) count.cache_evictions.add();
    change(crypto_probe::association_cache, at, hit ? 1 : 2);
    return hit;
}

security_work receive_block::machinery::left_alone(carried& p) const {
    security_work w;
    w.lookup = config.lookup_clocks;
    if (!p.packet.fed_back) p.packet.way.push_back(step::is_fragmented_200);
    return w;
}

void receive_block::machinery::strip(carried& p) {
    const bytes& f = p.arrived->data;
    p.packet.packet.assign(f.begin() + packet::ethernet_header, f.end() - packet::fcs_octets);
}

// Clocks of the look-ups of this visit that find nothing at hand.
std::uint32_t receive_block::machinery::fetches(const received& r, std::size_t before, ps at) {
    if (!all->cache.there() || config.cache_miss == cache_miss::to_host) return 0;
    std::uint32_t misses = 0;
    bool hit = false;
    for (std::size_t n = before; n < r.steps.size(); ++n) {
        const association_cache::result found = all->cache.look_up(r.steps[n].association);
        hit = found == association_cache::result::hit;
        if (hit) count.cache_hits.add();
        else ++misses;
        if (!hit && source) missing.push_back(r.steps[n].association);
        if (found == association_cache::result::evicted) count.cache_evictions.add();
    }
    if (r.security == ipsec::passage::no_association) ++misses, hit = false;
    count.cache_misses.add(misses);
    change(crypto_probe::association_cache, at, hit ? 1 : 2);
    return source ? 0 : misses * config.cache_miss_clocks;
}

// Of the numbered steps those that are new.
void receive_block::machinery::count_steps(carried& p) {
    const step_list& way = p.packet.way;
    const bool prior = config.return_path == return_path::host;
    for (; p.counted < way.size(); ++p.counted) {
        const std::optional<offload::step> s = prior ? prior_art(way[p.counted]) : way[p.counted];
        for (std::size_t n = 0; s && n < count.steps.size(); ++n)
            if (flow_chart().rows[n].number == *s) count.steps[n]->add();
    }
}

void receive_block::machinery::count_refusal(const received& r) {
    ipsec::passed p;
    p.how = r.security;
    p.why = r.why;
    if (const std::size_t row = ipsec::drop_row(p); row < ipsec::drop_rows) count.drops[row]->add();
    trail.add(r.security, r.why, {r.packet.data(), r.packet.size()}, sim::now());
}

void receive_block::machinery::count_work(const item& i, ps started, ps done) {
    count.engine_visits.add();
    count.engine_clocks.add(static_cast<std::uint64_t>((done - started) / clock.period()));
    station.passed(i.id, row(crypto_stage::engines_start), started);
    station.passed(i.id, row(crypto_stage::engines_done), done);
}

void receive_block::machinery::worked(const item& i, ps started, ps done) {
    if (started == done) return;
    count_work(i, started, done);
    if (!probe(crypto_probe::engines).watched() && !probe(crypto_probe::packet_21a).watched()) return;
    watch.add(started, done, i.id);
    timers.set(probe_slot, std::min(timers.planned(probe_slot), std::max(started, sim::now())));
}

transport_work receive_block::machinery::visit_22b(item& i, ps at) {
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
    in_hand = v.reassembly == packet::reassembly_step::held ? &p : nullptr;
    count_steps(p);
    p.octets = p.frame_octets();
    if (w.next == next_stop::feed_back && config.feedback_input == feedback_input::transmit_152_tag) p.octets += config.word_octets;      // the tag's
    return w;
}

// FIG. 7: what is still encrypted and a fragment goes on as it is. Of ESP in UDP only the first fragment shows what it is: all fragments of UDP
// go on that are for an end of such an association.
bool receive_block::machinery::left_to_host(const carried& p) const {
    if (config.return_path != return_path::host || p.packet.security != ipsec::passage::fragment) return false;
    const auto v = packet::ip_view::parse({p.packet.packet.data(), p.packet.packet.size()});
    if (!v) return false;
    if (v->protocol == packet::ip_protocol::udp) return known.ends_in_udp(v->destination);
    return v->protocol == packet::ip_protocol::esp || v->protocol == packet::ip_protocol::ah;
}

// The datagram is a packet of its own, made of its parts.
void receive_block::machinery::complete(carried& p, const packet::trace_ids& parts, ps at) {
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

void receive_block::machinery::give_up(ps at) {
    for (const packet::expired& e : all->again.take_expired()) {
        count.reassembly_given_up.add();
        if (e.timed_out) count.reassembly_timeouts.add();
        for (const trace_id id : e.parts) {
            station.ended(id, row(crypto_outcome::reassembly_refused), at);
            if (in_hand && in_hand->id == id) in_hand->id = 0;       // 22b is not done with it yet
            held.erase(std::remove(held.begin(), held.end(), id), held.end());
        }
    }
}

}  // namespace nicteam::offload
