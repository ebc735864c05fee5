#include "peer/in_order.h"

#include <algorithm>

#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/fcs.h"
#include "peer/framing.h"
#include "peer/peer_table.h"

namespace nicteam::peer {

in_order::metrics::metrics(peer& owner)
    : resequenced(sim::bind_counter(owner, peer_metrics[m_resequenced])), gaps(sim::bind_counter(owner, peer_metrics[m_gaps_given_up])),
      waiting(sim::bind_level(owner, peer_metrics[m_resequencing])) {}

in_order::in_order(const metrics& m, const peer_config& c, std::function<void(const frame_ref&, ps)> go_on)
    : config_(c), go_on_(std::move(go_on)), agenda_("in_order", *this, 1), metrics_(m) {}

void in_order::take(const frame_ref& f, ps at) {
    const packet::octets whole{f->data.data(), f->data.size() - packet::fcs_octets};
    const auto ip = ip_of(whole);
    const auto header = ip ? ipsec::find_security_header(*ip) : std::nullopt;
    if (!header) return go_on_(f, at);
    auto& here = all_.try_emplace({header->spi, ip->destination}, static_cast<std::size_t>(config_.resequence), config_.resequence_wait).first->second;
    const std::size_t before = here.waiting();
    here.put(header->sequence, f, at, on_);
    if (here.waiting() > before || (!on_.empty() && &*on_.front() != &*f)) metrics_.resequenced.add();
    hand_on(at);
}

// What goes on may be answered at once: nobody is asked for more meanwhile.
void in_order::hand_on(ps at) {
    const std::vector<frame_ref> on = std::exchange(on_, {});
    ps next = never;
    std::int64_t waiting = 0;
    std::uint64_t gaps = 0;
    for (auto& [_, one] : all_) {
        next = std::min(next, one.next());
        waiting += static_cast<std::int64_t>(one.waiting());
        gaps += one.gaps();
    }
    metrics_.gaps.add(gaps - std::exchange(gaps_told_, gaps));
    metrics_.waiting.set(at, waiting);
    agenda_.set(0, next);
    for (const frame_ref& f : on) go_on_(f, at);
}

void in_order::due(unsigned, ps at) {
    for (auto& [_, one] : all_) one.due(at, on_);
    hand_on(at);
}

void in_order::claim(const sim::station::claim& c) const {
    for (const auto& [_, one] : all_) one.each([&](const frame_ref& f) { c(f->id); });
}

}  // namespace nicteam::peer
