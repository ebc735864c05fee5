#include "team/monitors/between_members.h"

#include <algorithm>

#include "nicteam/packet/ethernet.h"

namespace nicteam::team {
namespace {

constexpr std::size_t team_at = packet::ethernet_header, member_at = team_at + 6, sequence_at = member_at + 1, needed = sequence_at + 4;

}  // namespace

std::optional<between_members> between_members::parse(packet::octets f, std::uint16_t ether_type) {
    if (f.size < needed || packet::get16(f.data + 12) != ether_type) return {};
    between_members b;
    std::copy_n(f.data + team_at, 6, b.team.begin());
    b.member = f[member_at];
    b.sequence = packet::get32(f.data + sequence_at);
    return b;
}

std::vector<std::uint8_t> between_members::frame(std::uint16_t ether_type, const mac_address& to, const mac_address& from) const {
    std::vector<std::uint8_t> out;
    packet::append_ethernet(out, to, from, ether_type);
    out.insert(out.end(), team.begin(), team.end());
    out.push_back(member);
    out.resize(out.size() + 4);
    packet::put32(out.data() + sequence_at, sequence);
    packet::pad_to_minimum(out);
    return out;
}

}  // namespace nicteam::team
