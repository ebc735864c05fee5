// How a datagram leaves. It is known before a number is drawn for it or anything is spent on it, so that who sends waits until there is
// room for all of its frames.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nicteam/ipsec/databases.h"

namespace nicteam::stack {

enum class fate : std::uint8_t { goes, discarded, no_policy, not_here, too_long, expired, exhausted, refused };

struct way_out {
    stack::fate fate = stack::fate::goes;
    const ipsec::policy* policy = nullptr;     // that protects it; null: as it is
    std::size_t piece = 0;                     // octets at most of what it is cut into; 0: whole
    unsigned first = 0;                        // of the policy's associations: put on before it is cut
    unsigned frames = 1;
    bool instead = false;                      // the CPU does what the adapter cannot now
    bool by_ring = false;                      // a ring puts the outermost association on: nor can a device then
    bool six = false;                          // it is IPv6, whatever will stand outside
    bool by_cpu = false;                       // cut or protected by the CPU: no device can insert checksums in it
};

// Pieces of at most `piece` octets that a datagram of `octets` is cut into: without options; of IPv6 each has a fragment header.
constexpr unsigned pieces_of(std::size_t octets, std::size_t piece, bool six = false) {
    constexpr std::size_t unit = 8, fragment_header = 8;
    const std::size_t header = six ? 40 : 20, in_each = six ? header + fragment_header : header;
    const std::size_t payload = octets - header, room = piece - in_each, step = room / unit * unit;
    return octets <= piece ? 1 : 1 + static_cast<unsigned>((payload - room + step - 1) / step);
}

}  // namespace nicteam::stack
