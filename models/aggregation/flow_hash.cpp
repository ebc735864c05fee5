#include "nicteam/aggregation/flow_hash.h"

#include "aggregation/flow_fields.h"
#include "nicteam/packet/ethernet.h"

namespace nicteam::aggregation {
namespace {

std::uint32_t layer2(packet::octets f) { return f[5] ^ f[11] ^ network_header_of(f).ether_type; }

std::uint32_t vlan_srcmac(packet::octets f) {
    const std::uint32_t upper = std::uint32_t{f[6]} << 16 | packet::get16(f.data + 7), lower = std::uint32_t{f[9]} << 16 | packet::get16(f.data + 10);
    const bool tagged = packet::get16(f.data + 12) == packet::ether_type::vlan && f.size >= 16;
    return upper ^ lower ^ (tagged ? packet::get16(f.data + 14) & 0xFFF : 0);
}

}  // namespace

std::uint32_t flow_hash(hash_policy policy, packet::octets frame) {
    if (policy == hash_policy::vlan_srcmac) return vlan_srcmac(frame);
    if (policy == hash_policy::layer2) return layer2(frame);
    const bool inner = policy == hash_policy::encap2_3 || policy == hash_policy::encap3_4;
    const bool with_ports = policy == hash_policy::layer3_4 || policy == hash_policy::encap3_4;
    const std::optional<flow_fields> f = flow_fields_of(frame, inner);
    if (!f) return layer2(frame);
    std::uint32_t h = (with_ports ? f->ports : layer2(frame)) ^ f->source ^ f->destination;
    h ^= h >> 16;
    h ^= h >> 8;
    return with_ports ? h >> 1 : h;                            // ports are often even
}

}  // namespace nicteam::aggregation
