#include "nicteam/ipsec/audit.h"

namespace nicteam::ipsec {

void audit_trail::add(passage how, outcome why, packet::octets packet, ps at) {
    passed p;
    p.how = how;
    p.why = why;
    if (!p.auditable()) return;
    entry& e = entries_[p.reason()];
    if (e.times++) return;
    e.at = at;
    const auto v = packet::ip_view::parse(packet);
    if (!v) return;
    e.source = v->source;
    e.destination = v->destination;
    if (const auto h = find_security_header(*v)) e.spi = h->spi, e.sequence = h->sequence;
}

}  // namespace nicteam::ipsec
