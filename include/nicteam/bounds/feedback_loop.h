// The feedback loop of the crypto block in closed form: source document 004, FIG. 4; docs/crypto-block.md. And what ESP makes of an MTU.
#pragma once

#include <cstdint>

#include "nicteam/bounds/fraction.h"

namespace nicteam::bounds {

// Octets that pass input 124 of IPsec logic 21a for one datagram of `datagram` octets, IP header included, each packet with `framing`
// octets around it: whole, or cut to `pieces` behind its encryption, when it passes piece by piece, each with a header of 20 octets of its own
// (IPv4), and once more as a whole.
std::int64_t octets_at_124(std::int64_t datagram, std::int64_t pieces, std::int64_t framing = 0);

// What is left of input 124 for datagrams when the part `cut` of them was cut to `pieces`: 1 / (1 + f (1 + 20 (k - 1) / L)) without framing.
fraction share_of_124(fraction cut, std::int64_t datagram, std::int64_t pieces, std::int64_t framing = 0);

// Octets of buffer 142 that lose nothing, when the last pieces of `datagrams` datagrams of `datagram` octets arrive back to back: with feedback first
// all of them go round before the next frame is taken, else one. `wire` and `block`: octets per second of the wire and of input 124.
std::int64_t buffer_142(std::int64_t datagrams, std::int64_t datagram, std::int64_t frame, fraction wire, fraction block, bool feedback_first = true);

// Whether the loop keeps up for good: what is left of input 124 for datagrams when `cut` of them come in pieces carries what the wire brings.
bool keeps_up(fraction wire, fraction block, fraction cut, std::int64_t datagram, std::int64_t pieces, std::int64_t framing = 0);

// Datagrams that buffer 140 holds at most, when the last pieces of so many arrive back to back: with feedback first nothing more is taken, and those pieces
// complete that are in 21a already, while one datagram passes; with feedforward first all wait.
constexpr std::int64_t buffer_140(std::int64_t datagrams, bool feedback_first, std::int64_t places_in_21a) {
    return feedback_first && places_in_21a + 1 < datagrams ? places_in_21a + 1 : datagrams;
}

// Octets of buffer 142 at most while nothing was cut and the block is as fast as the wire: one frame comes while the one before leaves, whose room is
// free with its last word.
constexpr std::int64_t buffer_142_uncut(std::int64_t frame) { return 2 * frame; }

// Times that the octets of a datagram cross the bus into memory or out of it, on average: once, but `cut` of them thrice when the host puts the
// pieces together and sends them back to be decrypted (source document 004, FIG. 7); never more than once with the feedback path.
inline fraction bus_crossings(fraction cut, bool feedback_path) {
    return feedback_path ? fraction{1, 1} : fraction{cut.denominator + 2 * cut.numerator, cut.denominator};
}

// Whether the loop 21a, 22b, 140 can lock up: never when something is dropped at 140 or the bubble rule holds; else unless what is fed
// back goes first and buffer 140 has a place. Over the transmit path 152 what comes back takes no place of what comes forward: going first is no help.
constexpr bool may_lock_up(bool drops_at_140, bool bubble_rule, bool feedback_first, unsigned places_in_140, bool over_152 = false) {
    return !drops_at_140 && !bubble_rule && !(feedback_first && places_in_140 > 0 && !over_152);
}

// From the take to the last word seen, of a packet of `octets` over a lane between two chips whose clock has the block's edges: `latency` clocks, a word
// each, and the crossing. ps.
constexpr std::int64_t over_link(std::int64_t octets, std::int64_t word_octets, std::int64_t latency, std::int64_t crossing, std::int64_t period_ps) {
    return (latency + (octets + word_octets - 1) / word_octets + crossing) * period_ps;
}

// Per second, of a packet that takes so many clocks of the cipher and of the hash: side by side the slower, in series both.
fraction engine_packet_rate(std::int64_t cipher_clocks, std::int64_t authentication_clocks, bool chained, std::int64_t period_ps);

// The largest packet that ESP in tunnel mode takes without being cut at `mtu`, IPv4 outside (RFC 4303, 2): outer header, SPI and sequence number,
// IV, whole blocks that end with two octets of trailer, ICV.
std::int64_t largest_in_tunnel(std::int64_t mtu, std::int64_t iv, std::int64_t block, std::int64_t icv);

}  // namespace nicteam::bounds
