// Extended receive frame descriptors of the 82550: VLAN tag, parser status, checksum status (docs/nic-82550.md).
#include "nic/receive/receive_unit.h"

#include <algorithm>

#include "nic/packet_headers.h"
#include "nic/receive/packet_parser.h"

namespace nicteam::nic {
namespace {

// From the extension's first byte on; what is not named stays 0: a reserved byte, security status, zero copy status.
constexpr unsigned tag_at = 0, tag_octets = 2, parser_at = 2, checksum_at = 6;

}  // namespace

void receive_unit::describe(const receive_path::arrival& a) {
    std::fill(std::begin(extension_), std::end(extension_), std::uint8_t{0});
    const bytes& d = (a.arrived ? a.arrived : a.data)->data;
    const packet::octets whole(d.data(), d.size() - std::min<std::size_t>(d.size(), path_.current().fcs_octets));
    if (has_vlan_tag(whole)) {
        status_ |= rfd_vlan;
        std::copy_n(d.begin() + vlan_tag_at + tag_octets, tag_octets, extension_ + tag_at);      // in wire order
    }
    // A frame with an error of the MAC's is not parsed; one that found no room in memory is.
    if (!receiver_.form().parser || status_ & (rfd_overrun | rfd_short | rfd_crc)) return;
    const parsed_packet p = parsed_packet::of(whole);
    if (!p.ok()) return;
    status_ |= rfd_parsed;
    extension_[parser_at] = p.parser;
    extension_[checksum_at] = p.checksum;
    (p.bad_checksum() ? chip_.count.rx_bad_checksums : chip_.count.rx_checksums).add();
}

}  // namespace nicteam::nic
