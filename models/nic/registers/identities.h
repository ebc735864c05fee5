// In what the controllers of the family differ: one line each, in identities.cpp.
#pragma once

#include <cstdint>

#include "nicteam/base/tables.h"
#include "nicteam/nic/nic.h"

namespace nicteam::nic {

struct identity_info {
    nic_identity which;
    const char* name;                    // as a scenario writes it
    std::uint8_t revision;               // of the configuration header
    std::uint8_t generation;             // registers and commands that came with a later one are not there
    bool capabilities;                   // power management, at DCh
    bool cache_line;                     // the cache line size takes 8 and 16; else it reads 0
    std::uint32_t flash_window;          // bytes
    std::uint8_t counters;               // most that a dump holds
    std::uint8_t fifo_limit_unit;        // bytes: a receive burst is asked for at (16 - v) of these
    std::uint8_t pad;                    // octet that short frames are filled with
    bool keeps_filling;                  // frames that find the receive unit not ready wait in the FIFO; else they are discarded at once
    bool static_resume;                  // the CU command
    bool pause;                          // offered by its PHY
    bool bounded;                        // its datasheet bounds rates, FIFOs and bus
};
extern const table<identity_info> identities;
const identity_info& info_of(nic_identity);

}  // namespace nicteam::nic
