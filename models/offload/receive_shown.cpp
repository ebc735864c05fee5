#include "offload/receive_machinery.h"

#include <algorithm>
#include <utility>

#include "offload/loop_watch.h"

namespace nicteam::offload {

void receive_block::machinery::claim(const sim::station::claim& k) const {
    const auto each = [&k](const item& i) { k(i.id); };
    all->in_142.for_each(each);
    all->back_140.for_each(each);
    all->logic_21a.for_each(each);
    all->logic_22b.for_each([&k](item& i) {
        const carried& p = of(i);
        if (p.pieces.size() < 2) return k(p.id);
        for (const delivered& d : p.pieces) k(d.frame->id);      // it is over, and they are not yet in the outlet
    });
    all->out.for_each(k);
    if (lost_arriving) k(lost_arriving->id);
    for (const trace_id id : held) k(id);
}

std::vector<sim::held_place> receive_block::machinery::places(ps at) const {
    const auto in = [](const auto& part) {
        std::vector<trace_id> ids;
        part.for_each([&ids](const item& i) { ids.push_back(i.id); });
        return ids;
    };
    std::vector<trace_id> fragments = held;
    if (in_hand) fragments.push_back(in_hand->id);
    return {{"buffer 142", all->in_142.level(at) > 0, in(all->in_142), all->in_142.leaving()},
            {"buffer 140", all->back_140.held(at + 1), in(all->back_140), all->back_140.leaving()},
            {"reassembly", all->again.open_contexts(), fragments, 0},
            {"table of associations", table.found_by_spi(), {}, table.size()}};
}

void receive_block::machinery::change(crypto_probe p, ps at, std::uint64_t v) {
    if (std::exchange(shown[static_cast<unsigned>(p)], v) != v) probe(p).change(at, v);
}

void receive_block::machinery::show(ps at) {
    count.level_142.set(at, all->in_142.level(at));
    count.level_140.set(at, all->back_140.held(at + 1));
    count.level_contexts.set(at, static_cast<std::int64_t>(all->again.contexts()));
    count.locked_up.set(at, stands_still(path_152.far ? path_152.stuck() : all->logic_21a.free(at + 1) == 0 && !all->logic_21a.undecided(), all->logic_22b, all->back_140, at));
    draw(at);
    user.changed_142(at);
}

// At more instants when somebody looks: no metric may depend on that.
void receive_block::machinery::draw(ps at) {
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

void receive_block::machinery::show_engines(ps at) {
    ps next = all->in_142.output_130().offered();      // rises then, if somebody draws it
    if (next <= at || !probe(crypto_probe::request_130).watched()) next = never;
    const engine_watch::view now = watch.look(at);
    if (now.began) change(crypto_probe::packet_21a, at, now.began & ((1ull << 40) - 1));
    change(crypto_probe::engines, at, now.works);
    timers.set(probe_slot, std::min(next, now.next));
}

}  // namespace nicteam::offload
