#include "offload/carried.h"

#include <algorithm>

#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/fragment.h"

namespace nicteam::offload {
namespace {

constexpr std::uint8_t dont_fragment = 0x40;       // of octet 6: RFC 791, 3.1
constexpr std::uint32_t least_frame = 64;          // octets with FCS: IEEE 802.3 3.2.8

verdict verdict_of(const received& r) {
    using ipsec::passage;
    if (r.engines_failed) return verdict::engines_failed;
    switch (r.security) {
        case passage::pass: return r.steps.empty() ? verdict::plain : verdict::verified;
        case passage::fragment: return verdict::fragment;
        case passage::no_association: return verdict::no_association;
        default: return verdict::refused;
    }
}

constexpr std::uint8_t first_outcome = 64;
std::uint8_t reason_of(const received& r) {
    if (r.engines_failed) return 0;
    if (r.security == ipsec::passage::refused) return static_cast<std::uint8_t>(first_outcome + static_cast<unsigned>(r.why));
    return static_cast<std::uint8_t>(r.security);
}

}  // namespace

// Ethernet II and IP; what is tagged or behind LLC passes as it is.
void carried::look() {
    const auto v = packet::ethernet_view::parse({arrived->data.data(), arrived->data.size() - packet::fcs_octets});
    is_ip = v && v->type_or_length == v->ether_type && (v->ether_type == packet::ether_type::ipv4 || v->ether_type == packet::ether_type::ipv6);
}

// Fragments do: they may be of something encrypted that only the first one shows (ESP in UDP).
bool carried::needs_21a() const {
    const bytes& d = arrived->data;
    if (d.size() < packet::ethernet_header + packet::fcs_octets) return false;
    const auto v = packet::ethernet_view::parse({d.data(), d.size() - packet::fcs_octets});
    if (!v || v->type_or_length != v->ether_type || (v->ether_type != packet::ether_type::ipv4 && v->ether_type != packet::ether_type::ipv6)) return false;
    const auto ip = packet::ip_view::parse(v->payload);
    if (!ip) return false;
    return ip->is_fragment() || ip->protocol == packet::ip_protocol::esp || ip->protocol == packet::ip_protocol::ah || ipsec::find_security_header(*ip);
}

std::uint32_t carried::frame_octets() const {
    if (!opened && !reassembled) return static_cast<std::uint32_t>(arrived->data.size());
    return std::max(least_frame, static_cast<std::uint32_t>(packet::ethernet_header + packet.packet.size() + packet::fcs_octets));
}

void carried::make_frame() {
    receive_record& r = result.record;
    if (is_ip) {
        r.verdict = verdict_of(packet);
        r.reason = reason_of(packet);
        r.flags = static_cast<std::uint8_t>((reassembled ? was_reassembled : 0) | (fed_back ? was_fed_back : 0));
        for (const ipsec::applied& s : packet.steps) r.associations.push_back({s.association, s.sequence});
        const auto v = packet::ip_view::parse({packet.packet.data(), packet.packet.size()});
        using packet::transport_verdict;
        if (v && packet.security == ipsec::passage::pass && packet.transport != transport_verdict::other) {
            r.flags |= checksums_checked;
            const bool good = packet.transport == transport_verdict::good || packet.transport == transport_verdict::no_checksum;
            if (good && v->checksum_good) r.flags |= checksums_good;
        }
    }
    if (!opened && !reassembled) {
        result.frame = arrived;
        return;
    }
    const ref<frame> f = frame::make();
    f->data.assign(arrived->data.begin(), arrived->data.begin() + packet::ethernet_header);
    constexpr std::size_t type_at = 12;
    packet::put16(&f->data[type_at], packet.packet[0] >> 4 == 4 ? packet::ether_type::ipv4 : packet::ether_type::ipv6);      // of what was inside
    f->data.insert(f->data.end(), packet.packet.begin(), packet.packet.end());
    packet::pad_to_minimum(f->data);
    packet::append_lazy_fcs(*f);
    f->parent = arrived->id;
    result.frame = frame_ref(f);
}

// Don't fragment is no matter between the nic and its host.
bool carried::cut(std::size_t longest, std::uint32_t identification) {
    bytes whole = packet.packet;
    const auto v = packet::ip_view::parse({whole.data(), whole.size()});
    if (!is_ip || !v || v->packet.size <= longest) return false;
    whole.resize(v->packet.size);
    if (whole[0] >> 4 == 4 && whole[6] & dont_fragment) {
        whole[6] &= static_cast<std::uint8_t>(~dont_fragment);
        const std::size_t header_octets = (whole[0] & 15u) * 4u;
        whole[10] = whole[11] = 0;
        const std::uint16_t sum = packet::internet_checksum({whole.data(), header_octets});
        whole[10] = static_cast<std::uint8_t>(sum >> 8);
        whole[11] = static_cast<std::uint8_t>(sum);
    }
    std::vector<bytes> parts;
    if (packet::fragment({whole.data(), whole.size()}, longest, identification, parts) != packet::fragment_result::fragmented) return false;
    for (const bytes& part : parts) {
        const ref<frame> f = frame::make();
        f->data.assign(result.frame->data.begin(), result.frame->data.begin() + packet::ethernet_header);
        f->data.insert(f->data.end(), part.begin(), part.end());
        packet::pad_to_minimum(f->data);
        packet::append_lazy_fcs(*f);
        pieces.push_back(result);
        pieces.back().frame = frame_ref(f);
        receive_record& r = pieces.back().record;
        r.flags = static_cast<std::uint8_t>((r.flags & ~(checksums_checked | checksums_good)) | was_cut);
    }
    return true;
}

}  // namespace nicteam::offload
