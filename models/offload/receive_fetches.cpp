// Associations that are not at hand, over the bus (docs/decisions/0128): one after the other for the packet that waits in 21a; nothing behind it goes before it.
#include "offload/receive_machinery.h"

namespace nicteam::offload {

void receive_block::machinery::ask_for_missing(ps at) {
    waits_from = at;
    count.fetches.add();
    source->fetch(missing.front(), at);
}

void receive_block::machinery::fetched(bool good, ps at) {
    item* waits = all->logic_21a.waiting();
    if (!waits || missing.empty()) return;
    const ps seen = clock.after(at, config.crossing);
    count.fetch_clocks.add(static_cast<std::uint64_t>((seen - waits_from) / clock.period()));
    if (good) {
        missing.pop_front();
        if (!missing.empty()) return ask_for_missing(seen);
    } else {
        count.failed_fetches.add();
        give_up_fetch(of(*waits));
    }
    all->logic_21a.go_on(seen, !good);
    plan();
}

// As one whose engines failed: the host gets it as it came into this visit. Its window has seen its number: whoever opens it does so once.
void receive_block::machinery::give_up_fetch(carried& p) {
    for (const state::handle h : missing) all->cache.forget(h);
    missing.clear();
    const std::uint32_t opened = p.packet.taken_off - as_it_was.taken_off;
    for (std::uint32_t n = 0; n < opened; ++n) count.associations_taken_off.take_back();
    p.packet = std::move(as_it_was);
    p.packet.associations_before = static_cast<std::uint32_t>(p.packet.steps.size());
    p.opened = p.packet.taken_off > 0;
    p.packet.engines_failed = true;
    p.packet.security = ipsec::passage::refused;
    if (!p.packet.fed_back) p.packet.way.push_back(step::is_fragmented_200);
    p.octets = p.frame_octets();
}

void receive_block::machinery::forget_fetches() {
    missing.clear();
    if (source) source->forget();
}

}  // namespace nicteam::offload
