#include "nicteam/offload/control_logic.h"

#include <utility>

namespace nicteam::offload {
namespace {

using packet::ip_view;

bool is_security(std::uint8_t protocol) { return protocol == packet::ip_protocol::esp || protocol == packet::ip_protocol::ah; }

packet::octets view(const bytes& b) { return {b.data(), b.size()}; }

}  // namespace

void visit_ipsec_logic_21a(ipsec::association_table& table, received& r, ps now) {
    r.associations_before = static_cast<std::uint32_t>(r.steps.size());
    if (!r.fed_back) r.way.push_back(step::is_fragmented_200);
    ipsec::passed p = ipsec::take_off(table, view(r.packet), now, std::move(r.steps));
    r.packet = std::move(p.packet);
    r.steps = std::move(p.steps);
    r.security = p.how;
    r.why = p.why;
    r.taken_off = static_cast<std::uint32_t>(p.taken_off);
    const std::size_t opened = p.taken_off - r.associations_before;
    const auto v = ip_view::parse(view(r.packet));
    if (!v || !v->is_fragment()) {
        r.way.insert(r.way.end(), opened, step::decrypt_202);
        return;
    }
    // A fragment: seen from the start, or come to light.
    r.way.push_back(step::is_encrypted_206);
    if (!is_security(v->protocol)) {
        if (opened == 0) return;
        r.way.push_back(step::fragmented_before_encryption_210);
        r.way.insert(r.way.end(), opened, step::decrypt_fragment_212);
        return;
    }
    r.way.push_back(step::fragmented_before_encryption_210);
    r.way.push_back(step::all_fragmentation_after_encryption_214);
    r.way.insert(r.way.end(), opened, step::decrypt_tunnel_220);
}

transport_visit visit_receiver_logic_22b(const ipsec::association_table& table, packet::reassembler& again, received& r, ps now, trace_id id) {
    transport_visit t;
    if (r.security != ipsec::passage::pass && r.security != ipsec::passage::fragment) return t;      // the host's to judge
    auto v = ip_view::parse(view(r.packet));
    if (!v) return t;
    if (v->is_fragment() || v->has_fragment_header) {
        t.reassembly = again.add(view(r.packet), now, id, ipsec::scope_of(r.steps));
        if (v->is_fragment()) r.way.push_back(is_security(v->protocol) ? step::reassemble_encrypted_216 : step::reassemble_plain_208);
        switch (t.reassembly) {
            case packet::reassembly_step::complete: break;
            case packet::reassembly_step::held:
            case packet::reassembly_step::duplicate: t.next = next_stop::held; return t;
            default: t.next = next_stop::dropped; return t;
        }
        r.packet = std::move(again.result().datagram);
        t.parts = std::move(again.result().parts);
        v = ip_view::parse(view(r.packet));
        // Asked anew of the whole datagram: in fragments of ESP in UDP only the first showed what it is.
        if (ipsec::find_security_header(*v) || is_security(v->protocol)) {
            if (r.why = ipsec::lengths(table, *v); r.why != ipsec::outcome::done) {
                r.security = ipsec::passage::refused;
                t.next = next_stop::dropped;
                return t;
            }
            r.way.push_back(step::feed_back_218);
            r.fed_back = true;
            t.next = next_stop::feed_back;
            return t;
        }
        r.security = ipsec::passage::pass;
    }
    r.way.push_back(step::complete_transport_204);
    r.transport = packet::transport_view::of(*v).verdict;
    return t;
}

}  // namespace nicteam::offload
