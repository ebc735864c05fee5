// What a device tells its host of a received packet that IPsec had to do with: a record behind the packet's data in memory. Format of
// our own: for each association that was taken off, the outermost first, 16 octets {index, generation of its handle, sequence number},
// little endian; then 4 octets {verdict, reason, flags, number of associations}. So its length is known from its end.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/state/handle.h"

namespace nicteam::offload {

enum class verdict : std::uint8_t {
    plain = 0,            // nothing of IPsec on it
    verified = 1,         // all of it taken off, and good
    fragment = 2,         // of an encrypted datagram: whoever puts it together decrypts it
    no_association = 3,   // encrypted still: the device knows no such association
    refused = 4,          // encrypted still; the reason is an ipsec::passage or, above 63, 64 + an ipsec::outcome
    engines_failed = 5,   // encrypted still: the device could not work on it
};

enum receive_flag : std::uint8_t {
    was_reassembled = 0x01, was_fed_back = 0x02,
    was_cut = 0x10,                                       // a fragment of what was too long for a receive buffer
    checksums_checked = 0x04, checksums_good = 0x08,      // IPv4 header and TCP, UDP or ICMP
};

struct receive_record {
    struct taken_off {
        state::handle association;
        std::uint64_t sequence = 0;
    };
    static constexpr std::size_t tail = 4, entry = 16;

    offload::verdict verdict = verdict::plain;
    std::uint8_t reason = 0, flags = 0;
    std::vector<taken_off> associations;

    std::size_t octets() const { return tail + entry * associations.size(); }
    void append_to(bytes&) const;
};

}  // namespace nicteam::offload
