#include "offload/receive_machinery.h"

#include <utility>

#include "nicteam/packet/fcs.h"

namespace nicteam::offload {

void receive_block::machinery::taken(item& i, multiplexer_input from, ps at) {
    const bool back = from == multiplexer_input::feedback_122;
    if (back && path_152.far) {
        count.visits_152.add();
        return station.passed(i.id, row(crypto_stage::path_152), at);
    }
    (back ? count.visits_122 : count.visits_130).add();
    const unsigned own = back, other = !back;
    const ps offered = (back ? all->input_122 : all->input_130).since();
    if (passed_until[other] > offered && config.feedback_input == feedback_input::mux_120) (back ? count.waits_for_feedforward : count.waits_for_feedback).add();
    passed_until[own] = i.words.last();
    if (i.bad) count.aborted.add();
    if (observer) observer->passes(back && config.feedback_input == feedback_input::separate_150 ? 150 : 124, from, i.id, i.words);
    station.passed(i.id, row(back ? crypto_stage::mux_122 : crypto_stage::mux_130), at);
}

// What passes input 130 has come to its end; `aborted`: the edge from which on it is not there, or `never`.
void receive_block::machinery::ended_late(item& i, ps aborted) {
    if (aborted != never) count.aborted.add();
    passed_until[0] = i.words.last();
    if (observer) observer->ends(124, i.id, i.words.last());
}

void receive_block::machinery::passed_by(item& i, ps at) {
    count.past_21a.add();
    station.passed(i.id, row(crypto_stage::past_21a), at);
}

void receive_block::machinery::settled(item& i, ps at, next_stop next) {
    carried& p = of(i);
    switch (next) {
        case next_stop::held:
            count.fragments_held.add();
            in_hand = nullptr;
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
            if (counter* why = count.of(dropped_as)) why->add();
            station.ended(p.id, row(crypto_outcome::reassembly_refused), at);
            break;
        case next_stop::feed_back:
            count.fed_back.add();
            station.passed(p.id, row(crypto_stage::fed_back), at);
            break;
        case next_stop::deliver: deliver(p, at); break;
    }
}

void receive_block::machinery::deliver(carried& p, ps at) {
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
    if (!encrypted && p.is_ip) p.result.connection = classify(connections, {p.packet.packet.data(), p.packet.packet.size()});
    if (p.result.connection) count.for_connections.add();
    if (!config.longest_to_host || !p.cut(config.longest_to_host, datagrams_cut + 1)) p.pieces.assign(1, std::move(p.result));
    else goes_in_pieces(p, at);
    p.octets = static_cast<std::uint32_t>(p.pieces[0].frame->data.size() - packet::fcs_octets + p.pieces[0].record.octets());
}

// Longer than a receive buffer of the host's, which puts it together again.
void receive_block::machinery::goes_in_pieces(const carried& p, ps at) {
    count.cut_for_host.add();
    ++datagrams_cut;
    count.pieces_for_host.add(p.pieces.size());
    for (const delivered& d : p.pieces) {
        frame& f = const_cast<frame&>(*d.frame);       // nobody has seen it yet
        if (!p.id) continue;
        f.id = station.next_id();
        f.parent = p.id;
        station.born(f.id, p.id, static_cast<std::uint32_t>(f.data.size()), at);
    }
    station.ended(p.id, row(crypto_outcome::cut_for_host), at);
}

void receive_block::machinery::lost(item& i, crypto_outcome why, ps at) {
    (why == crypto_outcome::lost_142 ? count.lost_142 : count.lost_140).add();
    // Of a frame that is still on the wire the end is told when it has passed.
    if (why == crypto_outcome::lost_142) {
        lost_arriving = item_ref(&i);
        if (!of(i).needs_21a()) count.lost_plain.add();
    } else station.ended(i.id, row(why), at);
}

}  // namespace nicteam::offload
