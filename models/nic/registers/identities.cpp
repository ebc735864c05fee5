#include "nic/registers/identities.h"

namespace nicteam::nic {
namespace {

using i = nic_identity;

// Revisions: SDM table 3 (C step of the 82557, B of the 82558, C of the 82559, 82550). Flash window: SDM 1 MiB, DS 128 KiB.
// Counters, FIFO limit: SDM 6.4.2.3. Padding: SDM 7Eh, drivers' headers 00h from the 82558 on (docs/decisions/0008). Discarding: SDM 6.4.3.
constexpr identity_info rows[] = {
    // which, name, revision, generation, capabilities, cache line, flash, counters, FIFO unit, pad, keeps filling, static resume, pause, bounded
    {i::i82557, "82557", 0x03, 0, false, false, 0x100000, 16, 4, 0x7E, false, false, false, true},
    {i::i82558, "82558", 0x05, 1, true, true, 0x100000, 19, 8, 0x00, true, true, false, true},
    {i::i82559, "82559", 0x08, 2, true, true, 0x20000, 20, 8, 0x00, true, true, true, true},
    {i::i82550, "82550", 0x0C, 3, true, true, 0x20000, 20, 8, 0x00, true, true, true, true},
    {i::extended, "extended", 0x08, 2, true, true, 0x20000, 20, 8, 0x00, true, true, true, false},
};

}  // namespace

const table<identity_info> identities = rows;

const identity_info& info_of(nic_identity w) { return rows[static_cast<unsigned>(w)]; }

}  // namespace nicteam::nic
