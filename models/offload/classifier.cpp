#include "nicteam/offload/classifier.h"

namespace nicteam::offload {

std::optional<state::handle> connection_table::add(const connection_key& k) {
    if (by_key_.count(k)) return std::nullopt;
    const std::optional<state::handle> h = slots_.add(k);
    if (h) by_key_.emplace(k, *h);
    return h;
}

bool connection_table::remove(state::handle h) {
    const connection_key* k = slots_.find(h);
    if (!k) return false;
    by_key_.erase(*k);
    return slots_.remove(h);
}

state::handle connection_table::find(const connection_key& k) const {
    const auto at = by_key_.find(k);
    return at == by_key_.end() ? state::handle{} : at->second;
}

state::handle classify(const connection_table& table, packet::octets datagram) {
    if (table.empty()) return {};
    const auto ip = packet::ip_view::parse(datagram);
    if (!ip || !ip->checksum_good || ip->is_fragment() || (ip->protocol != packet::ip_protocol::tcp && ip->protocol != packet::ip_protocol::udp)) return {};
    const packet::transport_view t = packet::transport_view::of(*ip);
    if (t.verdict != packet::transport_verdict::good && t.verdict != packet::transport_verdict::no_checksum) return {};
    return table.find({ip->source, ip->destination, ip->protocol, t.source_port, t.destination_port});
}

}  // namespace nicteam::offload
