// What the peer has by its SACK options, and what that says of the rest: RFC 2018, the functions of RFC 6675, section 4. A scoreboard is a
// list of blocks in the connection's DELEGATED state: ascending, not touching each other, all between SND.UNA and SND.MAX.
#pragma once

#include <optional>
#include <vector>

#include "nicteam/tcp/options.h"

namespace nicteam::tcp::scoreboard {

using blocks = std::vector<sack_block>;
constexpr unsigned duplicates_of_a_loss = 3;         // DupThresh
constexpr std::size_t most_blocks = 128;             // a peer that makes more is not followed: less is known, nothing is wrong

// true: it says what was not known. A block that is none, or not within what is outstanding, says nothing.
bool note(blocks&, sack_block, sequence una, sequence max);
void forget_before(blocks&, sequence una);

std::uint32_t octets(const blocks&);
std::uint32_t octets_before(const blocks&, sequence);
// The first octet from `at` on that the peer is not known to have.
sequence skip(const blocks&, sequence at);
// Where the next block begins behind `at`; `otherwise` if none does.
sequence next_block(const blocks&, sequence at, sequence otherwise);

// IsLost: three blocks above it, or more than two full segments' octets.
bool is_lost(const blocks&, sequence at, std::uint32_t mss);
// SetPipe: octets believed to be under way; high_rxt: what was sent again lies before it.
std::uint32_t pipe(const blocks&, sequence una, sequence max, sequence high_rxt, std::uint32_t mss);
// NextSeg, rule 1: a lost hole not sent again yet; [begin, end). Rules 3 and 4, which send what is not known to be lost, are left out (decision 207).
std::optional<sack_block> next_lost(const blocks&, sequence una, sequence high_rxt, std::uint32_t mss);

}  // namespace nicteam::tcp::scoreboard
