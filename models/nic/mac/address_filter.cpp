#include "nic/mac/address_filter.h"

#include <algorithm>

#include "nicteam/packet/fcs.h"

namespace nicteam::nic {
namespace {

constexpr std::uint8_t group_bit = 1, universal_local_bit = 2;       // of the first octet, IEEE 802 8.2

std::uint64_t hash_bit(const std::uint8_t* address) {
    packet::mac_address a;
    std::copy(address, address + 6, a.begin());
    return std::uint64_t{1} << packet::multicast_hash(a);
}

}  // namespace

void address_filter::add_multicast(const std::uint8_t* address) { hash_ |= hash_bit(address); }

bool address_filter::is_individual(const std::uint8_t* d, const configuration& c) const {
    const std::uint8_t ignored = c.get(field::ignore_universal_local) ? universal_local_bit : 0;
    if (((individual_[0] ^ d[0]) & ~ignored) == 0 && std::equal(individual_.begin() + 1, individual_.end(), d + 1)) return true;
    return c.get(field::multiple_addresses) && !(d[0] & group_bit) && (hash_ & hash_bit(d));
}

address_match address_filter::match(const std::uint8_t* d, const configuration& c) const {
    if (is_individual(d, c)) return address_match::individual;
    const bool broadcast = std::all_of(d, d + 6, [](std::uint8_t b) { return b == 0xFF; });
    if (broadcast) {
        if (!c.get(field::broadcast_disable)) return address_match::broadcast;
    } else if (d[0] & group_bit) {
        if (c.get(field::multicast_all) || (hash_ && (hash_ & hash_bit(d)))) return address_match::multicast;
    }
    return c.get(field::promiscuous) ? address_match::promiscuous : address_match::none;
}

}  // namespace nicteam::nic
