// What a receive block is inside: its parts in time (receive_block.cpp), what is done to a packet in them (receive_packets.cpp), where it goes
// (receive_ways.cpp), and what of it can be seen (receive_shown.cpp).
#pragma once

#include <deque>
#include <vector>

#include "nicteam/offload/association_source.h"
#include "nicteam/offload/classifier.h"
#include "nicteam/ipsec/audit.h"
#include "nicteam/ipsec/lifetimes.h"
#include "nicteam/offload/engine_bank.h"
#include "nicteam/offload/served_associations.h"
#include "nicteam/offload/engine_faults.h"
#include "offload/engine_watch.h"
#include "offload/receive_parts.h"
#include "offload/receive_path_152.h"

namespace nicteam::offload {

inline carried& of(item& i) { return static_cast<carried&>(i); }

struct receive_block::machinery : ipsec_logic_21a::observer {
    enum slot : unsigned { step_slot, probe_slot, slots };      // timers

    machinery(receive_block&, const crypto_config&, receive_block_user&);
    void make();
    maybe_link lane_of_140();                         // to whichever side's 21a it feeds

    // ---------------------------------------------------------------- time
    void plan();
    void step(ps at);

    // ---------------------------------------------------------------- what is done to a packet
    struct those {                                    // that work on a packet: of this side, or of the transmit side
        const served_by& served;
        engine_bank& bank;
        engine_health& health;
    };
    security_work visit_21a(item& i, ps at) { return visit_21a(i, {known.own(), bank, health}, at); }
    security_work visit_21a(item& i, const those&, ps at);
    const ipsec::association* served(const carried& p, state::handle&) const;
    engine_health::judgement judge_engines(const carried& p, engine_health&, ps at);
    security_work without_engines(carried& p, const those&, const engine_health::judgement&, ps at);
    bool has_a_place(const carried& p, ps at);
    security_work left_alone(carried& p) const;
    static void strip(carried& p);                    // its FCS and what fills up the frame end here
    std::uint32_t fetches(const received& r, std::size_t before, ps at);

    // receive_fetches.cpp: over the bus
    void ask_for_missing(ps at);
    void fetched(bool good, ps at);
    void give_up_fetch(carried& p);
    void forget_fetches();
    void count_steps(carried& p);
    void count_refusal(const received& r);
    void worked(const item& i, ps started, ps done) override;
    void count_work(const item& i, ps started, ps done);

    transport_work visit_22b(item& i, ps at);
    bool left_to_host(const carried& p) const;
    void complete(carried& p, const packet::trace_ids& parts, ps at);
    void give_up(ps at);

    void foresee(const carried&);
    void tell_work(const carried&, std::size_t before, std::uint32_t octets) const;

    // ---------------------------------------------------------------- where it goes
    void taken(item& i, multiplexer_input from, ps at);
    void ended_late(item& i, ps aborted);
    void passed_by(item& i, ps at);
    void settled(item& i, ps at, next_stop next);
    void deliver(carried& p, ps at);
    void goes_in_pieces(const carried& p, ps at);
    void lost(item& i, crypto_outcome why, ps at);

    // ---------------------------------------------------------------- for observers
    void claim(const sim::station::claim& k) const;
    sim::probe& probe(crypto_probe p) const { return *probes[static_cast<unsigned>(p)]; }
    void change(crypto_probe p, ps at, std::uint64_t v);
    void show(ps at);
    void draw(ps at);
    void show_engines(ps at);
    std::vector<sim::held_place> places(ps at) const;

    crypto_config config;
    clock_domain clock;
    receive_block_user& user;
    sim::station& station;
    crypto_metrics count;
    served_associations known;
    ipsec::association_table& table = known.table;
    const engine_set& engines = known.engines();
    engine_bank bank;
    engine_health health;
    association_source* source = nullptr;             // none: a miss takes clocks
    std::deque<state::handle> missing;                // of the packet that waits; the first is asked for
    received as_it_was;                               // before this visit
    ps waits_from = 0;
    connection_table connections{0xFFFF};             // for the offload of connections; nobody fills it yet
    receive_path_152 path_152;
    sim::agenda timers;
    sim::probe* probes[static_cast<unsigned>(crypto_probe::count)];
    std::uint64_t shown[static_cast<unsigned>(crypto_probe::count)] = {};
    std::unique_ptr<receive_parts> all;
    packet::reassembly_step dropped_as = packet::reassembly_step::whole;      // of the packet that 22b has in hand
    std::vector<trace_id> held;                       // fragments in contexts
    carried* in_hand = nullptr;                       // 22b's, in a context already and not yet among those
    std::uint32_t datagrams_cut = 0;                  // for the host: their number is the identification of their fragments, where IPv6 has none
    item_ref lost_arriving;                           // found no room, and is on the wire still
    ps passed_until[2] = {-1, -1};                    // by input: the last word of its latest packet
    joint_observer* observer = nullptr;
    work_observer* worker = nullptr;
    ipsec::audit_trail trail;
    ipsec::lifetimes lifetimes{{&count.soft_lifetimes, &count.hard_lifetimes, nullptr}};
    engine_watch watch;                               // only while somebody draws it
};

}  // namespace nicteam::offload
