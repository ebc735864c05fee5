// The command blocks of a nic with the crypto block, 32 octets each, little endian; our own design (docs/crypto-face.md). Where a field of
// an 82559's transmit block does the same, it is in the same place.
#pragma once

#include <cstdint>

#include "nic/octets.h"
#include "nicteam/state/handle.h"

namespace nicteam::nic {

inline std::uint64_t get64(const std::uint8_t* b) { return get32(b) | std::uint64_t{get32(b + 4)} << 32; }

// Transmit through the block, code 10. At 8 the address of the TBD array, at 15 the number of its TBDs: at least one, none inside.
struct crypto_command {
    static constexpr unsigned flags_at = 12, reserved_at = 14, index_at = 16, generation_at = 20, sequence_at = 24;
    enum flag : unsigned { protects = 1, inserts_checksums = 2 };
    // In the status word, when OK is 0: bits 4:0 the reason, 11:8 the verdict of the one face.
    static constexpr unsigned verdict_shift = 8;

    bool known = true;                   // nothing is set that is not there
    bool protect = false, checksums = false;
    state::handle association;
    std::uint64_t sequence = 0;          // 0: the next one of what is lent

    static crypto_command of(const std::uint8_t* b) {
        crypto_command c;
        const unsigned flags = get16(b + flags_at);
        c.protect = flags & protects;
        c.checksums = flags & inserts_checksums;
        c.association = {get32(b + index_at), get32(b + generation_at)};
        c.sequence = get64(b + sequence_at);
        c.known = flags < 4 && b[reserved_at] == 0 && (c.protect || (c.association == state::handle{} && c.sequence == 0));
        return c;
    }
};

// Lend, code 11: sequence numbers [first, last].
struct lend_command {
    static constexpr unsigned first_at = 8, index_at = 16, generation_at = 20, last_at = 24;
    state::handle association;
    std::uint64_t first = 0, last = 0;
    static lend_command of(const std::uint8_t* b) { return {{get32(b + index_at), get32(b + generation_at)}, get64(b + first_at), get64(b + last_at)}; }
};

}  // namespace nicteam::nic
