#include "peer/responder.h"

#include "nicteam/packet/arp.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/icmp.h"
#include "nicteam/packet/udp.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/peer/protection.h"
#include "peer/framing.h"

namespace nicteam::peer {

using namespace packet;

namespace {

// An answer may be as long as the datagram that asked.
void cut_to_link(const ref<frame>& f, std::deque<ref<frame>>& out) {
    const octets whole{f->data.data(), f->data.size() - fcs_octets};
    const auto ip = ip_of(whole);
    std::vector<bytes> pieces;
    if (!ip || fragment(ip->packet, most_mtu, 0, pieces) != fragment_result::fragmented) return out.push_back(f);
    for (const bytes& p : pieces) out.push_back(framed(whole, p));
}

}  // namespace

responder::answer responder::consider(const ethernet_view& request, ps ready) {
    if (request.ether_type == ether_type::arp) return to_arp(request, ready);
    if (request.ether_type == ether_type::ipv4) return to_ip(request, ready);
    return answer::none;
}

responder::answer responder::to_arp(const ethernet_view& request, ps ready) {
    const auto arp = config_.answer_arp ? arp_message::parse(request.payload) : std::nullopt;
    if (!arp || arp->operation != arp_operation::request || arp->target_ip != ip_) return answer::none;
    ref<frame> f = frame::make();
    build_arp_reply(f->data, mac_, ip_, *arp);
    pass(f, ready);
    return answer::arp;
}

responder::answer responder::to_ip(const ethernet_view& request, ps ready) {
    if (is_group(request.destination)) return answer::none;
    const auto ip = ipv4_view::parse(request.payload);
    if (!ip || !ip->checksum_good || ip->is_fragment() || ip->destination != ip_) return answer::none;
    ipv4_fields back;
    back.source = ip_;
    back.destination = ip->source;
    back.protocol = ip->protocol;
    back.tos = ip->tos;
    back.identification = ip->identification;
    back.dont_fragment = ip->header.size + ip->payload.size <= most_mtu;
    if (ip->protocol == ip_protocol::icmp && config_.answer_echo) {
        const auto echo = icmp_echo::parse(ip->payload);
        if (!echo || echo->reply || !echo->checksum_good) return answer::none;
        ref<frame> f = frame::make();
        append_ethernet(f->data, request.source, mac_, ether_type::ipv4);
        append_ipv4(f->data, back, ip->payload.size);
        append_icmp_echo(f->data, true, echo->identifier, echo->sequence, echo->data);
        pass(f, ready);
        return answer::echo;
    }
    if (ip->protocol == ip_protocol::udp && config_.answer_udp_echo) {
        const auto udp = udp_view::parse(*ip);
        if (!udp || !udp->checksum_good || udp->destination_port != config_.udp_echo_port) return answer::none;
        ref<frame> f = frame::make();
        append_ethernet(f->data, request.source, mac_, ether_type::ipv4);
        append_udp_datagram(f->data, back, udp->destination_port, udp->source_port, udp->payload);
        pass(f, ready);
        return answer::udp_echo;
    }
    return answer::none;
}

void responder::pass(const ref<frame>& f, ps ready) {
    pad_to_minimum(f->data);
    append_lazy_fcs(*f);
    std::deque<ref<frame>> behind;
    if (protection_) protection_->pass(*f, ready, behind);
    else cut_to_link(f, behind);
    for (const ref<frame>& each : behind) send(each, ready);
}

outgoing responder::take(ps) {
    outgoing out{queue_.front().data};
    queue_.pop_front();
    if (arrived_) --arrived_;
    return out;
}

}  // namespace nicteam::peer
