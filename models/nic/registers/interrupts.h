// STAT/ACK byte, mask byte and INTA# (SDM 6.3.1, 8.1). INTA# is level: low while an unmasked cause is set and M is 0.
#pragma once

#include <cstdint>
#include <functional>

#include "nic/edged.h"
#include "nicteam/base/metrics.h"

namespace nicteam::nic {

enum cause : std::uint8_t {          // bits of STAT/ACK
    cx_cause = 0x80,                 // a command block with its I bit is done
    fr_cause = 0x40,                 // a frame was received
    cna_cause = 0x20,                // the command unit left the active state (or, CI mode, became idle)
    rnr_cause = 0x10,                // the receive unit left the ready state
    mdi_cause = 0x08,                // an MDI cycle is done
    swi_cause = 0x04,                // software asked for it
    er_cause = 0x02,                 // early receive: part of a frame is in memory
    fcp_cause = 0x01,                // a PAUSE frame was taken
};

class interrupts {
public:
    using line = std::function<void(bool, ps)>;
    // masks: bits 7:2 of byte 03h are there; an 82557 has M alone (SDM 6.3.2.2, table 14).
    void bind(line drive, counter& assertions, bool masks = true) { drive_ = std::move(drive), assertions_ = &assertions, masks_ = masks; }
    void reset(ps at);

    void raise(ps at, std::uint8_t causes);
    // CNA is held back (CID): it comes with release(), or with the next FR if that is earlier, unless dropped before.
    void hold_cna(ps at) { held_.set(at, true); }
    void release_cna(ps at);
    void drop_cna(ps at) { held_.set(at, false); }
    void acknowledge(ps at, std::uint8_t causes);          // a cause set at the same instant stays, whichever call comes first
    void write_mask(ps at, std::uint8_t v);                // byte 03h: masks 7:2, SI 1, M 0
    std::uint8_t status(ps at) const { return stat_.seen(at); }
    std::uint8_t mask(ps at) const { return mask_.seen(at); }

private:
    void update(ps at);

    edged<std::uint8_t> stat_, mask_;
    std::uint8_t fresh_ = 0;         // causes set at `fresh_at_`
    ps fresh_at_ = -1;
    edged<bool> line_{false}, held_{false};
    line drive_;
    counter* assertions_ = nullptr;
    bool masks_ = true;
};

}  // namespace nicteam::nic
