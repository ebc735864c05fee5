#include "nicteam/bounds/pause.h"

#include <algorithm>

#include "nicteam/bounds/ethernet.h"

namespace nicteam::bounds {
namespace {

constexpr std::int64_t fcs = 4, control = 64;        // octets
constexpr std::int64_t crossing = 2;                 // octet edges from the request to the earliest begin of the PAUSE frame
constexpr std::int64_t address_known = 13;           // octets from a frame's first to the last of its address
constexpr std::int64_t preamble = preamble_octets, gap = gap_octets;

}  // namespace

std::uint64_t pause_headroom(const pause_link& l) {
    const std::int64_t length = l.incoming, period = length + preamble + gap, data = length - fcs;
    // From the request to the last octet of the PAUSE frame: at once, or behind a frame that began one edge before it could.
    const std::int64_t said = l.outgoing ? crossing - 1 + preamble + l.outgoing - 1 + 1 + gap + preamble + control - 1 : crossing + preamble + control - 1;
    const ps window = (said + l.response) * l.octet + 2 * l.delay;     // frames that arrive with their first octet before that still come
    // The request falls on the first byte of a frame, which is heard with the address, and as many frames as may follow.
    const std::int64_t n = (address_known * l.octet + window - 1) / (period * l.octet);
    const std::int64_t at_first = data - 1 + n * data;
    // Or on the first byte for which one more does.
    const std::int64_t byte = ((n + 1) * period * l.octet - (preamble + fcs) * l.octet - window) / l.octet + 1;
    const std::int64_t with_one_more = byte < data ? data - 1 - byte + (n + 1) * data : 0;
    return static_cast<std::uint64_t>(std::max(at_first, with_one_more));
}

}  // namespace nicteam::bounds
